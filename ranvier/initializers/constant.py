"""Initializers without chance: zeros, ones, one number, the identity matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.dtype import canonical
from ..graph.errors import ArgumentTypeError, ShapeError
from .initializer import Initializer, checked_shape


class Zeros(Initializer):
    """Zeros everywhere.

    Example:
        >>> Zeros()((2,)).tolist()
        [0.0, 0.0]

    Source: keras.initializers.Zeros.
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return zeros."""
        return Array.of(np.zeros(checked_shape(shape, "Zeros"), canonical(dtype)))


class Ones(Initializer):
    """Ones everywhere.

    Example:
        >>> Ones()((2,)).tolist()
        [1.0, 1.0]

    Source: keras.initializers.Ones.
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return ones."""
        return Array.of(np.ones(checked_shape(shape, "Ones"), canonical(dtype)))


class Constant(Initializer):
    """One number everywhere.

    Args:
        value: the number; an array is repeated to the shape by NumPy's rules. Default 0.

    Example:
        >>> Constant(0.5)((2,)).tolist()
        [0.5, 0.5]

    Source: keras.initializers.Constant.
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the number in a shape."""
        sizes = checked_shape(shape, "Constant")
        if np.asarray(self.value).dtype.kind not in "biuf":
            raise ArgumentTypeError(
                f"Constant, `value`: got {self.value!r:.60}, expected a number or an array of "
                "numbers."
            )
        try:
            return Array.of(np.full(sizes, self.value, canonical(dtype)))
        except ValueError:
            raise ShapeError(
                f"Constant, `shape`: got {sizes} for a value of shape {np.shape(self.value)}."
            ) from None


class Identity(Initializer):
    """A matrix with one number on its diagonal and zeros elsewhere.

    Args:
        gain: the number on the diagonal; default 1.

    Raises:
        ShapeError: when called for another rank than 2.

    Example:
        >>> Identity()((2, 2)).tolist()
        [[1.0, 0.0], [0.0, 1.0]]

    Source: keras.initializers.Identity.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the matrix."""
        sizes = checked_shape(shape, "Identity")
        if len(sizes) != 2:
            raise ShapeError(f"Identity, `shape`: got {sizes}, expected two axes.")
        return Array.of((self.gain * np.eye(*sizes)).astype(canonical(dtype)))
