"""Chooses how many threads a call uses, by what steps took with each number of them."""

from __future__ import annotations

import numpy as np

#: A call shorter than this is not worth waking another thread for (seconds).
_SHORT = 0.0004
#: What a step is thought to take on one thread grows at most so many times from call to call.
_GROWS = 1.5
#: Longer calls are cut into slices of about so long while numbers are compared (seconds). Threads
#: that begin fetch what another core holds, for some tenths of a millisecond: calls shorter than
#: half a slice, where it shows, are compared apart.
_SLICE = 0.004
#: How many times as long as the other, in all turns so far, is enough to lose a comparison after
#: its first, second and last turn. There the medians count: a virtual machine loses its core for
#: some milliseconds now and then.
_CLEAR = (3, 1.2, 0)
#: A comparison rests for so many times what it took; twice as long each time that nothing changes.
_REST, _AT_MOST = 8, 64
#: A call on several threads that takes so many times what calls usually take asks for the next
#: comparison soon.
_SLOWER = 2


class Choice:
    """Chooses the number of threads for each call of some code.

    Results do not depend on the choice, so it may change within a call: where another program
    takes a core, steps on several threads take longer, and fewer take over. Programs of the same
    code may ask at the same time; what they tell may then be lost, no more.
    """

    def __init__(self) -> None:
        self._short, self._long = Contest(), Contest()
        self._current: Contest | None = None
        self._alone: float | None = None

    def pick(self, most: int, steps: int) -> tuple[int, int]:
        """Return how many threads to use next, and for how many of the steps that are left."""
        seconds = 0.0 if self._alone is None else self._alone * steps
        if seconds < _SHORT:
            self._current = None
            return 1, steps
        if seconds < _SLICE / 2:
            self._current = self._short
            return self._short.pick(most)[0], steps
        self._current = self._long
        count, slice_ = self._long.pick(most)
        return count, -(-steps // max(1, round(steps / (slice_ or steps))))

    def learn(self, count: int, seconds: float, steps: int) -> None:
        """Take in what steps took on so many threads."""
        cost = seconds / steps
        if count == 1:  # a call that took long once waited for its core
            self._alone = cost if self._alone is None else min(cost, _GROWS * self._alone)
        if self._current is not None:
            self._current.learn(count, seconds, cost)


class Contest:
    """The number of threads that works, compared with a rival now and then."""

    def __init__(self) -> None:
        self._best, self._up = 1, True
        #: While they are compared: what a step took, turn by turn, with the best and its rival.
        self._costs: dict[int, list[float]] = {}
        self._usual = 0.0
        self._took = self._since = 0.0
        self._rest = _REST

    def pick(self, most: int) -> tuple[int, float | None]:
        """Return the number of threads to use next, and for how many steps; None for all."""
        costs = self._costs
        if max(costs, default=self._best) > most:
            self._best, costs = min(self._best, most), {}
        if not costs and self._since >= self._rest * self._took:
            costs, self._took = {self._best: [], self._neighbour(most): []}, 0.0
        self._costs = costs
        if not costs:
            return self._best, None
        count = min(costs, key=lambda c: len(costs[c]))
        known = costs[count] or costs[self._best] or [self._usual]
        # The first turn is a short one: a core that is busy makes it last.
        seconds = _SLICE if costs[count] else _SLICE / 4
        return count, seconds / known[-1] if known[-1] else None

    def learn(self, count: int, seconds: float, cost: float) -> None:
        """Take in seconds of work, and what each step of it cost."""
        costs = self._costs
        if not costs:
            self._since += seconds
            if count > 1 and cost > _SLOWER * self._usual:
                self._rest = _REST
            self._usual += (cost - self._usual) / 4
            return
        self._took += seconds
        if count in costs:
            costs[count].append(cost)
        best, rival = costs.values()
        turns = min(len(best), len(rival))
        if turns:
            margin = _CLEAR[min(turns, len(_CLEAR)) - 1]
            if min(rival) > margin * max(best) or min(best) > margin * max(rival):
                self._decide(costs)

    def _decide(self, costs: dict[int, list[float]]) -> None:
        (_, best), (other, rival) = ((n, np.median(found)) for n, found in costs.items())
        if rival < best:
            self._best, self._rest = other, 1
        else:
            self._up = not self._up
            self._rest = min(max(2 * self._rest, _REST), _AT_MOST)
        self._usual, self._since, self._costs = min(best, rival), 0.0, {}

    def _neighbour(self, most: int) -> int:
        """Return the next number above or below that is worth trying, of at least two in all."""
        counts = _counts(most)
        above = min((c for c in counts if c > self._best), default=0)
        below = max((c for c in counts if c < self._best), default=0)
        return (above or below) if self._up else (below or above)


def _counts(most: int) -> list[int]:
    """Return the numbers of threads worth trying: 1, 2, 4, ... and the most."""
    counts = [1]
    while counts[-1] * 2 < most:
        counts.append(counts[-1] * 2)
    return [*counts, most]
