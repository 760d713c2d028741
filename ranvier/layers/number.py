"""A number, or an array of them, that a layer keeps: its check."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError


def checked_numbers(value: Any, place: str, argument: str, least: float = -np.inf) -> Any:
    """Return the value as it is, or raise ArgumentError unless it holds finite numbers."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        array = np.asarray(None)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all() or (array < least).any():
        below = "" if least == -np.inf else f" of at least {least:g}"
        raise ArgumentError(
            f"{place}, `{argument}`: got {value!r:.80}, expected a finite number{below} or an "
            "array of them."
        )
    return value
