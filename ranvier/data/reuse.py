"""Sources that fill the same arrays again and again: their batches are copied to be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from ..graph.structure import flatten, mapped


class Reuse:
    """Makes sure that batches which are kept do not change when the next ones are made.

    The first batches are copied, while it is seen whether one lies where an earlier one lay. If
    so, all are copied. If not, the source makes new arrays, or has more of them than are ever in
    use at once, and nothing more is copied.

    Args:
        count: how many batches are in use at once.

    Example:
        >>> buffer, reuse = np.zeros(2), Reuse(2)
        >>> first = reuse.safe(buffer)
        >>> buffer[:] = 1.0
        >>> first, reuse.safe(buffer)
        (array([0., 0.]), array([1., 1.]))
    """

    def __init__(self, count: int) -> None:
        self._left = count
        self._places: set[int] = set()
        self._held: list[Any] = []  # what is still alive cannot have given its place to another
        self._found = False

    def safe(self, batch: Any) -> Any:
        """Return the batch, or a copy of it."""
        if self._left:
            self._look(batch)
        elif not self._found:
            return batch
        return copied(batch)

    def _look(self, batch: Any) -> None:
        arrays = [a for a in flatten(_opened(batch)) if isinstance(a, np.ndarray) and a.size]
        places = {a.__array_interface__["data"][0] for a in arrays}
        self._found = not places.isdisjoint(self._places)
        self._places |= places
        self._held.append(batch)
        self._left = 0 if self._found else self._left - 1
        if not self._left:
            self._held.clear()
            self._places.clear()


def copied(batch: Any) -> Any:
    """Return a batch with arrays of its own."""
    return mapped(lambda one: one.copy() if isinstance(one, np.ndarray) else one, _opened(batch))


def _opened(batch: Any) -> Any:
    """Return a batch in which mappings of any kind are dicts."""
    return mapped(lambda one: _opened(dict(one)) if isinstance(one, Mapping) else one, batch)


class Kept:
    """The first batches of what can be read once only, kept so that they can be read again.

    Args:
        source: a generator or an iterator; no more is taken from it than is asked for.
        count: how many batches; default all there are.

    Example:
        >>> kept = Kept(iter("abcd"), 2)
        >>> list(kept), list(kept)
        (['a', 'b'], ['a', 'b'])
    """

    def __init__(self, source: Iterator[Any], count: int | None = None) -> None:
        self._source, self._count = source, count
        self._batches: list[Any] = []

    def __iter__(self) -> Iterator[Any]:
        yield from self._batches
        missing = None if self._count is None else self._count - len(self._batches)
        for batch in islice(self._source, missing):
            self._batches.append(copied(batch))
            yield self._batches[-1]
