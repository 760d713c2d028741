"""Threads that run the same code as their caller, each with its number."""

from __future__ import annotations

import ctypes
import functools
import os
import threading
from collections.abc import Callable


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


def share(job: Callable[[int, int], None], count: int) -> int:
    """Run job(thread, threads) on so many threads, or here alone while others share.

    Returns: the number of threads.
    """
    if _POOL[0].run(lambda number: job(number, count), count):
        return count
    job(0, 1)
    return 1


@functools.cache
def sleep() -> int:
    """Return the address of a function that sleeps for some microseconds; 0 if there is none."""
    if os.name != "posix":
        return 0
    return ctypes.cast(ctypes.CDLL(None).usleep, ctypes.c_void_p).value or 0
