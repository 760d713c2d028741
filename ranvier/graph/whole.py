"""Whole numbers that users give: their check."""

from __future__ import annotations

import operator
from typing import Any

from .errors import ArgumentError, ArgumentTypeError


def whole(name: str, value: Any, least: int | None = None, advice: str = "") -> int:
    """Return `value` as an int (of at least `least`), or say what `name` expects."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        argument = name.rpartition(" ")[2].strip("`")
        way = f" Write {argument}=int({value!r})." if isinstance(value, float) else ""
        raise ArgumentTypeError(
            f"{name}: got {value!r} of type {type(value).__name__}, expected an int.{way}"
        )
    number = operator.index(value)
    if least is not None and number < least:
        raise ArgumentError(f"{name}: got {number}, expected at least {least}. {advice}".rstrip())
    return number
