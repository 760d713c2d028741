"""Training of candidates: many at once, part of the way or all of it, here or elsewhere."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ranvier import fit_many
from ranvier.callbacks import Callback
from ranvier.errors import ArgumentError, ManyError

from .apart import sendable
from .builder import Builder
from .candidate import CUT, DONE, EARLY, FAILED, GOING, WAITING, Outcome
from .preprocessing import adapt
from .rows import sent
from .seed import seed_of
from .task import callbacks_of

#: Parameters that training takes where the function that builds does not.
FOR_FIT = ("batch_size",)


@dataclass
class Split:
    """Rows to train on and to validate on, the data that they are of, and what preprocessed it."""

    x: Any
    train: np.ndarray
    test: np.ndarray | None
    transformer: Any = None


@dataclass
class Unit:
    """One candidate's next training: from the rung it is on to the next one.

    Attributes:
        rung: which of `rungs` to reach.
        models: as the rung before left them; None to make them, which repeats what was done.
    """

    number: int
    params: dict[str, Any]
    seed: int
    rung: int
    models: list[Any] | None = None


@dataclass
class Runner:
    """Trains candidates; it can be sent to another process.

    Attributes:
        rungs: the epochs after which candidates are compared; the last is all epochs.
        deadline: when to stop, as `time.time()` tells it.
        objective: what the logs must have from the first epoch on; None for anything.
    """

    builder: Builder
    y: Any
    splits: list[Split]
    rungs: list[int]
    fit: dict[str, Any] = field(default_factory=dict)
    callbacks: Any = None
    deadline: float | None = None
    place: str = "search"
    objective: str | None = None
    _live: list[_Watched] = field(default_factory=list, init=False, repr=False)
    _stopped: bool = field(default=False, init=False)

    def stop(self) -> None:
        """Let whatever trains, on other threads, end after its step."""
        self._stopped = True
        for one in list(self._live):
            for model in one.models or ():
                model.stop_training = True

    @property
    def is_over(self) -> bool:
        """Whether no epoch may begin any more."""
        return self._stopped or (self.deadline is not None and time.time() > self.deadline)

    def run(
        self,
        units: Sequence[Unit],
        done: Callable[[Outcome], None] = lambda outcome: None,
        threads: int | None = None,
        verbose: Any = 0,
    ) -> list[Outcome]:
        """Train units together; returns what each gave, and tells `done` as soon as one is.

        Raises:
            KeyboardInterrupt: on Ctrl-C; what each gave so far is told.
        """
        watched = [self._watched(unit, done) for unit in units]
        ready = [one for one in watched if one.models is not None]
        if ready:
            self._live.extend(ready)
            try:
                self._caught_up(ready, threads)
                self._train(ready, threads, verbose)
            except KeyboardInterrupt:
                for one in ready:
                    one.interrupt()
                raise
            finally:
                for one in ready:
                    self._live.remove(one)
        return [one.outcome() for one in watched]

    def _watched(self, unit: Unit, done: Callable[[Outcome], None]) -> _Watched:
        """Return a unit with its models; a candidate that cannot be built has failed."""
        one = _Watched(unit, self, done)
        if unit.models is not None:
            one.models = unit.models
            return one
        taken = own_params(self.builder.given, unit.params)
        try:
            one.models = []
            for k, split in enumerate(self.splits):
                model = self.builder.make(self.seed(unit, k), **taken)
                adapt(model, split.x, split.train, self.place)
                one.models.append(model)
        except Exception as error:
            one.models = None
            one.fail(error)
        return one

    def seed(self, unit: Unit, split: int, rung: int = 0) -> int:
        """Return the seed of a model: the candidate's own, for its first split and rung."""
        return unit.seed if split == rung == 0 else seed_of(unit.seed, split, rung)

    def _caught_up(self, ready: Sequence[_Watched], threads: int | None) -> None:
        """Train new models of later rungs up to where their candidates stood."""
        for rung in range(max(one.unit.rung for one in ready)):
            behind = [one for one in ready if one.unit.models is None and one.unit.rung > rung]
            if behind:
                self._fit(behind, [rung] * len(behind), threads, 0, watch=False)

    def _train(self, ready: Sequence[_Watched], threads: int | None, verbose: Any) -> None:
        try:
            self._fit(ready, [one.unit.rung for one in ready], threads, verbose)
        except ManyError as error:
            places = [one for one in ready for _ in one.models or ()]
            for place, why in error.errors.items():
                if isinstance(why, _TimeOver):
                    places[place].cut = True
                else:
                    places[place].fail(why)
        except Exception as error:
            if len(ready) == 1:
                ready[0].fail(error)
                return
            # Before the first step: one of them does not fit the data, so each is tried alone.
            for one in ready:
                self._train([one], threads, 0)

    def _fit(
        self, ready: Sequence[_Watched], rungs: Sequence[int], threads: int | None, verbose: Any,
        watch: bool = True,
    ) -> None:  # fmt: skip
        models, each = [], []
        for one, rung in zip(ready, rungs, strict=True):
            for k, model in enumerate(one.models or ()):
                split, extra = self.splits[k], ([one.watch(k)] if watch else [])
                models.append(model)
                each.append({
                    "x": split.x, "rows": split.train, "validation_rows": split.test,
                    "seed": self.seed(one.unit, k, rung), "epochs": self.rungs[rung],
                    "initial_epoch": self.rungs[rung - 1] if rung else 0,
                    "callbacks": [*callbacks_of(self.callbacks, self.place), *extra],
                    **{n: v for n, v in one.unit.params.items() if n in FOR_FIT
                       and n not in own_params(self.builder.given, one.unit.params)},
                })  # fmt: skip
        fit_many(
            models, self.splits[0].x, self.y, each=each, threads=threads, verbose=verbose,
            **self.fit,
        )  # fmt: skip

    def sent(self) -> list[Any]:
        """Return the runner's parts for `run_unit`, arrays apart: so they are sent only once."""
        xs = [sent(split.x) for split in self.splits]
        shared = [x if k == 0 or x is not xs[0] else None for k, x in enumerate(xs)]
        bare = [Split(None, split.train, split.test) for split in self.splits]
        return [replace(self, y=None, splits=bare), shared, sent(self.y)]


def run_unit(runner: Runner, xs: Sequence[Any], y: Any, unit: Unit) -> list[Outcome]:
    """Train one unit, on one thread."""
    splits = [
        replace(split, x=xs[0] if x is None else x)
        for split, x in zip(runner.splits, xs, strict=True)
    ]
    found = replace(runner, y=y, splits=splits).run([unit], threads=1)
    for outcome in found:
        outcome.exception = outcome.exception and sendable(outcome.exception)
    return found


def own_params(build: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that the function takes; the others are for training."""
    try:
        taken = inspect.signature(build).parameters
    except (TypeError, ValueError):
        return params
    everything = any(p.kind is p.VAR_KEYWORD for p in taken.values())
    return {n: v for n, v in params.items() if n in taken or everything or n not in FOR_FIT}


class _Watched:
    """A unit in training: gathers the curves of its models, and tells when the last one ends."""

    def __init__(self, unit: Unit, runner: Runner, done: Callable[[Outcome], None]) -> None:
        self.unit, self.runner, self._done = unit, runner, done
        self.models: list[Any] | None = None
        count = len(runner.splits)
        self.curves: list[dict[str, list[float]]] = [{} for _ in range(count)]
        self.ended, self.cut = [False] * count, False
        self.error: BaseException | None = None
        self._began, self.seconds = time.perf_counter(), 0.0

    def watch(self, place: int) -> _Watch:
        """Return the callback for the model of a split."""
        return _Watch(self, place)

    def end(self, place: int) -> None:
        """Note that a model was trained to its end."""
        self.ended[place] = True
        self.seconds = time.perf_counter() - self._began
        if all(self.ended) and not self.cut:
            self._done(self.outcome())

    def fail(self, error: BaseException) -> None:
        """Note that the candidate is impossible."""
        if self.error is None:
            self.error = error
            self._done(self.outcome())

    def interrupt(self) -> None:
        """Tell what there is, unless that was told."""
        if self.error is None and not all(self.ended):
            self._done(self.outcome())

    def outcome(self) -> Outcome:
        """Return what there is so far."""
        unit = self.unit
        start = self.runner.rungs[unit.rung - 1] if unit.rung else 0
        wanted = self.runner.rungs[unit.rung] - start
        if self.error is not None:
            state = FAILED
        elif self.cut or not all(self.ended):
            state = CUT if any(self.curves) else WAITING
        else:
            trained = [max((len(v) for v in one.values()), default=0) for one in self.curves]
            last = unit.rung + 1 == len(self.runner.rungs)
            state = EARLY if max(trained) < wanted else DONE if last else GOING
        words = None if self.error is None else f"{type(self.error).__name__}: {self.error}"
        return Outcome(
            unit.number, unit.rung, state, self.curves, self.seconds, words, self.models,
            self.error,
        )  # fmt: skip


class _Watch(Callback):
    """Keeps a model's curve, and stops it when the time is over."""

    def __init__(self, owner: _Watched, place: int) -> None:
        super().__init__()
        self._owner, self._place = owner, place

    def on_train_begin(self, logs: Any = None) -> None:
        if self._owner.runner.is_over:
            raise _TimeOver

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        owner, runner = self._owner, self._owner.runner
        if runner._stopped:  # in the middle of this epoch
            owner.cut = self.model.stop_training = True
            return
        if runner.objective is not None and runner.objective not in (logs or {}):
            raise ArgumentError(
                f"{runner.place}, `objective`: got {runner.objective!r}, which is not in the logs. "
                f"They have {', '.join(sorted(logs or {}))}."
            )
        curve = owner.curves[self._place]
        for name, value in (logs or {}).items():
            curve.setdefault(name, []).append(float(np.mean(value)))
        last = runner.rungs[owner.unit.rung]
        if epoch + 1 < last and runner.is_over and not self.model.stop_training:
            owner.cut = self.model.stop_training = True

    def on_train_end(self, logs: Any = None) -> None:
        self._owner.end(self._place)


class _TimeOver(Exception):
    """There is no time to begin a training."""
