"""Indices as vectors, written with ops: what traced layers share."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph import budget
from .preparation import one_of


def checked_mode(mode: Any, known: tuple[str, ...], place: str) -> Any:
    """Return an output mode, by its name of today."""
    return one_of("output_mode", "multi_hot" if mode == "binary" else mode, known, place)


def encode(indices: Any, mode: str, depth: int, dtype: str, weights: Any = None) -> Any:
    """Return indices as they are ("int"), or as vectors of `depth` numbers.

    Args:
        indices: whole numbers; those outside of 0 <= index < depth leave no trace in vectors.
        mode: "int", "one_hot", "multi_hot" or "count".
        depth: length of the vectors.
        dtype: of the result.
        weights: what each index counts, in mode "count".
    """
    if isinstance(indices, (bool, int, float, list, tuple)):
        indices = np.asarray(indices)
    if mode == "int":
        return ops.cast(indices, dtype)
    if len(indices.shape) == 0:
        indices = ops.expand_dims(indices, -1)
    if mode == "one_hot" and len(indices.shape) > 1 and indices.shape[-1] == 1:
        indices = ops.squeeze(indices, -1)
    indices = ops.cast(indices, "int32")
    budget.constant((depth,))
    vectors = ops.cast(
        ops.equal(ops.expand_dims(indices, -1), np.arange(depth, dtype="int32")), dtype
    )
    if mode == "one_hot":
        return vectors
    axis = 1 if len(indices.shape) > 1 else 0
    if mode == "multi_hot":
        return ops.max(vectors, axis)
    if weights is not None:
        vectors = ops.multiply(vectors, ops.expand_dims(weights, -1))
    return ops.sum(vectors, axis)
