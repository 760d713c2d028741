"""Jobs in other processes: joblib's and Dask's workers, one of them killed half-way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier import learn
from ranvier.callbacks import Callback
from ranvier.errors import ArgumentError, RanvierError, ShapeError
from ranvier.learn import apart
from tests.learn.case import made_classes, net, same_weights

X, Y = made_classes()


class KillOnce(Callback):
    """Kills the process it is in, the first time only."""

    def __init__(self, flag: Path) -> None:
        super().__init__()
        self.flag, self.home = flag, os.getpid()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch == 1 and os.getpid() != self.home:
            try:
                self.flag.touch(exist_ok=False)
            except FileExistsError:
                return
            os.kill(os.getpid(), signal.SIGKILL)


def validated(**change: Any) -> Any:
    return learn.cross_validate(net, X, Y, cv=4, epochs=2, seed=7, verbose=0, **change)


@pytest.mark.slow
def test_a_process_of_joblib_is_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    flag = tmp_path / "killed"
    found = validated(n_jobs=2, backend="loky", callbacks=[KillOnce(flag)], return_models=True)
    wanted = validated(return_models=True)
    assert flag.exists()
    assert np.array_equal(found["loss"], wanted["loss"])
    assert all(map(same_weights, found.models, wanted.models))


def test_backends_that_joblib_finds_at_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib import parallel

    def register() -> None:
        monkeypatch.setitem(parallel.BACKENDS, "elsewhere", parallel.ThreadingBackend)

    monkeypatch.setitem(parallel.EXTERNAL_BACKENDS, "elsewhere", register)
    found = validated(n_jobs=2, backend="elsewhere")
    assert np.array_equal(found["loss"], validated()["loss"])


def test_a_backend_in_force_that_cannot_tell_what_is_done() -> None:
    import joblib

    with (
        joblib.parallel_config("multiprocessing", n_jobs=2),
        pytest.raises(
            ArgumentError, match="`backend`: got MultiprocessingBackend, expected 'loky'"
        ),
    ):
        validated()


@pytest.mark.slow
def test_a_worker_of_dask_is_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    import joblib

    distributed = pytest.importorskip("distributed")
    flag = tmp_path / "killed"
    space = {"units": [4, 6], "rate": learn.LogUniform(1e-3, 1e-1)}
    searched: dict[str, Any] = {"trials": 4, "epochs": 2, "seed": 1, "verbose": 0}
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as two,
        distributed.Client(two) as client,
    ):
        assert len(set(client.run(os.getpid).values()) - {os.getpid()}) == 2
        with joblib.parallel_config("dask"):
            found = validated(callbacks=[KillOnce(flag)])
            best = learn.search(net, space, X, Y, folder=tmp_path / "search", **searched)
    wanted = validated()
    assert flag.exists()
    assert np.array_equal(found["loss"], wanted["loss"])
    assert np.array_equal(found.predictions, wanted.predictions)
    alone = learn.search(net, space, X, Y, **searched)
    assert [one.history for one in best.candidates] == [one.history for one in alone.candidates]
    assert same_weights(best.best_model, alone.best_model)
    again = learn.search(net, space, X, Y, folder=tmp_path / "search", **searched)
    assert [one.value for one in again.candidates] == [one.value for one in alone.candidates]


# --- who runs what ------------------------------------------------------------------------------
def double(by: int, number: int) -> list[int]:
    return [by * number]


class BrokenProcessPool(RuntimeError):
    """Named as what joblib raises when a process is gone."""


def lossy(times: int) -> Callable[..., list[int]]:
    """Return work whose worker is lost so many times at the number 2."""
    left = [times]

    def work(by: int, number: int) -> list[int]:
        if number == 2 and left[0]:
            left[0] -= 1
            raise BrokenProcessPool
        return [by * number]

    return work


def run(work: Any, numbers: Sequence[int]) -> list[int]:
    return sorted(apart.run_apart(work, [10], numbers, apart.Jobs(1, "threading")))


def test_lost_parts_are_done_again_and_mistakes_are_not() -> None:
    assert run(double, [3, 1, 2]) == [10, 20, 30]
    assert run(lossy(2), [1, 2, 3]) == [10, 20, 30]
    with pytest.raises(BrokenProcessPool):
        run(lossy(100), [1, 2, 3])
    with pytest.raises(ZeroDivisionError):
        run(lambda by, number: [by // (number - 1)], [1, 2])


class OddError(Exception):
    """One that pickle cannot make anew."""

    def __init__(self, by: int, number: int) -> None:
        super().__init__(f"{by} and {number}")


def test_an_error_that_pickle_cannot_make_anew_breaks_no_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("copy.dispatch_table", {})  # Dask brings means for such errors

    def work(by: int, number: int) -> list[int]:
        raise OddError(by, number)

    with pytest.raises(RanvierError, match="^OddError: 10 and 2 "):
        run(work, [2])


def test_a_search_in_which_all_fail_raises_what_failed() -> None:
    def build(units: int) -> Any:
        raise ShapeError(f"{units} do not fit")

    with pytest.raises(ShapeError, match="^8 do not fit$"):
        learn.search(build, {"units": [8]}, X, Y, trials=2, n_jobs=2, backend="threading")


def test_joblib_runs_what_it_is_asked_to_run() -> None:
    import joblib

    assert apart.where(None, None, "f") is None
    assert apart.where(2, None, "f") == apart.Jobs(2, None)
    assert apart.where(None, "threading", "f") == apart.Jobs(None, "threading")
    with joblib.parallel_config("threading", n_jobs=2):
        assert apart.where(None, None, "f") == apart.Jobs(None, None)
    with joblib.parallel_config(n_jobs=2):
        assert apart.where(None, None, "f") == apart.Jobs(None, None)
    with joblib.parallel_config("sequential"):
        assert apart.where(None, None, "f") is None
