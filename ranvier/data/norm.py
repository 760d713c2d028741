"""Rows scaled to length one."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.number import check_numbers
from ..graph.shape import normal_axis, several
from .arrays import as_array


def normalize(x: Any, axis: int = -1, order: int | float = 2) -> np.ndarray:
    """Return `x` divided by its norm along an axis; where that is 0, unchanged.

    x / ||x||, with ||x|| = (sum |x|^order)^(1/order).

    Args:
        x: numbers in any shape.
        axis: along which to measure; default the last.
        order: of the norm; default 2, the Euclidean length.

    Shape: (...) -> (...), but one row alone (n,) -> (1, n), as in Keras.

    Raises:
        ShapeError: for an axis that `x` has not.
        ArgumentTypeError: for an order that is no number.

    Example:
        >>> normalize([[3.0, 4.0]])
        array([[0.6, 0.8]])

    Source: keras.utils.normalize.
    """
    array = as_array(x)
    for one in () if axis is None else several(axis):
        normal_axis(one, array.ndim, "axis")
    if order is not None:
        check_numbers("normalize", order=order)
    norm = np.linalg.norm(array, order, axis, keepdims=True)
    return np.atleast_2d(array / np.where(norm == 0, 1, norm))
