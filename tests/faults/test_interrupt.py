"""Ctrl-C while a model trains: prompt, whole steps only, and the next fit works."""

from __future__ import annotations

import pytest

from tests.faults.process import run

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="needs POSIX signals")
SOON = 1.0  # 0.02 s on a quiet machine


def test_in_the_main_thread_and_once_more(tmp_path):
    out = run(
        """
        model, pressed = net(), []
        def press():
            pressed.append(time.perf_counter())
            os.kill(os.getpid(), signal.SIGINT)
        when_training(model, press)
        try:
            model.fit(X, Y, epochs=10**6, shuffle=False, verbose=0)
        except KeyboardInterrupt:
            late = time.perf_counter() - pressed[0]
        weights, steps = model.get_weights(), int(model.optimizer.iterations)
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt:
            pass
        assert all(np.array_equal(a, b) for a, b in zip(weights, model.get_weights()))
        # As many steps from the same start give the same weights: no step was done by halves.
        epochs, rest = divmod(steps, 125)
        same = net()
        same.fit(X, Y, epochs=epochs, shuffle=False, verbose=0)
        if rest:
            same.fit(X[: 32 * rest], Y[: 32 * rest], shuffle=False, verbose=0)
        assert all(np.array_equal(a, b) for a, b in zip(weights, same.get_weights()))
        assert len(model.history.epoch) in (epochs, epochs - (rest == 0))
        assert list(model.fit(X, Y, verbose=0).history) == ["accuracy", "loss"]
        print(late)
        """,
        tmp_path,
    )
    assert float(out) < SOON


def test_while_a_worker_thread_trains(tmp_path):
    out = run(
        """
        model, pressed = net(), []
        def press():
            pressed.append(time.perf_counter())
            os.kill(os.getpid(), signal.SIGINT)
        worker = threading.Thread(daemon=True, target=model.fit, args=(X, Y),
                                  kwargs={"epochs": 10**6, "verbose": 0})
        worker.start()
        when_training(model, press)
        try:
            while True:
                time.sleep(0.001)
        except KeyboardInterrupt:
            late = time.perf_counter() - pressed[0]
        assert worker.is_alive()
        model.stop_training = True
        worker.join(60)
        assert not worker.is_alive()
        assert len(model.history.epoch) == len(model.history.history["loss"])
        model.fit(X, Y, verbose=0)
        print(late)
        """,
        tmp_path,
    )
    assert float(out) < SOON
