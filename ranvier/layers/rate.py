"""The share that a dropout layer drops: its check, and that of the shape of its mask."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError


def checked_rate(rate: Any, place: str, argument: str = "rate") -> float:
    """Return the rate, or raise ArgumentError unless 0 <= rate <= 1."""
    number = isinstance(rate, (int, float, np.number)) and not isinstance(rate, bool)
    if not number or not 0 <= rate <= 1:
        raise ArgumentError(
            f"{place}, `{argument}`: got {rate!r}, expected a number from 0 to 1, for instance "
            f"{argument}=0.5."
        )
    return rate if isinstance(rate, (int, float)) else float(rate)


def checked_noise_shape(shape: Any, place: str) -> tuple[int | None, ...] | None:
    """Return the shape of a mask as a tuple, or raise ArgumentError."""
    if shape is None:
        return None
    sizes = tuple(shape) if isinstance(shape, (list, tuple)) else (shape,)
    if not all(s is None or (isinstance(s, int) and s > 0) for s in sizes):
        raise ArgumentError(
            f"{place}, `noise_shape`: got {shape!r}, expected a tuple of positive ints, 1 where "
            "an axis shares the mask and None where it takes the input's size."
        )
    return sizes
