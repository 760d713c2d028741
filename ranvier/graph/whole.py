"""Whole numbers that users give: their check."""

from __future__ import annotations

import operator
from typing import Any

from .errors import ArgumentError, ArgumentTypeError


def whole(
    name: str,
    value: Any,
    least: int | None = None,
    way_out: str = "",
    most: int | None = None,
) -> int:
    """Return a number that a user gives as an int.

    Args:
        name: place and argument, for the message.
        value: an int, of Python or NumPy; no bool.
        least: the least it may be; default None, any.
        way_out: the message's last sentence; default "".
        most: the most it may be, where there is a least; default None, any.

    Raises:
        ArgumentError: below the least or above the most.
        ArgumentTypeError: for anything but an int.
    """
    expected = {None: "an int", 1: "a positive int"}.get(least, f"an int of at least {least}")
    if most is not None:
        expected = f"an int from {least} to {most}"
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        argument = name.rpartition(" ")[2].strip("`")
        way = f"Write {argument}=int({value!r})." if isinstance(value, float) else way_out
        kind = type(value).__name__
        words = f"{name}: got {value!r:.60} of type {kind}, expected {expected}. {way}"
        raise ArgumentTypeError(words.rstrip())
    number = operator.index(value)
    if (least is not None and number < least) or (most is not None and number > most):
        raise ArgumentError(f"{name}: got {number}, expected {expected}. {way_out}".rstrip())
    return number


def seed_of(name: str, value: Any) -> int:
    """Return a seed that a user gives, an int from 0 to 2**32 - 1.

    Raises:
        ArgumentError: outside of that range.
        ArgumentTypeError: for anything but an int.
    """
    return whole(name, value, 0, most=2**32 - 1)
