"""Numbers that users give: their check."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .errors import ArgumentError, ArgumentTypeError
from .variable import Variable


def is_number(x: Any) -> bool:
    """Tell whether x is one real number, of Python or of NumPy."""
    if isinstance(x, (bool, str, Variable)) or x is None:
        return False
    return isinstance(x, (int, float, np.number)) or (
        isinstance(x, np.ndarray) and x.shape == () and x.dtype.kind in "iuf"
    )


def check_numbers(
    place: str, least: float = -math.inf, most: float = math.inf, **values: Any
) -> None:
    """Refuse values that are no numbers, or outside of a range.

    Args:
        place: whose arguments they are, for the message.
        least: the least they may be; default any.
        most: the most they may be; default any.
        **values: by the names of the arguments.

    Raises:
        ArgumentError: outside of the range; NaN lies outside of every range.
        ArgumentTypeError: for anything but a number.
    """
    expected = "a number"
    if math.isfinite(most):
        expected = f"a number from {least:g} to {most:g}"
    elif math.isfinite(least):
        expected = f"a number of at least {least:g}"
    for name, value in values.items():
        if not is_number(value):
            raise ArgumentTypeError(
                f"{place}, `{name}`: got {value!r:.60} of type {type(value).__name__}, expected "
                f"{expected}."
            )
        if not least <= value <= most:
            raise ArgumentError(f"{place}, `{name}`: got {value!r}, expected {expected}.")
