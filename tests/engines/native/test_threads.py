"""The same bits at any number of threads, in any company, and after sharing ended early."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier.engines.native import NativeEngine, choice, make, share
from ranvier.engines.native import program as native_program
from ranvier.engines.native.choice import Choice, Record
from ranvier.engines.native.threads import Pool
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING, set_threads
from ranvier.graph import Graph
from ranvier.optimizers import SGD, Adam
from tests.engines.nets import Net
from tests.engines.run import Numbers, close, run_from, same_bits, starts

ROOT = Path(__file__).resolve().parents[3]

#: Its kernels are large enough to be shared; every size is no multiple of a vector.
LARGE = (785, 101, 11)


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    before = SETTING.threads
    yield
    set_threads(before)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use all threads that may be used, even for short calls."""
    monkeypatch.setattr(Choice, "pick", lambda self, most, steps: most)


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile anew: nothing from disk or from another test."""
    monkeypatch.setenv("RANVIER_CACHE", "off")
    monkeypatch.setattr(native_program, "_CODE", type(native_program._CODE)())


def trained(net: Net, graph: Graph, count: int, rows: int = 100, batch: int = 32) -> Numbers:
    """Return loss and variables after one pass over some rows on `count` threads."""
    set_threads(count)
    program = NativeEngine().compile(graph, batch)
    order = np.random.default_rng(2).permutation(rows).astype(np.int64)
    return run_from(starts(graph), program, graph, net.data(rows), order, batch)


@pytest.mark.parametrize(
    ("make", "dropout"), [(SGD, 0.0), (lambda: Adam(global_clipnorm=1.0), 0.3)], ids=["sgd", "adam"]
)
def test_training_has_the_same_bits_on_1_2_and_3_threads(
    make: Any, dropout: float, always: None
) -> None:
    found = []
    for count in (1, 2, 3):
        net = Net(LARGE, make, dropout)
        found.append(trained(net, net.train(), count))
    same_bits(found[1], found[0])
    same_bits(found[2], found[0])
    net = Net(LARGE, make, dropout)
    reference = ReferenceEngine().compile(net.train(), 32)
    order = np.random.default_rng(2).permutation(100).astype(np.int64)
    graph = reference.graph
    close(run_from(starts(graph), reference, graph, net.data(100), order, 32), found[0], 2e-4)


def test_one_call_or_many_have_the_same_bits(always: None) -> None:
    """Chunks of a fit end where they like; batches stay what they are."""
    whole = Net(LARGE, Adam, 0.3)
    want = trained(whole, whole.train(), 2)[1:]
    pieces = Net(LARGE, Adam, 0.3)
    graph = pieces.train()
    program = NativeEngine().compile(graph, 32)
    order = np.random.default_rng(2).permutation(100).astype(np.int64)
    for first, end in ((0, 64), (64, 96), (96, 100)):
        program.run(pieces.data(100), order[first:end], 32)
    same_bits(starts(graph), want)


@pytest.mark.parametrize("patience", [-1, 0])
def test_sharing_that_ends_early_goes_on_and_finishes(
    patience: int, always: None, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = Net(LARGE)
    want = trained(net, net.train(), 1)
    native_program._CODE.clear()
    monkeypatch.setattr(share, "_PATIENCE", patience)
    net = Net(LARGE)
    same_bits(trained(net, net.train(), 2), want)


def test_rows_of_results_stay_in_place_when_sharing_ends_early(
    always: None, fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "_PATIENCE", -1)
    net = Net(LARGE)
    graph = net.predict()
    order = np.arange(100)
    found = []
    for count in (1, 2):
        set_threads(count)
        program = NativeEngine().compile(graph, 8)
        assert program.layout.shared
        out = np.zeros((100, 11), np.float32)
        program.run(net.data(100)[:1], order, 8, [out])
        found.append(out)
    assert found[0].tobytes() == found[1].tobytes()


def test_models_with_the_same_code_know_which_threads_pay(fresh: None) -> None:
    set_threads(2)
    first, second, other = (
        NativeEngine().compile(Net(LARGE, **words).train(), 32)
        for words in ({}, {}, {"dropout": 0.3})
    )
    first.run(Net(LARGE).data(100), np.arange(100), 32)
    assert first._choice is second._choice and second._choice._records
    assert not other._choice._records


def test_one_thread_takes_over_where_a_core_is_busy(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "_PATIENCE", -1)
    monkeypatch.setattr(choice, "_SHORT", 0.0)
    net = Net(LARGE)
    graph = net.train()
    set_threads(2)
    program = NativeEngine().compile(graph, 32)
    for _ in range(3):
        program.run(net.data(100), np.arange(100), 32)
    assert 2 not in program._choice._records
    assert program._choice._strikes > 0
    assert float(net.total) > 0
    other = Net(LARGE)
    graph = other.train()
    set_threads(1)
    program = NativeEngine().compile(graph, 32)
    for _ in range(3):
        program.run(other.data(100), np.arange(100), 32)
    same_bits(starts(graph), [v.numpy() for v in graph.variables])
    assert float(other.total) == float(net.total)


def test_two_python_threads_train_two_models_as_if_alone(always: None) -> None:
    solo = []
    for seed in (1, 2):
        net = Net(LARGE, Adam, seed=seed)
        solo.append(trained(net, net.train(), 2, rows=320))
    found: dict[int, Numbers] = {}

    def work(seed: int) -> None:
        net = Net(LARGE, Adam, seed=seed)
        graph = net.train()
        program = NativeEngine().compile(graph, 32)
        order = np.random.default_rng(2).permutation(320).astype(np.int64)
        found[seed] = run_from(starts(graph), program, graph, net.data(320), order, 32)

    set_threads(2)
    workers = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    same_bits(found[1], solo[0])
    same_bits(found[2], solo[1])


@pytest.mark.parametrize("sizes", [((5, 3, 2), (5, 4, 2)), ((5, 3, 2), (5, 3, 2))])
def test_different_code_is_made_at_the_same_time_and_equal_code_once(
    sizes: tuple[tuple[int, ...], ...], fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_step, made = make.make_step, []
    different = len(set(sizes))
    meeting = threading.Barrier(different)

    def watched(*arguments: Any) -> Any:
        meeting.wait(60)
        made.append(arguments)
        return make_step(*arguments)

    monkeypatch.setattr(make, "make_step", watched)
    monkeypatch.setenv("RANVIER_CACHE", "off")
    programs: list[Any] = []
    threads = [
        threading.Thread(target=lambda g=g: programs.append(NativeEngine().compile(g, 4)))
        for g in [Net(s).train() for s in sizes]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(programs) == 2 and len(made) == different
    assert len({id(p._code) for p in programs}) == different
    assert not native_program._MAKING


def test_code_that_could_not_be_made_is_made_the_next_time(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise MemoryError

    graph = Net((5, 3, 2)).train()
    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(make, "make_step", failing)
        patch.setenv("RANVIER_CACHE", "off")
        NativeEngine().compile(graph, 4)
    assert NativeEngine().compile(graph, 4)


def test_one_program_run_by_two_python_threads_takes_turns(always: None) -> None:
    net = Net(LARGE)
    graph = net.predict()
    program = NativeEngine().compile(graph, 32)
    x = net.data(320)[0]
    want = run_from(starts(graph), program, graph, [x], np.arange(320), 32)[0]
    found = [np.zeros_like(want), np.zeros_like(want)]
    workers = [
        threading.Thread(target=lambda out=out: [
            program.run([x], np.arange(320), 32, [out]) for _ in range(5)])
        for out in found
    ]  # fmt: skip
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    assert all(out.tobytes() == want.tobytes() for out in found)


# --- the pool -------------------------------------------------------------------------------------
def test_an_interrupt_before_the_first_thread_began_leaves_nobody_waiting() -> None:
    pool, begun = Pool(), threading.Event()
    calls: list[int] = []

    def job(number: int) -> None:
        if number:
            assert begun.wait(20)
            return
        calls.append(number)
        if len(calls) == 1:
            raise KeyboardInterrupt
        begun.set()

    with pytest.raises(KeyboardInterrupt):
        pool.run(job, 2)
    done = []
    assert pool.run(done.append, 3)
    assert sorted(done) == [0, 1, 2]


def test_an_interrupted_program_can_go_on(always: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_threads(2)
    net = Net(LARGE)
    graph = net.train()
    program = NativeEngine().compile(graph, 32)
    want = starts(graph)
    routine, interrupts = program._run, [1]

    def interrupted(*arguments: int) -> None:
        if arguments[3] == 0 and interrupts:
            interrupts.pop()
            raise KeyboardInterrupt
        routine(*arguments)

    program._run = interrupted  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        program.run(net.data(100), np.arange(100), 32)
    program._run = routine
    found = run_from(want, program, graph, net.data(100), np.arange(100), 32)
    fresh_net = Net(LARGE)
    again = fresh_net.train()
    other = NativeEngine().compile(again, 32)
    same_bits(run_from(starts(again), other, again, net.data(100), np.arange(100), 32), found)


def test_a_busy_pool_is_left_alone() -> None:
    pool = Pool()
    inner: list[bool] = []
    assert pool.run(lambda n: inner.append(pool.run(lambda m: None, 2)) if n == 0 else None, 2)
    assert inner == [False]


def knowing(costs: dict[int, float], steps: int = 1000) -> Choice:
    chooser = Choice()
    chooser._records.update({count: Record(cost, steps) for count, cost in costs.items()})
    return chooser


@pytest.mark.parametrize(
    ("costs", "steps", "picked"),
    [
        ({}, 1000, 1),
        ({1: 1e-6}, 10, 1),
        ({1: 1e-4}, 1000, 2),
        ({1: 1e-4, 2: 6e-5}, 1000, 2),
        ({1: 1e-4, 2: 2e-4}, 1000, 1),
    ],
    ids=["nothing known", "too short", "two not tried", "two faster", "two slower"],
)
def test_choice(costs: dict[int, float], steps: int, picked: int) -> None:
    assert knowing(costs).pick(2, steps) == picked
    assert knowing(costs).pick(1, steps) == 1


def test_the_other_number_of_threads_is_tried_again_and_less_often_where_it_loses() -> None:
    chooser = knowing({1: 1e-4, 2: 3e-4})
    picks = []
    for _ in range(200):
        picks.append(chooser.pick(2, 1000))
        chooser.learn(picks[-1], picks[-1] * picks[-1] * 0.1, 1000)
    assert [i for i, count in enumerate(picks) if count == 2] == [9, 29, 69, 149]
    for _ in range(5):
        chooser.learn(1, 1.0, 1000)
    picks = [chooser.pick(2, 1000) for _ in range(10)]
    assert picks == [2] * 9 + [1]


def test_short_calls_tell_nothing_of_long_ones() -> None:
    """Two threads lose in the first steps of a fit, and win afterwards."""
    chooser = Choice()
    cost = {1: 1e-4, 2: 6e-5}
    for _ in range(3):  # fits
        picks = []
        for steps in (4, 16, 64, 256, *[250] * 6):
            picks.append(chooser.pick(2, steps))
            chooser.learn(picks[-1], cost[picks[-1]] * steps + picks[-1] ** 2 * 1e-3, steps)
    assert picks[4:].count(2) >= 5


def test_sharing_rests_longer_each_time_a_core_is_busy() -> None:
    chooser = knowing({1: 1e-4, 2: 6e-5})
    chooser._left = 1000  # one thread is not tried again meanwhile
    rests = []
    for _ in range(5):
        chooser.avoid()
        picks = [chooser.pick(2, 1000) for _ in range(70)]
        rests.append(picks.index(2))
    assert rests == [1, 4, 16, 64, 64]
    chooser.learn(2, 0.06, 1000)
    chooser.avoid()
    assert [chooser.pick(2, 1000) for _ in range(2)] == [1, 2]


# --- processes ------------------------------------------------------------------------------------
SCRIPT = """
import os, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
from ranvier.engines import set_threads
from ranvier.engines.native import NativeEngine
from ranvier.engines.native.choice import Choice
from tests.engines.nets import Net
Choice.pick = lambda self, most, steps: most
set_threads(2)

def train():
    net = Net((785, 101, 11))
    program = NativeEngine().compile(net.train(), 32)
    assert program.layout.shared
    program.run(net.data(100), np.arange(100), 32)
    return b"".join(w.numpy().tobytes() for w in net.weights)

first = train()
if sys.argv[1] == "fork":
    child = os.fork()
    if child == 0:
        os._exit(0 if train() == first and train() == first else 3)
    same = train() == first
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert same and train() == first
print("done")
"""


@pytest.mark.parametrize("what", ["exit", "fork"])
def test_processes_end_cleanly(what: str) -> None:
    if what == "fork" and not hasattr(__import__("os"), "fork"):
        pytest.skip("this system has no fork")
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, what], cwd=ROOT, capture_output=True, text=True,
        check=False, timeout=200,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (0, "done\n", "")
