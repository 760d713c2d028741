"""Threads that run the same code as their caller, each with its number."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

#: A call shorter than this is not worth waking another thread for (seconds).
_SHORT = 0.0004
#: After so many calls another number of threads is tried again.
_AGAIN = 20
#: Sharing that a busy core ended early rests for 1 call, then 4, 16 and at most 64, until a call
#: ends as it should: a virtual machine loses its core for a moment now and then, and a core that
#: another program holds stays busy.
_REST = (1, 4, 16, 64)


class Pool:
    """Worker threads that wait for work. A forked child begins with a pool of its own."""

    def __init__(self) -> None:
        self._start: list[threading.Semaphore] = []
        self._done = threading.Semaphore(0)
        self._job: Callable[[int], None] | None = None
        self._lock = threading.Lock()

    def run(self, job: Callable[[int], None], count: int) -> bool:
        """Run job(0) here and job(1)...job(count - 1) beside; False if the pool is busy.

        Where job(0) is interrupted it is called again: it must do what it has not done yet.
        """
        if not self._lock.acquire(blocking=False):
            return False
        try:
            while len(self._start) < count - 1:
                self._add()
            self._job = job
            for start in self._start[: count - 1]:
                start.release()
            try:
                job(0)
            except BaseException:
                job(0)  # an interrupt may come before it began, and the others wait for it
                raise
            finally:
                for _ in range(count - 1):
                    self._done.acquire()
                self._job = None
        finally:
            self._lock.release()
        return True

    def _add(self) -> None:
        start = threading.Semaphore(0)
        number = len(self._start) + 1
        self._start.append(start)

        def work() -> None:
            while True:
                start.acquire()
                job = self._job
                try:
                    if job is not None:
                        job(number)
                finally:
                    self._done.release()

        threading.Thread(target=work, daemon=True, name=f"ranvier-{number}").start()


_POOL = [Pool()]
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _POOL.__setitem__(0, Pool()))


class Choice:
    """Chooses the number of threads by the time that steps take with each.

    Results do not depend on the choice, so it may change from call to call: where another
    program takes a core, the time per step on several threads grows and one thread takes over.
    """

    def __init__(self) -> None:
        self._cost: dict[int, float] = {}
        self._calls = 0
        self._rest = 0
        self._strikes = 0

    def pick(self, most: int, steps: int) -> int:
        """Return how many threads the next call of so many steps should use."""
        if self._rest:
            self._rest -= 1
            return 1
        if most < 2 or self._cost.get(1, _SHORT) * steps < _SHORT:
            return 1
        tried: list[int] = []
        for count in _counts(most):
            if count not in self._cost:
                return count
            tried.append(count)
            if self._cost[count] > min(self._cost[c] for c in tried):
                break  # still more threads would not help either
        self._calls += 1
        turn, again = divmod(self._calls, _AGAIN)
        return tried[turn % len(tried)] if again == 0 else min(tried, key=self._cost.__getitem__)

    def learn(self, count: int, seconds: float, steps: int) -> None:
        """Take in what a call cost."""
        if count > 1:
            self._strikes = 0
        cost = seconds / max(steps, 1)
        self._cost[count] = 0.25 * cost + 0.75 * self._cost.get(count, cost)

    def avoid(self) -> None:
        """Take in that a core was found busy: the rest of the call, and more if it goes on."""
        self._rest = _REST[self._strikes]
        self._strikes = min(self._strikes + 1, len(_REST) - 1)


def _counts(most: int) -> list[int]:
    """Return the numbers of threads worth trying: 1, 2, 4, ... and the most."""
    counts = [1]
    while counts[-1] * 2 < most:
        counts.append(counts[-1] * 2)
    return [*counts, most]


def run(job: Callable[[int, int], int], choice: Choice, most: int, steps: int) -> int:
    """Run job(thread, threads) on as many threads as pays; return the steps done.

    Sharing ends early where a core turns out to be busy; the caller goes on from there.
    """
    count = choice.pick(most, steps)
    begin = time.perf_counter()
    done = [0]

    def one(number: int) -> None:
        result = job(number, count)
        if number == 0:
            done[0] = result

    if count == 1 or not _POOL[0].run(one, count):
        count = 1
        done[0] = job(0, 1)
    if done[0] < steps:
        choice.avoid()
    else:
        choice.learn(count, time.perf_counter() - begin, steps)
    return done[0]
