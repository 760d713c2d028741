"""Masks of attention: which values a query sees."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from .. import ops
from ..graph import budget


def causal_mask(queries: int, values: int) -> np.ndarray:
    """Return which values a query sees that looks only back: (1, queries, values).

    Example:
        >>> causal_mask(2, 3)[0].astype(int)
        array([[1, 0, 0],
               [1, 1, 0]])
    """
    budget.constant((queries, values), 1)
    return np.tri(queries, values, dtype=bool)[None]


def window_mask(queries: int, values: int, width: int) -> np.ndarray:
    """Return which values are less than `width` steps away: (1, queries, values)."""
    budget.constant((queries, values))
    apart = np.abs(np.arange(queries)[:, None] - np.arange(values))
    return (apart < width)[None]


def joined_mask(
    query_mask: Any, value_masks: Sequence[Any], bands: Sequence[np.ndarray], attention_mask: Any
) -> Any:
    """Return where all masks say True, (batch, queries, values), or None without any.

    Args:
        query_mask: (batch, queries), or None.
        value_masks: (batch, values) each, or None.
        bands: masks that follow from the steps alone, (1, queries, values).
        attention_mask: (batch, queries, values) or what broadcasts to it, or None.
    """
    seen = [
        *_expanded(query_mask, -1), *(m for one in value_masks for m in _expanded(one, -2)), *bands
    ]  # fmt: skip
    if attention_mask is not None:
        seen.append(ops.cast(attention_mask, "bool"))
    return reduce(ops.logical_and, seen) if seen else None


def _expanded(mask: Any, axis: int) -> list[Any]:
    return [] if mask is None else [ops.expand_dims(ops.cast(mask, "bool"), axis)]
