"""Data that gathers cannot read in place: copied for some rows of a call at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...graph.dtype import converted
from .feed import SOURCES

#: Bytes of rows, all inputs together, that are copied at a time; one batch at least.
_BYTES = 1 << 21


def staged(
    data: Sequence[np.ndarray], opened: Sequence[bool], dtypes: Sequence[str], order: np.ndarray,
    batch: int,
) -> Iterator[tuple[int, int, list[np.ndarray]]]:  # fmt: skip
    """Yield (first, end, data) for pieces of `order`, the rows of each piece copied in order.

    Args:
        data, opened, dtypes: the arrays, whether each has rows, the type in which it is read.
        order, batch: row numbers and rows a step; a piece is a whole number of steps.
    """
    widest = 8  # bytes of what any element becomes
    width = sum(a[:1].size * widest for a, rows in zip(data, opened, strict=True) if rows)
    length = max(_BYTES // max(width * batch, 1), 1) * batch
    for first in range(0, len(order), length):
        rows = order[first : first + length]
        yield first, first + len(rows), [
            _taken(a, rows, dtype) if open_ else a
            for a, open_, dtype in zip(data, opened, dtypes, strict=True)
        ]  # fmt: skip


def _taken(array: np.ndarray, rows: np.ndarray, dtype: str) -> np.ndarray:
    taken = array[rows]
    if array.dtype.name not in SOURCES:
        return np.ascontiguousarray(converted(taken, dtype))
    return np.ascontiguousarray(taken, array.dtype.newbyteorder("="))
