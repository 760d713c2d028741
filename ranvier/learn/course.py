"""The way through a search: waves trained, outcomes written down, the best model kept."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ranvier import utils
from ranvier.errors import ArgumentError, DataWarning

from .apart import Jobs, run_apart
from .candidate import CUT, FAILED, GOING, WAITING, Candidate, Outcome
from .flow import Flow, Threads, Workers
from .record import Record
from .runner import Runner, Split, Unit, run_unit
from .search_result import SearchResult
from .task import without_validation
from .wave import Await, Begin, Plan, Wave


class Course:
    """The way through a search: waves trained, outcomes written down, the best model kept."""

    def __init__(
        self, runner: Runner, plan: Plan, record: Record | None, objective: str,
        jobs: Jobs | None, verbose: Any, again: Callable[[], Split] | None = None,
    ) -> None:  # fmt: skip
        self.runner, self.plan, self.record = runner, plan, record
        self.objective, self.jobs, self.verbose = objective, jobs, verbose
        self._again = again
        self._flow: Flow | None = None
        self._trainings = 0
        self._bar = utils.Progbar(None, verbose=1 if verbose else 0, unit_name="training")
        self.candidates: dict[int, Candidate] = {}
        self._told: dict[int, Outcome] = {}
        self._first_error: BaseException | None = None

    def run(self, moves: Iterator[Wave | Begin | Await]) -> SearchResult:
        """Go through all waves, as long as there is time."""
        interrupted = False
        try:
            try:
                self._follow(moves)
            finally:
                self._end()
        except KeyboardInterrupt:
            if not any(one.value == one.value for one in self.candidates.values()):
                raise
            interrupted = True
            warnings.warn(
                f"{self.runner.place}: interrupted; the result has what was trained so far.",
                DataWarning, stacklevel=3,
            )  # fmt: skip
        ordered = sorted(self.candidates.values(), key=lambda one: one.number)
        for one in ordered:
            one.state = CUT if one.state == GOING else one.state
        if ordered and all(one.state == FAILED for one in ordered):
            raise self._first_error or ArgumentError(f"{self.runner.place}: {ordered[0].error}")
        self._tell_failed(ordered)
        result = SearchResult(ordered, self.objective, self.plan.sign, interrupted)
        if any(one.counts for one in ordered):
            result.best_model = self._best_model(result, train=not interrupted)
        return result

    def _tell_failed(self, candidates: Sequence[Candidate]) -> None:
        failed = [one for one in candidates if one.state == FAILED]
        if failed:
            warnings.warn(
                f"{self.runner.place}: {len(failed)} of {len(candidates)} candidates failed; "
                f"candidate {failed[0].number}, {failed[0].params}: {failed[0].error}",
                DataWarning, stacklevel=4,
            )  # fmt: skip

    def _follow(self, moves: Iterator[Wave | Begin | Await]) -> None:
        for move in moves:
            if isinstance(move, Wave):
                self._wave(move)
            elif isinstance(move, Begin):
                self._begin(move.candidate, move.rung)
            else:
                self._await(move.candidate)
            if self.runner.is_over:
                break
        while self._flow is not None and self._flow.is_busy:  # cut off at the ends of epochs
            self._ended(self._flow.ended())

    def _wave(self, wave: Wave) -> None:
        self._told = {}
        todo = []
        for one in wave.candidates:
            self.candidates[one.number] = one
            known = None if self.record is None else self.record.find(one, wave.rung)
            if not one.is_going:
                continue
            if known is not None:
                one.models = None
                one.take(known, self.plan.sign, self.objective)
            else:
                todo.append(one)
        if self.runner.is_over:
            return
        try:
            self._train(todo, wave.rung)
        finally:
            for one in todo:
                if one.number in self._told:
                    self._take(one, self._told[one.number])
            self._let_go(wave.candidates)

    # --- one by one -----------------------------------------------------------------------------
    def _begin(self, one: Candidate, rung: int) -> None:
        self.candidates[one.number] = one
        known = None if self.record is None else self.record.find(one, rung)
        models, one.models = one.models, None
        if known is not None:
            self._told[one.number] = known
            return
        if self._flow is None:
            jobs, runner = self.jobs, self.runner
            self._flow = Threads(runner) if jobs is None else Workers(runner, jobs)
        self._flow.begin(Unit(one.number, one.params, one.seed, rung, models))

    def _await(self, one: Candidate) -> None:
        while one.number not in self._told:
            self._ended(self._flow.ended())  # type: ignore[union-attr]
        self._take(one, self._told.pop(one.number))
        self._let_go([one])

    def _ended(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self._tell(outcome)
            self._trainings += 1
            self._bar.update(self._trainings)

    def _end(self) -> None:
        """End what goes on, and take what is known of it."""
        if self._flow is None:
            return
        self._ended(self._flow.stop())
        self._bar.update(self._trainings, finalize=True)
        for number, outcome in sorted(self._told.items()):
            one = self.candidates[number]
            if one.is_going:
                self._take(one, outcome)
        self._let_go([])

    # --------------------------------------------------------------------------------------------
    def _train(self, todo: Sequence[Candidate], rung: int) -> None:
        units = [Unit(one.number, one.params, one.seed, rung, one.models) for one in todo]
        if not units:
            return
        if self.jobs is None:
            for outcome in self.runner.run(units, self._tell, verbose=self.verbose):
                self._told[outcome.number] = outcome  # with its models
        else:
            sent = self.runner.sent()
            for one in run_apart(run_unit, sent, units, self.jobs, self.verbose, "candidate"):
                self._tell(one)

    def _tell(self, outcome: Outcome) -> None:
        """Write an outcome down, as soon as it is there."""
        self._told[outcome.number] = outcome
        if self.record is not None and outcome.state not in (CUT, WAITING):
            self.record.add(self.candidates[outcome.number], outcome)

    def _take(self, one: Candidate, outcome: Outcome) -> None:
        one.take(outcome, self.plan.sign, self.objective)
        one.models = outcome.models
        if outcome.state == FAILED and self._first_error is None:
            self._first_error = outcome.exception

    def _let_go(self, ended: Sequence[Candidate]) -> None:
        """Keep the best model so far, and those that may train further."""
        counted = [one for one in self.candidates.values() if one.counts]
        best = min(counted, key=lambda one: (-self.plan.sign * one.value, one.number), default=None)
        for one in self.candidates.values():
            if one is not best and not one.is_going:
                one.models = None
        if self.record is not None and best is not None and best.models and self._is_single():
            if not self.record.model_file(best.number).exists() or best in ended:
                self.record.keep_model(best.number, best.models[0])

    def _is_single(self) -> bool:
        return len(self.runner.splits) == 1

    def _best_model(self, result: SearchResult, train: bool) -> Any:
        best, runner = result.best, self.runner
        if not self._is_single():
            return self._trained_again(result) if train and self._again is not None else None
        result.best_transformer = runner.splits[0].transformer
        if best.models:
            return best.models[0]
        if not train:
            return None
        # It is known from a record only, so it is trained again: the same seed, the same bits.
        rung = next(k for k, epochs in enumerate(self.plan.rungs)
                    if epochs >= best.epochs or k + 1 == len(self.plan.rungs))  # fmt: skip
        runner = replace(runner, deadline=None)
        return _only(runner.run([Unit(best.number, best.params, best.seed, rung)])[0])

    def _trained_again(self, result: SearchResult) -> Any:
        """Train the best candidate on all rows, as long as its folds were trained."""
        best = result.best
        split = self._again()  # type: ignore[misc]
        epochs = [max(map(len, one.values())) for one in best.curves]
        runner = replace(
            self.runner, splits=[split], objective=None,
            rungs=[max(1, round(sum(epochs) / len(epochs)))],
            fit={**self.runner.fit, "validation_data": None}, deadline=None,
            callbacks=lambda: without_validation(self.runner.callbacks, self.runner.place),
        )  # fmt: skip
        unit = Unit(best.number, best.params, best.seed, 0)
        [outcome] = runner.run([unit], verbose=self.verbose)
        if outcome.exception is not None:
            raise outcome.exception
        model, result.best_transformer = _only(outcome), split.transformer
        if self.record is not None and model is not None:
            self.record.keep_model(best.number, model)
        return model


def _only(outcome: Outcome) -> Any:
    """Return the model of a training, None where there is none."""
    return None if outcome.models is None else outcome.models[0]
