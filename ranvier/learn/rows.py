"""Rows of what users hand over: arrays, frames, and several of them as a dict, list or tuple."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ranvier.errors import DataError


def parts_of(x: Any) -> list[Any] | None:
    """Return the arrays of several inputs, or None where `x` is one."""
    if isinstance(x, dict):
        return list(x.values())
    if isinstance(x, (list, tuple)) and x and all(getattr(one, "ndim", 0) for one in x):
        return list(x)
    return None


def settled_pair(x: Any, y: Any) -> tuple[Any, Any]:
    """Return data and targets in forms of which rows can be taken; a list of rows is one array.

    Raises:
        DataError: if there are no rows, or not equally many.
    """
    x, y = settled(x), settled(y, "y")
    x, y = _stacked(x, y), _stacked(y, x)
    if count(x) == 0:
        raise DataError("x: got no rows, expected at least one.")
    if y is not None and count(x) != count(y, "y"):
        listed = isinstance(x, list) or isinstance(y, list)
        way = " A list of arrays means a part each: of rows make one with np.asarray."
        raise DataError(
            f"y: has {count(y, 'y')} rows, but x has {count(x)}. Each row of x needs one row of y."
            + (way if listed else "")
        )
    return x, y


def _stacked(x: Any, other: Any) -> Any:
    """Return a list of arrays as one array, where the other says that they are its rows."""
    if not isinstance(x, list) or other is None or parts_of(other) is not None:
        return x
    rows = count(other)
    alike = len({np.shape(one) for one in x}) == 1
    return np.asarray(x) if alike and len(x) == rows != len(x[0]) else x


def settled(x: Any, place: str = "x") -> Any:
    """Return `x` in a form of which rows can be taken: lists of numbers as arrays.

    Raises:
        DataError: for lists of different lengths.
    """
    if isinstance(x, dict):
        return {name: settled(one, f"{place}[{name!r}]") for name, one in x.items()}
    if x is None or hasattr(x, "shape") or parts_of(x) is not None:
        return x.tocsr() if hasattr(x, "tocsr") else x  # of sparse forms some have no rows
    try:
        found = np.asarray(x)
        return found if found.ndim else x  # a generator, say, which `count` tells
    except ValueError as error:
        if not isinstance(x, (list, tuple)):
            return x  # groups of a frame, say, which `count` tells, too
        raise DataError(
            f"{place}: its rows have different lengths, expected equally long ones. For sequences "
            "use ranvier.utils.pad_sequences(x)."
        ) from error


def count(x: Any, place: str = "x") -> int:
    """Return how many rows there are.

    Raises:
        DataError: if there is nothing, or the parts differ.
    """
    sizes = {_rows(one, place) for one in parts_of(x) or [x]}
    if len(sizes) != 1:
        raise DataError(f"{place}: got parts of {sorted(sizes)} rows, expected equally many.")
    return sizes.pop()


def _rows(one: Any, place: str) -> int:
    shape = getattr(one, "shape", None)
    if not shape:
        raise DataError(
            f"{place}: got {type(one).__name__}, expected an array or frame with a row for each "
            "example: folds take rows by number, which generators do not have."
        )
    return int(shape[0])


def take(x: Any, rows: np.ndarray) -> Any:
    """Return some rows, in the form that they came in; a view where they lie side by side."""
    return mapped(lambda one: _taken(one, rows), x)


#: What other processes get as it is: it keeps names of columns, and entries that are masked.
_SENT = ("numpy", "pandas", "polars", "scipy")


def sent(x: Any) -> Any:
    """Return `x` in a form that other processes can be given."""
    return mapped(lambda one: one if type(one).__module__.startswith(_SENT) else np.asarray(one), x)


def mapped(change: Callable[[Any], Any], x: Any) -> Any:
    """Return `x` with each of its arrays changed."""
    if x is None:
        return None
    if isinstance(x, dict):
        return {name: change(one) for name, one in x.items()}
    several = parts_of(x)
    return change(x) if several is None else type(x)(change(one) for one in several)


def _taken(one: Any, rows: np.ndarray) -> Any:
    at: Any = rows
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and np.all(np.diff(rows) == 1):
        at = slice(int(rows[0]), int(rows[-1]) + 1)
    return one.iloc[at] if hasattr(one, "iloc") else one[at]
