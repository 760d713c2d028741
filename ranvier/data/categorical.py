"""Labels as one-hot rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, DataError, DataTypeError
from ..graph.whole import whole
from .arrays import as_array


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray:
    """Return class numbers as one-hot rows.

    out[i, x[i]] = 1, and 0 elsewhere.

    Args:
        x: class numbers, 0 to num_classes - 1, in any shape.
        num_classes: how many classes; default the largest of x plus one.

    Shape: (..., ) or (..., 1) -> (..., num_classes).
    Returns: a float64 array.
    Raises:
        DataError: for a class below 0 or from num_classes up, or a fraction.

    Example:
        >>> to_categorical([0, 2], 3)
        array([[1., 0., 0.],
               [0., 0., 1.]])

    Source: keras.utils.to_categorical; there negative classes count from the end, and fractions
        are cut off.
    """
    labels = np.asarray(x) if np.ndim(x) == 0 else as_array(x)
    if labels.dtype.kind not in "biuf":
        raise DataTypeError(f"to_categorical, `x`: got {labels.dtype}, expected class numbers.")
    shape = labels.shape[:-1] if labels.ndim > 1 and labels.shape[-1] == 1 else labels.shape
    flat = labels.reshape(-1)
    if flat.dtype.kind == "f" and not np.array_equal(flat, np.floor(flat)):
        row = int(np.flatnonzero(flat != np.floor(flat))[0])
        raise DataError(
            f"to_categorical, `x`: position {row} holds {flat[row]}, expected whole class numbers."
        )
    flat = flat.astype(np.int64)
    if not num_classes:
        if flat.size == 0:
            raise ArgumentError("to_categorical: no labels; give num_classes.")
        num_classes = int(flat.max()) + 1
    num_classes = whole("to_categorical, `num_classes`", num_classes, 1)
    wrong = np.flatnonzero((flat < 0) | (flat >= num_classes))
    if wrong.size:
        raise DataError(
            f"to_categorical, `x`: position {int(wrong[0])} holds {int(flat[wrong[0]])}, expected "
            f"0 to {num_classes - 1}."
        )
    out = np.zeros((flat.size, num_classes))
    out[np.arange(flat.size), flat] = 1.0
    return out.reshape(*shape, num_classes)
