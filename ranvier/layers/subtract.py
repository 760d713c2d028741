"""Subtract: the first input minus the second, as a layer and as a function."""

from __future__ import annotations

from typing import Any

from .. import ops
from .merge import Merge


class Subtract(Merge):
    """Return the first input minus the second, element by element.

    input_1 - input_2

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of two arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Subtract()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[-2., -2.]], dtype=float32)

    Source: keras.layers.Subtract.
    """

    count = 2

    def merge(self, inputs: list[Any]) -> Any:
        """Return the first input minus the second."""
        return ops.subtract(*inputs)


def subtract(inputs: Any, **kwargs: Any) -> Any:
    """Return the first input minus the second; `Subtract(**kwargs)(inputs)`."""
    return Subtract(**kwargs)(inputs)
