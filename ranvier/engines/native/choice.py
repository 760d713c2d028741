"""Chooses how many threads a call uses, by what steps took with each number of them."""

from __future__ import annotations

from statistics import median

#: A call shorter than this is not worth waking another thread for (seconds).
_SHORT = 0.0004
#: Longer calls are cut into slices of about so long while numbers are compared (seconds). Threads
#: that begin fetch what another core holds, for some tenths of a millisecond: calls shorter than
#: half a slice, where it shows, are compared apart.
_SLICE = 0.004
#: How many times as long as the other, in all turns so far, is enough to lose a comparison after
#: its first, second and last turn. There the medians count: a virtual machine loses its core for
#: some milliseconds now and then.
_CLEAR = (2, 1.2, 0)
#: A comparison rests for so many times what it took; twice as long each time that nothing changes.
_REST, _AT_MOST = 8, 64
#: A call on several threads that takes so many times what calls usually take asks for the next
#: comparison soon.
_SLOWER = 2


class Choice:
    """Chooses the number of threads for each call of some code.

    Results do not depend on the choice, so it may change within a call: where another program
    takes a core, steps on several threads take longer, and fewer take over.
    """

    def __init__(self) -> None:
        self._short, self._long = Contest(), Contest()
        self._current = self._short
        self._alone: float | None = None

    def pick(self, most: int, steps: int) -> tuple[int, int]:
        """Return how many threads to use next, and for how many of the steps that are left."""
        seconds = 0.0 if self._alone is None else self._alone * steps
        if seconds < _SHORT:
            return 1, steps
        self._current = self._short if seconds < _SLICE / 2 else self._long
        count = self._current.pick(most)
        if self._current is self._short or not self._current.rival:
            return count, steps
        slices = max(1, round(self._current.cost(count) * steps / self._current.slice(count)))
        return count, -(-steps // slices)

    def learn(self, count: int, seconds: float, steps: int) -> None:
        """Take in what steps took on so many threads."""
        cost = seconds / steps
        if count == 1:
            self._alone = cost
        self._current.learn(count, seconds, cost)


class Contest:
    """The number of threads that works, compared with a rival now and then.

    Attributes:
        best: the number that works.
        rival: the one it is compared with, 0 while there is none.
    """

    def __init__(self) -> None:
        self.best, self.rival = 1, 0
        self._up = True
        self._costs: dict[int, list[float]] = {}
        self._usual = 0.0
        self._took = self._since = 0.0
        self._rest = _REST

    def pick(self, most: int) -> int:
        """Return the number of threads to use next."""
        if max(self.best, self.rival) > most:
            self.best, self.rival = min(self.best, most), 0
        if not self.rival and self._since >= self._rest * self._took:
            self.rival = self._neighbour(most)
            self._costs = {self.best: [], self.rival: []}
            self._took = 0.0
        if not self.rival:
            return self.best
        return min(self._costs, key=lambda count: len(self._costs[count]))

    def slice(self, count: int) -> float:
        """Return how long the next turn should be (seconds): short while all may be lost."""
        return _SLICE if self._costs[count] else _SLICE / 4

    def cost(self, count: int) -> float:
        """Return what a step on so many threads took last, or usually takes (seconds)."""
        return (self._costs[count] or self._costs[self.best] or [self._usual])[-1]

    def learn(self, count: int, seconds: float, cost: float) -> None:
        """Take in seconds of work, and what each step of it cost."""
        if not self.rival:
            self._since += seconds
            if count > 1 and cost > _SLOWER * self._usual:
                self._rest = _REST
            self._usual += (cost - self._usual) / 4
            return
        self._took += seconds
        if count in self._costs:
            self._costs[count].append(cost)
        best, rival = self._costs[self.best], self._costs[self.rival]
        turns = min(len(best), len(rival))
        if turns:
            margin = _CLEAR[min(turns, len(_CLEAR)) - 1]
            if min(rival) > margin * max(best) or min(best) > margin * max(rival):
                self._decide(median(best), median(rival))

    def _decide(self, best: float, rival: float) -> None:
        if rival < best:
            self.best, self._rest = self.rival, 1
        else:
            self._up = not self._up
            self._rest = min(max(2 * self._rest, _REST), _AT_MOST)
        self._usual, self._since, self.rival = min(best, rival), 0.0, 0

    def _neighbour(self, most: int) -> int:
        """Return the next number above or below that is worth trying; 0 if there is none."""
        counts = _counts(most)
        above = min((c for c in counts if c > self.best), default=0)
        below = max((c for c in counts if c < self.best), default=0)
        return (above or below) if self._up else (below or above)


def _counts(most: int) -> list[int]:
    """Return the numbers of threads worth trying: 1, 2, 4, ... and the most."""
    counts = [1]
    while counts[-1] * 2 < most:
        counts.append(counts[-1] * 2)
    return [*counts, most]
