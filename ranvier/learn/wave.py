"""Waves: which candidates train next, and how far; each method is a generator of them.

One that does not wait for the end of a wave gives `Begin` and `Await` in their place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .candidate import BEHIND, Candidate
from .seed import seed_of
from .space import Space

#: So many candidates train at once: enough to keep all cores busy, few enough for memory.
AT_ONCE = 64


@dataclass
class Wave:
    """Candidates to train up to a rung."""

    candidates: list[Candidate]
    rung: int = 0


@dataclass
class Begin:
    """A candidate to train up to a rung while others go on."""

    candidate: Candidate
    rung: int


@dataclass
class Await:
    """A candidate that must have come to its rung before the method goes on."""

    candidate: Candidate
    rung: int


@dataclass
class Plan:
    """What a method needs to know.

    Attributes:
        seed: of the search.
        sign: +1 where a larger objective is better, else -1.
        rungs: the epochs after which candidates are compared.
        factor: one of so many goes on from a rung.
        at_once: how many candidates train at once where none waits for others.
    """

    space: Space
    trials: int
    seed: int
    rungs: list[int]
    factor: int
    sign: float
    at_once: int

    def candidate(self, number: int, params: dict[str, Any]) -> Candidate:
        """Return a candidate; its seed depends on its number alone."""
        return Candidate(number, params, seed_of(self.seed, number))


def grid(plan: Plan) -> Iterator[Wave]:
    """Each combination of values."""
    yield from _in_waves(plan.candidate(k, p) for k, p in enumerate(plan.space.grid()))


def random(plan: Plan) -> Iterator[Wave]:
    """Parameters drawn by chance, each candidate's from its own seed."""
    yield from _in_waves(drawn(plan, k) for k in range(plan.trials))


def halving(plan: Plan) -> Iterator[Wave]:
    """All candidates for few epochs, the best of them for more, and so on: rung by rung."""
    going = [drawn(plan, k) for k in range(plan.trials)]
    for rung in range(len(plan.rungs)):
        for start in range(0, len(going), AT_ONCE):
            yield Wave(going[start : start + AT_ONCE], rung)
        if rung + 1 == len(plan.rungs):
            return
        able = [one for one in going if one.counts]
        able.sort(key=lambda one: (-plan.sign * one.value, one.number))
        best = able[: max(1, math.ceil(len(able) / plan.factor))] if able else []
        chosen = {one.number for one in best}
        for one in going:
            if one.is_going and one.number not in chosen:  # also where its loss is no number
                one.state, one.models = BEHIND, None
        going = sorted(best, key=lambda one: one.number)


def drawn(plan: Plan, number: int) -> Candidate:
    """Return a candidate with parameters drawn by chance, from its own seed."""
    return plan.candidate(number, plan.space.draw(seed_of(plan.seed, number, 0)))


def _in_waves(candidates: Iterator[Candidate]) -> Iterator[Wave]:
    wave: list[Candidate] = []
    for one in candidates:
        wave.append(one)
        if len(wave) == AT_ONCE:
            yield Wave(wave)
            wave = []
    if wave:
        yield Wave(wave)


def rungs_of(epochs: int, first: int, factor: int) -> list[int]:
    """Return the epochs of each rung: first, first * factor, ... and at last `epochs`.

    Example:
        >>> rungs_of(20, 2, 3)
        [2, 6, 18, 20]
        >>> rungs_of(9, 1, 3)
        [1, 3, 9]
    """
    rungs = []
    while first < epochs:
        rungs.append(first)
        first *= factor
    return [*rungs, epochs]
