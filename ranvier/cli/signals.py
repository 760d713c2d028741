"""Signals: SIGTERM stops a command as Ctrl-C does, and neither stops a save."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


class Terminated(KeyboardInterrupt):
    """SIGTERM came. What keeps its state whole under Ctrl-C does so here too."""


def status(stop: KeyboardInterrupt) -> int:
    """Return the exit status that says which signal stopped the command."""
    return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED


#: Whether SIGTERM came.
_CAME = [False]


def again() -> KeyboardInterrupt:
    """Return what to raise once more where a signal has ended a part of the work only."""
    return Terminated() if _CAME[0] else KeyboardInterrupt()


def listen() -> None:
    """Raise `Terminated` where SIGTERM comes."""
    signal.signal(signal.SIGTERM, _terminate)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let the block end, whatever signal comes: it saves what the first one left."""
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(kind, signal.SIG_IGN) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def _terminate(number: int, frame: FrameType | None) -> None:
    _CAME[0] = True
    raise Terminated
