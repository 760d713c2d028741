"""Asynchronous halving: promotions as candidates end, the same on any number of threads."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import learn
from ranvier.callbacks import Callback, EarlyStopping
from ranvier.errors import ArgumentError, DataWarning
from ranvier.learn.asha import asha
from ranvier.learn.candidate import DONE, GOING
from ranvier.learn.wave import Begin, Plan
from tests.learn.case import killed, made_classes, net, same, same_weights

X, Y = made_classes(100)


def plan(trials: int, at_once: int = 1, rungs: tuple[int, ...] = (1, 3, 9)) -> Plan:
    space = learn.space.Space({"rate": learn.Uniform(0, 1)}, "search")
    return Plan(space, trials, 1, list(rungs), 3, -1.0, at_once)


def followed(of: Plan, value: Any) -> list[tuple[int, int]]:
    """Return (number, rung) as candidates begin, where `value(number, rung)` is what they reach."""
    begun = []
    for move in asha(of):
        one = move.candidate
        if isinstance(move, Begin):
            begun.append((one.number, move.rung))
        else:
            one.value = value(one.number, move.rung)
            one.state = DONE if move.rung + 1 == len(of.rungs) else GOING
    return begun


def test_one_worker_promotes_as_soon_as_a_third_is_there() -> None:
    begun = followed(plan(9), lambda number, rung: number)
    assert begun == [
        (0, 0), (1, 0), (2, 0), (0, 1), (3, 0), (4, 0), (5, 0), (1, 1), (6, 0), (7, 0), (8, 0),
        (2, 1), (0, 2),
    ]  # fmt: skip
    # Where each is better than all before, each is the best third when it ends.
    begun = followed(plan(4), lambda number, rung: -number)
    assert begun == [(0, 0), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)]


def test_a_rung_is_ranked_by_what_was_reached_in_it() -> None:
    # Candidate 0 gets worse later on; in its first rung it remains the best.
    begun = followed(plan(6), lambda number, rung: number + 100 * rung * (number == 0))
    assert begun[:5] == [(0, 0), (1, 0), (2, 0), (0, 1), (3, 0)]
    assert (1, 1) in begun and (2, 1) not in begun


def test_who_ends_first_is_settled_by_epochs() -> None:
    # Four at once: two epochs of a promotion last as long as two trainings of one epoch.
    begun = followed(plan(12, at_once=4), lambda number, rung: number)
    assert begun[:4] == [(0, 0), (1, 0), (2, 0), (3, 0)]
    assert begun[4:9] == [(4, 0), (5, 0), (0, 1), (6, 0), (7, 0)]


def test_few_candidates_still_come_to_the_end() -> None:
    assert followed(plan(2), lambda number, rung: number) == [(0, 0), (1, 0), (0, 1), (0, 2)]
    nothing = followed(plan(2), lambda number, rung: float("nan"))
    assert nothing == [(0, 0), (1, 0)]


# --- in a search --------------------------------------------------------------------------------
SPACE = {"units": [4, 6], "rate": learn.LogUniform(1e-3, 1e-1)}
ASHA: dict[str, Any] = {
    "method": "asha", "trials": 9, "epochs": 9, "seed": 1, "verbose": 0, "at_once": 4,
}  # fmt: skip


def find(**change: Any) -> Any:
    return learn.search(net, SPACE, X, Y, **{**ASHA, **change})


@pytest.fixture(scope="module")
def found() -> Any:
    return find()


def test_it_is_the_same_on_any_number_of_threads(found: Any) -> None:
    with ranvier.config.threads_at_most(1):
        one = find()
    assert same(one, found) and same_weights(one.best_model, found.best_model)
    assert len(found) == 9 and {c.epochs for c in found.candidates} == {1, 3, 9}
    assert {c.state for c in found.candidates} == {"done", "left behind"}
    halving = find(method="halving")
    for one, other in zip(found.candidates, halving.candidates, strict=True):
        shared = min(one.epochs, other.epochs)
        assert one.history["loss"][:shared] == other.history["loss"][:shared]


def test_joblib_finds_the_same(found: Any, tmp_path: Path) -> None:
    for words in ({"n_jobs": 2, "folder": tmp_path}, {"n_jobs": 1}):
        other = find(backend="threading", **words)
        assert same(other, found) and same_weights(other.best_model, found.best_model)
    trainings = sum({1: 1, 3: 2, 9: 3}[c.epochs] for c in found.candidates)
    assert (tmp_path / "records.jsonl").read_bytes().count(b"\n") == trainings


class Interrupting(Callback):
    """Raises KeyboardInterrupt after so many epochs of all candidates together."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.ended = ended

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.ended.append(epoch)
        if len(self.ended) == 12:
            raise KeyboardInterrupt


def test_ctrl_c_keeps_what_is_done_and_the_folder_goes_on(found: Any, tmp_path: Path) -> None:
    ended: list[int] = []
    with pytest.warns(DataWarning, match="interrupted"):
        part = find(folder=tmp_path, callbacks=lambda: [Interrupting(ended)])
    assert part.interrupted and 0 < len(part) <= 9
    before = (tmp_path / "records.jsonl").read_bytes()
    assert before
    whole = find(folder=tmp_path)
    assert same(whole, found) and same_weights(whole.best_model, found.best_model)
    assert (tmp_path / "records.jsonl").read_bytes().startswith(before)
    again = find(folder=tmp_path, seed=None)
    assert same(again, found) and same_weights(again.best_model, found.best_model)
    with pytest.raises(ArgumentError, match="at_once=4, but now it is 5"):
        find(folder=tmp_path, at_once=5)


class Slow(Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        time.sleep(0.05)


def test_the_budget_cuts_off() -> None:
    began = time.time()
    part = find(epochs=1000, budget=1.5, callbacks=[Slow()])
    assert time.time() - began < 20
    assert part.candidates and "cut off" in {one.state for one in part.candidates}
    assert part.best_model is not None


def test_candidates_that_stop_early_or_fail() -> None:
    stopping = [EarlyStopping("loss", patience=0, min_delta=10)]
    assert {c.state for c in find(callbacks=stopping).candidates} <= {
        "stopped early", "left behind",
    }  # fmt: skip

    def picky(units: int, rate: float) -> Any:
        if units == 6:
            raise ValueError("six is right out")
        return net(units, rate)

    with pytest.warns(DataWarning, match="candidates failed.*six is right out"):
        part = learn.search(picky, SPACE, X, Y, **ASHA)
    states = {c.params["units"]: c.state == "failed" for c in part.candidates}
    assert states == {4: False, 6: True} and part.best_params["units"] == 4
    with pytest.raises(ArgumentError, match="got 'val_mae', which is not in the logs"):
        find(objective="val_mae")
    with pytest.raises(ArgumentError, match="`at_once`: got 0"):
        find(at_once=0)


@pytest.mark.slow
def test_it_goes_on_after_a_kill_in_processes(found: Any, tmp_path: Path) -> None:
    killed("tests.learn.test_asha", tmp_path, 5)
    before = (tmp_path / "records.jsonl").read_bytes()
    assert 5 <= before.count(b"\n") < 16
    again = find(folder=tmp_path, n_jobs=2, backend="loky")
    assert same(again, found) and same_weights(again.best_model, found.best_model)
    assert (tmp_path / "records.jsonl").read_bytes().startswith(before)
    assert np.isfinite(again.best_value)
