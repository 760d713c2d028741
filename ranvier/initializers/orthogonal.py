"""The initializer that makes rows or columns orthogonal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.dtype import canonical
from ..graph.errors import ShapeError
from ..random import flat_normal
from .initializer import RandomInitializer, checked_shape


class Orthogonal(RandomInitializer):
    """A random matrix with orthonormal columns, or rows where there are fewer of them.

    Q of the QR decomposition of a normal matrix, signs chosen so that every rotation is equally
    likely. More than two axes: all but the last count as rows.

    Args:
        gain: factor on the matrix; default 1.
        seed: an int, a SeedGenerator or None; default None.

    Raises:
        ShapeError: when called for fewer than two axes.

    Example:
        >>> q = Orthogonal(seed=1)((3, 3))
        >>> bool(np.allclose(q.T @ q, np.eye(3), atol=1e-6))
        True

    Source: keras.initializers.Orthogonal; Saxe et al. (2014).
    """

    def __init__(self, gain: float = 1.0, seed: Any = None) -> None:
        self.gain = gain
        super().__init__(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the matrix."""
        sizes = checked_shape(shape, "Orthogonal")
        if len(sizes) < 2:
            raise ShapeError(f"Orthogonal, `shape`: got {sizes}, expected at least two axes.")
        rows, columns = math.prod(sizes[:-1]), sizes[-1]
        if rows == 0 or columns == 0:
            return Array.of(np.zeros(sizes, canonical(dtype)))
        tall = (max(rows, columns), min(rows, columns))
        drawn = self._drawn(flat_normal, tall, dtype)
        # In float64: LAPACK's rounding depends on its threads, and float32 hides that.
        q, r = np.linalg.qr(drawn.astype(np.float64))
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        q = q.T if rows < columns else q
        return Array.of((self.gain * q.reshape(sizes)).astype(drawn.dtype))
