"""Rows scaled to length one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import as_array


def normalize(x: Any, axis: int = -1, order: int | float = 2) -> np.ndarray:
    """Return `x` divided by its norm along an axis; where that is 0, unchanged.

    x / ||x||, with ||x|| = (sum |x|^order)^(1/order).

    Args:
        x: numbers in any shape.
        axis: along which to measure; default the last.
        order: of the norm; default 2, the Euclidean length.

    Shape: (...) -> (...), but one row alone (n,) -> (1, n), as in Keras.

    Example:
        >>> normalize([[3.0, 4.0]])
        array([[0.6, 0.8]])

    Source: keras.utils.normalize.
    """
    array = as_array(x)
    norm = np.linalg.norm(array, order, axis, keepdims=True)
    return np.atleast_2d(array / np.where(norm == 0, 1, norm))
