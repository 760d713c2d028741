"""How many places at both ends of each axis, as cropping and padding take them."""

from __future__ import annotations

from typing import Any

from ..ops.filter import sizes_of


def ends_of(value: Any, rank: int, place: str) -> tuple[tuple[int, int], ...]:
    """Return (before, after) of each axis from one int, one an axis, or a pair an axis.

    Example:
        >>> ends_of((1, (0, 2)), 2, "ZeroPadding2D")
        ((1, 1), (0, 2))
    """
    if rank == 1 or isinstance(value, int):
        given = [value] * rank
    else:
        given = list(value) if isinstance(value, (list, tuple)) else []
        if len(given) != rank:
            sizes_of(value, rank, place, 0)  # says what was expected
    return tuple((a, b) for a, b in (sizes_of(n, 2, place, 0) for n in given))
