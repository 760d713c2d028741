"""The numbers that fit, evaluate and predict take, checked before the first step."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.whole import whole

#: Batches up to so many rows need no memory worth saving.
_SMALL = 256


def batch_size(value: Any, rows: int | None = None, steps: int | None = None) -> int:
    """Return the batch size: 32 for None, of large ones never more than there are rows.

    Where the number of steps is given and no size, the rows are shared out among the steps.

    A small one stays as it is where rows are fewer, so that data of another length run the same
    compiled step. One row is one row: that step is the fastest.

    Raises:
        ArgumentError: below 1.
        ArgumentTypeError: for anything but an int.
    """
    if value is None:
        value = -(-rows // steps) if rows and steps else 32
    size = whole("batch_size", value, 1, "Give the rows of one step, for instance batch_size=32.")
    if rows is None:
        return size
    return min(size, max(rows, _SMALL)) if rows > 1 else 1


def fraction(value: Any) -> float:
    """Return `validation_split` as a float, 0 <= value < 1.

    Raises:
        ArgumentError: outside that range, or NaN.
        ArgumentTypeError: for anything but a number.
    """
    try:
        number = float(0.0 if value is None else value)
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"validation_split: got {value!r}, expected a number such as 0.2."
        ) from None
    if not 0.0 <= number < 1.0:
        raise ArgumentError(
            f"validation_split: got {number:g}, expected 0 <= validation_split < 1: the share of "
            "the rows, taken from the end, to validate on. For 20 % write 0.2."
        )
    return number


def frequency(value: Any) -> int | frozenset[int]:
    """Return `validation_freq`: every so many epochs, or the epochs (from 1) to validate after."""
    if isinstance(value, (list, tuple, set, frozenset, range)):
        return frozenset(whole("validation_freq", item, 1) for item in value)
    return whole("validation_freq", value, 1, "1 means after each epoch.")


def validates(value: int | frozenset[int], epoch: int) -> bool:
    """Tell whether to validate after `epoch` (counted from 0)."""
    if isinstance(value, int):
        return (epoch + 1) % value == 0
    return epoch + 1 in value


def verbosity(value: Any) -> int:
    """Return `verbose` as 0, 1 or 2; 'auto' is 1."""
    if isinstance(value, str) and value == "auto":
        return 1
    if value in (0, 1, 2):
        return int(value)
    raise ArgumentError(f"verbose: got {value!r}, expected 0, 1, 2 or 'auto'.")


def optional(name: str, value: Any) -> int | None:
    """Return a number of steps of at least 1, or None."""
    return None if value is None else whole(name, value, 1, "Leave it out to use all the data.")
