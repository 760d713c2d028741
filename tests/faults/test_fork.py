"""Children of a process that has trained: they train too, and nobody hangs."""

from __future__ import annotations

import pytest

from tests.faults.process import run

pytestmark = pytest.mark.skipif("not hasattr(os, 'fork')", reason="needs fork")
FORK = """
def in_child(work):
    # Fork, run `work` there, and return its exit code; a child that hangs is an error.
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    for _ in range(600):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    return "hangs"
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_a_child_trains_as_its_parent_would(tmp_path, threads):
    run(
        FORK
        + """
model = net(200)
model.fit(X, Y, verbose=0)
before = model.get_weights()

def work():
    model.fit(X, Y, verbose=0)
    np.savez("child.npz", *model.get_weights())
    net(30).fit(X, Y, verbose=0)

assert in_child(work) == 0
assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights()))
keras.utils.set_random_seed(1)
model.fit(X, Y, verbose=0)
assert model.predict(X[:3], verbose=0).shape == (3, 3)
""",
        tmp_path,
        RANVIER_THREADS=str(threads),
    )


def test_a_child_born_while_its_parent_trains(tmp_path):
    run(
        FORK
        + """
model = net(200)
trains = threading.Thread(daemon=True, target=model.fit, args=(X, Y),
                          kwargs={"epochs": 10**6, "verbose": 0})
trains.start()
while model.history is None or len(model.history.epoch) < 2:
    time.sleep(0.01)
for _ in range(3):
    assert in_child(lambda: net(200).fit(X, Y, verbose=0)) == 0
model.stop_training = True
trains.join()
""",
        tmp_path,
    )


def test_a_child_born_while_a_model_of_many_is_made(tmp_path):
    run(
        FORK
        + """
from ranvier import learn

inside, done = threading.Event(), threading.Event()

def slow():
    inside.set()
    done.wait(60)
    return net(8)

def cross_validated(build):
    return learn.cross_validate(build, X[:300], Y[:300], cv=2, epochs=1, seed=0, verbose=0)

other = threading.Thread(target=cross_validated, args=(slow,))
other.start()
assert inside.wait(60)
assert in_child(lambda: cross_validated(lambda: net(8))) == 0
done.set()
other.join()
""",
        tmp_path,
    )


def test_pools_of_processes_and_of_threads(tmp_path):
    run(
        """
import multiprocessing

model = net(200)
model.fit(X, Y, verbose=0)
alone = loss_of(model)

def work(index):
    model = net(200)
    model.fit(X, Y, verbose=0)
    return loss_of(model)

with multiprocessing.get_context("fork").Pool(2) as pool:
    assert pool.map(work, range(3)) == [alone] * 3
""",
        tmp_path,
    )
