"""Batches made ahead: a background thread reads the next ones while a step runs."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

from .reuse import Reuse

#: What the threads are called.
THREAD = "ranvier-prefetch"
#: Batches that may wait where the source does not say how many.
AHEAD = 4
#: Seconds between two looks at whether Ctrl-C came, where the system does not wake a waiting lock.
_LOOK = 0.1
#: Seconds that `close` waits for a batch that is being made.
_FAREWELL = 1.0


class Prefetch:
    """Goes through an iterator in a thread of its own, a few items ahead of whoever asks.

    The order is kept. An exception comes out where its item would have come. Until `open` is
    called nothing is made that nobody has asked for.

    Args:
        items: what to go through; only the thread touches it.
        size: how many items may wait, default 4.
        limit: how many items are made ahead in all; later ones are made when asked for, so that
            a source that is used again afterwards goes on where it was left. Default: no limit.

    Example:
        >>> ahead = Prefetch(iter("abc"))
        >>> ahead.open()
        >>> list(ahead)
        ['a', 'b', 'c']
    """

    def __init__(self, items: Iterator[Any], size: int = AHEAD, limit: int | None = None) -> None:
        self._state = _State(items, max(1, size), limit)
        self._thread: threading.Thread | None = None
        # Also ends the thread of one that is forgotten; the thread itself knows the state alone.
        self._end = weakref.finalize(self, self._state.stop)

    def open(self) -> None:
        """Let the thread run ahead from now on."""
        with self._state.changed:
            self._state.opened = True
            self._state.changed.notify_all()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._thread is None and not self._state.stopped:
            self._thread = threading.Thread(
                target=copy_context().run, args=(_fill, self._state), daemon=True,
                name=THREAD,
            )  # fmt: skip
            self._thread.start()
        return self._state.take()

    def close(self) -> None:
        """End the thread; it is waited for, but not for long if it is making an item."""
        self._end()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_FAREWELL)


class _State:
    """What the thread and its user share."""

    def __init__(self, items: Iterator[Any], size: int, limit: int | None) -> None:
        self.items, self.size, self.limit = items, size, limit
        self.changed = threading.Condition()
        self.ready: deque[tuple[Any, BaseException | None]] = deque()
        self.opened = self.asked = self.stopped = self.done = False
        self.made = 0

    def take(self) -> Any:
        """Return the next item, or raise what was raised in its place."""
        with self.changed:
            self.asked = True
            if not self.ready:
                self.changed.notify_all()
            while not self.ready and not self.done:
                self.changed.wait(_LOOK)
            self.asked = False
            if not self.ready:
                raise StopIteration
            item, error = self.ready.popleft()
            if len(self.ready) < self.size:
                self.changed.notify_all()
        if error is not None:
            raise error
        return item

    def wanted(self) -> bool:
        """Wait until an item should be made; say whether one should at all."""
        with self.changed:
            while not self.stopped:
                ahead = self.opened and (self.limit is None or self.made < self.limit)
                if (self.asked and not self.ready) or (ahead and len(self.ready) < self.size):
                    return True
                self.changed.wait()
            return False

    def give(self, item: Any, error: BaseException | None = None) -> None:
        with self.changed:
            self.made += 1
            self.ready.append((item, error))
            self.changed.notify_all()

    def stop(self) -> None:
        with self.changed:
            self.stopped = self.done = True
            self.ready.clear()
            self.changed.notify_all()


def _fill(state: _State) -> None:
    """Make items until there are no more, or nobody wants them."""
    # Besides those that wait, one is being made and one is in use.
    reuse = Reuse(state.size + 2)
    try:
        while state.wanted():
            try:
                item = reuse.safe(next(state.items))
            except StopIteration:
                break
            except BaseException as error:  # the user of the items is told, whatever it was
                state.give(None, error)
                break
            state.give(item)
    finally:
        with state.changed:
            state.done = True
            state.changed.notify_all()
