"""The choices that engines read: which engine, how many threads."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ..graph.errors import ArgumentError


@dataclass
class Setting:
    """What the user chose; None means: as the environment says, or the default."""

    engine: str | None = None
    threads: int | None = None


SETTING = Setting()


def set_threads(count: int | None) -> None:
    """Choose how many threads a training step may use; None for the default.

    Raises:
        ArgumentError: if count is no positive int.
    """
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
        raise ArgumentError(f"set_threads, `count`: got {count!r}, expected an int of at least 1.")
    SETTING.threads = count


def threads() -> int:
    """Return how many threads a step may use: as set, as RANVIER_THREADS says, or all cores."""
    if SETTING.threads is not None:
        return SETTING.threads
    given = os.environ.get("RANVIER_THREADS", "")
    if given:
        if not given.isdigit() or int(given) < 1:
            raise ArgumentError(f"RANVIER_THREADS: got {given!r}, expected an int of at least 1.")
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (
        os.cpu_count() or 1)  # fmt: skip
