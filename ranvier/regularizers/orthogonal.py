"""A penalty on rows or columns that point the same way."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ShapeError, nearest
from ..ops.reduce import given
from .regularizer import Regularizer, checked_factor

MODES = ("rows", "columns")


class OrthogonalRegularizer(Regularizer):
    """factor * the mean of |cos| over all pairs of rows (or columns) of a matrix.

    Args:
        factor: default 0.01.
        mode: "rows" or "columns"; default "rows".

    Raises:
        ArgumentError: if `factor` is no finite number of at least 0, or `mode` unknown.
        ShapeError: when called for another rank than 2, or for fewer than two rows (columns).

    Example:
        >>> float(OrthogonalRegularizer(1.0)([[1.0, 0.0], [0.0, 2.0]]))
        0.0

    Source: keras.regularizers.OrthogonalRegularizer.
    """

    def __init__(self, factor: float = 0.01, mode: str = "rows") -> None:
        self.factor = checked_factor(factor, "OrthogonalRegularizer, `factor`", 0.01)
        if mode not in MODES:
            raise ArgumentError(
                f"OrthogonalRegularizer, `mode`: got {mode!r}. {nearest(mode, MODES)}"
            )
        self.mode = mode

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        x = given(x)
        rows = self.mode == "rows"
        if len(x.shape) != 2 or x.shape[0 if rows else 1] in (None, 0, 1):
            raise ShapeError(
                f"OrthogonalRegularizer: got shape {tuple(x.shape)}, expected a matrix of at "
                f"least two {self.mode}."
            )
        size = x.shape[0 if rows else 1]
        total = ops.sum(ops.square(x), 1 if rows else 0, keepdims=True)
        unit = ops.multiply(x, ops.rsqrt(ops.maximum(total, epsilon() ** 2)))
        other = ops.transpose(unit)
        cosines = ops.matmul(unit, other) if rows else ops.matmul(other, unit)
        apart = ops.multiply(ops.absolute(cosines), 1.0 - np.eye(size, dtype=str(x.dtype)))
        return ops.multiply(ops.sum(apart), self.factor / (size * (size - 1)))
