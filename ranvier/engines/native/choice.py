"""Chooses how many threads a call uses, by what calls before it took."""

from __future__ import annotations

import time
from collections.abc import Callable

#: A call shorter than this is not worth waking another thread for (seconds).
_SHORT = 0.0004
#: What a call tells holds for calls of up to so many times its steps: the first steps of a call
#: wake threads and look at new data, and cost several times what the later ones do.
_TELLS = 4
#: After so many calls another number of threads is tried again; where it loses, after twice as
#: many, up to the second number.
_AGAIN, _AT_MOST = 10, 160
#: Sharing that a busy core ended early rests for 1 call, then 4, 16 and at most 64, until a call
#: that is long enough to meet another program's turn (seconds) ends as it should: a virtual
#: machine loses its core for a moment now and then, and a core that another program holds stays
#: busy.
_REST = (1, 4, 16, 64)
_LONG = 0.008


class Record:
    """Seconds a step with some number of threads, seen in calls of so many steps."""

    __slots__ = ("seconds", "steps")

    def __init__(self, seconds: float, steps: int) -> None:
        self.seconds, self.steps = seconds, steps


class Choice:
    """Chooses the number of threads by the time that steps take with each.

    Results do not depend on the choice, so it may change from call to call: where another
    program takes a core, the time per step on several threads grows and one thread takes over.
    """

    def __init__(self) -> None:
        self._records: dict[int, Record] = {}
        self._left = self._wait = _AGAIN
        self._rest = 0
        self._strikes = 0

    def run(self, job: Callable[[int, int], int], most: int, steps: int) -> int:
        """Run job(thread, threads) on as many threads as pays; return the steps done.

        Sharing ends early where a core turns out to be busy; the caller goes on from there.
        """
        count = self.pick(most, steps)
        begin = time.perf_counter()
        if count == 1:
            done = job(0, 1)
        else:
            from .threads import share  # a short first call needs no other thread

            done, count = share(job, count)
        if done < steps:
            self.avoid()
        else:
            self.learn(count, time.perf_counter() - begin, steps)
        return done

    def pick(self, most: int, steps: int) -> int:
        """Return how many threads the next call of so many steps should use."""
        if self._rest:
            self._rest -= 1
            return 1
        one = self._records.get(1)
        if most < 2 or (one.seconds if one else _SHORT) * steps < _SHORT:
            return 1
        tried: list[int] = []
        for count in _counts(most):
            if count not in self._records or self._records[count].steps * _TELLS < steps:
                return count
            tried.append(count)
            if self._records[count].seconds > self._records[self._best(tried)].seconds:
                break  # still more threads would not help either
        best = self._best(tried)
        if len(tried) == 1 or steps * _TELLS < self._records[best].steps:
            return best
        self._left -= 1
        if self._left > 0:
            return best
        self._wait = self._left = min(2 * self._wait, _AT_MOST)
        return self._best([count for count in tried if count != best])

    def learn(self, count: int, seconds: float, steps: int) -> None:
        """Take in what a call cost."""
        if count > 1 and seconds >= _LONG:
            self._strikes = 0
        cost = seconds / max(steps, 1)
        known = self._records.get(count)
        if known is not None and steps * _TELLS < known.steps:
            return  # a short call tells nothing of long ones
        before = self._best(list(self._records))
        if known is not None and steps <= known.steps * _TELLS:
            cost, steps = (cost + known.seconds) / 2, max(steps, known.steps)
        self._records[count] = Record(cost, steps)
        if self._best(list(self._records)) != before:
            self._left = self._wait = _AGAIN

    def avoid(self) -> None:
        """Take in that a core was found busy: the rest of the call, and more if it goes on."""
        self._rest = _REST[self._strikes]
        self._strikes = min(self._strikes + 1, len(_REST) - 1)

    def _best(self, counts: list[int]) -> int:
        return min(counts, key=lambda count: self._records[count].seconds, default=0)


def _counts(most: int) -> list[int]:
    """Return the numbers of threads worth trying: 1, 2, 4, ... and the most."""
    counts = [1]
    while counts[-1] * 2 < most:
        counts.append(counts[-1] * 2)
    return [*counts, most]
