"""First numbers of a variable that holds state: zeros, ones, one number, or a function's."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from .errors import ArgumentError, nearest
from .function import takes

_FILL = {"zeros": 0.0, "Zeros": 0.0, "ones": 1.0, "Ones": 1.0}


def initial(initializer: Any, shape: Sequence[int], dtype: str) -> np.ndarray:
    """Return the numbers with which state begins.

    Args:
        initializer: "zeros", "ones", a number, or an initializer (a function of shape and dtype).
        shape: their shape.
        dtype: their element type.

    Raises:
        ArgumentError: for another name.

    Example:
        >>> initial("ones", (2,), "float32")
        array([1., 1.], dtype=float32)
    """
    if inspect.isclass(initializer):
        initializer = initializer()
    if callable(initializer):
        takes(initializer, "`initializer`", "shape", "dtype")
        return np.asarray(initializer(tuple(shape), dtype), dtype)
    if isinstance(initializer, str) and initializer not in _FILL:
        raise ArgumentError(
            f"`initializer`: got {initializer!r} for state. {nearest(initializer, _FILL)} Or give "
            "an object of ranvier.initializers."
        )
    fill = 0.0 if initializer is None else _FILL.get(initializer, initializer)
    return np.full(tuple(shape), fill, dtype)
