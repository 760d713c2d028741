"""Asynchronous successive halving: who trains next is settled as candidates end, one by one."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from .candidate import BEHIND, Candidate
from .wave import Await, Begin, Plan, drawn


@dataclass
class _Rung:
    """Candidates that came as far as this, with their values when they did."""

    ended: list[tuple[float, int, Candidate]] = field(default_factory=list)
    promoted: set[int] = field(default_factory=set)

    def add(self, one: Candidate, sign: float) -> None:
        self.ended.append((-sign * one.value, one.number, one))
        self.ended.sort(key=lambda entry: entry[:2])

    def promote(self, best: int) -> Candidate | None:
        """Return the first of the best ones that goes on from here and has not yet."""
        for _, number, one in self.ended[:best]:
            if number not in self.promoted and one.is_going:
                self.promoted.add(number)
                return one
        return None


def asha(plan: Plan) -> Iterator[Begin | Await]:
    """As soon as a candidate is among the best of its rung it goes on; else a new one begins.

    What is known depends on who has ended, and that would depend on time. So candidates end in an
    order of their own: as on `at_once` workers that need the same time for each epoch. The method
    waits for the one that is next in that order, while the others train on; so it finds the same
    on any number of threads, and after a kill. Where fewer candidates than `factor` have ended,
    none is among the best part of them: the best one still goes on to the end when all have begun.

    Source: Li et al. 2018, "Massively parallel hyperparameter tuning", algorithm 2.
    """
    rungs = [_Rung() for _ in plan.rungs]
    fresh = (drawn(plan, number) for number in range(plan.trials))
    going: list[tuple[int, int, int, Candidate]] = []  # when it ends, its place, its rung
    clock = place = 0
    while True:
        while len(going) < plan.at_once:
            found = _next(plan, rungs, fresh, not going)
            if found is None:
                break
            yield found
            before = plan.rungs[found.rung - 1] if found.rung else 0
            end = clock + plan.rungs[found.rung] - before
            heapq.heappush(going, (end, place, found.rung, found.candidate))
            place += 1
        if not going:
            break
        clock, _, rung, one = heapq.heappop(going)
        yield Await(one, rung)
        if one.counts:
            rungs[rung].add(one, plan.sign)
        elif one.is_going:  # its loss is no number
            one.state, one.models = BEHIND, None
    for rung_of in rungs:
        for _, _, one in rung_of.ended:
            if one.is_going:
                one.state, one.models = BEHIND, None


def _next(plan: Plan, rungs: list[_Rung], fresh: Iterator[Candidate], idle: bool) -> Begin | None:
    """Return what begins now: the highest promotion there is, else a new candidate."""
    last = len(rungs) - 1
    for rung in reversed(range(last)):
        one = rungs[rung].promote(len(rungs[rung].ended) // plan.factor)
        if one is not None:
            return Begin(one, rung + 1)
    one = next(fresh, None)
    if one is not None:
        return Begin(one, 0)
    highest = max((k for k, rung in enumerate(rungs) if rung.ended), default=last)
    if idle and highest < last:
        one = rungs[highest].promote(1)
    return None if one is None else Begin(one, highest + 1)
