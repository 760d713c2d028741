"""The choices that engines read: which engine, how many threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..graph.errors import ArgumentError
from ..graph.whole import whole


@dataclass
class Setting:
    """What the user chose; None means: as the environment says, or the default."""

    engine: str | None = None
    threads: int | None = None


SETTING = Setting()


class _Here(threading.local):
    """What holds in one thread of Python only."""

    most: int | None = None


_HERE = _Here()


def set_threads(count: int | None) -> None:
    """Choose how many threads a training step may use; None for the default.

    Raises:
        ArgumentError: if count is no positive int.
    """
    SETTING.threads = None if count is None else whole("set_threads, `count`", count, 1)


@contextmanager
def threads_at_most(count: int | None) -> Iterator[None]:
    """Within it, steps that this Python thread runs use at most so many threads.

    For code that runs several models at once, each in a thread of its own: other threads are not
    touched, and results never depend on the number.

    Args:
        count: an int of at least 1, or None for no bound.

    Raises:
        ArgumentError: if count is no positive int.

    Example:
        >>> with threads_at_most(1):
        ...     threads()
        1
    """
    before = _HERE.most
    if count is not None:
        count = whole("threads_at_most, `count`", count, 1)
        _HERE.most = count if before is None else min(before, count)
    try:
        yield
    finally:
        _HERE.most = before


def threads() -> int:
    """Return how many threads a step may use: as set, as RANVIER_THREADS says, or all cores."""
    return _chosen() if _HERE.most is None else min(_chosen(), _HERE.most)


def _chosen() -> int:
    if SETTING.threads is not None:
        return SETTING.threads
    given = os.environ.get("RANVIER_THREADS", "")
    if given:
        if not given.isdigit() or int(given) < 1:
            raise ArgumentError(f"RANVIER_THREADS: got {given!r}, expected an int of at least 1.")
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
        os.cpu_count() or 1)  # fmt: skip
