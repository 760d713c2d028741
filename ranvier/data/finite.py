"""Where NaN and infinity are, found in one pass over bounded pieces."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

import numpy as np

from ..graph.errors import warn

#: Numbers a piece: fewer than the 10,000 from which on OpenBLAS wakes its threads for a sum of
#: squares, to wait for each other at each piece; memory is not read faster by two of them.
_PIECE = 1 << 13
#: Large arrays found finite: what holds their memory, which part of it they are, and a sum over
#: some rows. `fit` in a loop would otherwise read 60,000 images anew each time, for 15 ms.
_SEEN: dict[tuple, tuple[weakref.ref, float]] = {}
_LARGE, _SEEN_MOST, _SAMPLED = 1 << 20, 16, 256


def is_finite(array: np.ndarray) -> bool:
    """Tell whether all values are finite; integers always are.

    The sum of squares of each piece is finite exactly if all values are and it does not
    overflow; only then is each value looked at. That reads memory once at its full speed. A large
    array found finite before is not read again, unless some of its rows changed.

    Example:
        >>> is_finite(np.array([1.0, np.inf]))
        False
    """
    if array.dtype.kind != "f" or array.size == 0:
        return True
    if array.size <= _PIECE:
        return bool(np.isfinite(array).all())
    with np.errstate(all="ignore"):
        known = _Seen(array) if array.nbytes >= _LARGE else None
        if known is not None and known.holds():
            return True
        for piece in _pieces(array):
            if not np.isfinite(np.dot(piece, piece)) and not np.isfinite(piece).all():
                return False
    if known is not None:
        known.keep()
    return True


def look_again() -> None:
    """Forget which arrays were found finite: a loss became NaN, and they may have changed."""
    _SEEN.clear()


class _Seen:
    """Whether an array was found finite before and lies unchanged where it lay."""

    def __init__(self, array: np.ndarray) -> None:
        self.owner = array
        while isinstance(self.owner.base, np.ndarray):
            self.owner = self.owner.base
        place = array.ctypes.data, array.shape, array.strides, array.dtype.str
        self.key = (id(self.owner), *place)
        some = some_rows(array, _SAMPLED)
        self.sum = float(np.sum(some, dtype=np.float64))

    def holds(self) -> bool:
        """Tell whether this very array was kept."""
        owner, total = _SEEN.get(self.key, (None, 0.0))
        return owner is not None and owner() is self.owner and total == self.sum

    def keep(self) -> None:
        """Remember the array while it lives."""
        for key in [k for k, (owner, _) in _SEEN.items() if owner() is None]:
            _SEEN.pop(key, None)
        while len(_SEEN) >= _SEEN_MOST:
            _SEEN.pop(next(iter(_SEEN)), None)
        _SEEN[self.key] = weakref.ref(self.owner), self.sum


def check_finite(
    array: np.ndarray,
    place: str = "x",
    columns: tuple[str, ...] | None = None,
    result: str = "every weight into NaN",
    way: str = "Drop those rows, or fill them: df.fillna(df.median()), np.nan_to_num(x).",
) -> None:
    """Warn where an array has NaN or infinity, naming column and rows.

    `warnings.simplefilter("error", DataWarning)` makes it an error.

    Args:
        array: what to look at.
        place: how messages name it.
        columns: names of its columns, if it has some.
        result: what one such value turns into what.
        way: what to do.
    """
    if is_finite(array):
        return
    rows, total, column = _find(array)
    where = ""
    if column is not None and array.ndim == 2:
        where = f" in column {repr(columns[column]) if columns else column}"
    more = ", ..." if total > len(rows) else ""
    listed = f"row {rows[0]}"
    if total > 1:
        listed = f"rows {', '.join(map(str, rows))}{more} ({total} in all)"
    warn(
        f"{place}: has NaN or infinite values{where}, {listed}, and one is enough to turn "
        f"{result}. {way}"
    )


def _pieces(array: np.ndarray) -> Iterator[np.ndarray]:
    """Yield all values as flat pieces: views of contiguous memory, else small copies."""
    if array.flags.c_contiguous or array.flags.f_contiguous:
        flat = array.ravel(order="K")
        for start in range(0, flat.size, _PIECE):
            yield flat[start : start + _PIECE]
        return
    for _, rows in row_pieces(array, _PIECE):
        yield np.ascontiguousarray(rows).reshape(-1)


def row_pieces(array: np.ndarray, most: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield whole rows, about as many as hold so many numbers, and the place of their first."""
    width = max(1, array.size // max(1, len(array)))
    step = max(1, most // width)
    for start in range(0, len(array), step):
        yield start, array[start : start + step]


def some_rows(array: np.ndarray, most: int) -> np.ndarray:
    """Return rows from all over an array, about so many, the same ones each time."""
    return array[:: max(1, len(array) // most)]


def _find(array: np.ndarray) -> tuple[list[int], int, int | None]:
    """Return the first bad rows, how many there are, and the column of the first bad value."""
    rows: list[int] = []
    total, column = 0, None
    for start, piece in row_pieces(array, _PIECE):
        bad = ~np.isfinite(piece).reshape(len(piece), -1)
        found = np.flatnonzero(bad.any(axis=1))
        if found.size and column is None:
            column = int(np.argmax(bad[found[0]]))
        rows += [int(start + r) for r in found[: 5 - len(rows)]]
        total += int(found.size)
    return rows, total, column
