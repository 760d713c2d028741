"""A number of units, filters or the like: its check."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError


def checked_count(value: Any, place: str, argument: str, way_out: str = "") -> int:
    """Return a positive int as an int, or raise ArgumentError with the way out."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
        words = f"{place}, `{argument}`: got {value!r}, expected a positive int. {way_out}"
        raise ArgumentError(words.rstrip())
    return int(value)
