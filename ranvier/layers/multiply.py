"""Multiply: the product of the inputs, as a layer and as a function."""

from __future__ import annotations

from functools import reduce
from typing import Any

from .. import ops
from .merge import Merge


class Multiply(Merge):
    """Return the product of the inputs, element by element.

    input_1 * input_2 * ...

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Multiply()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[3., 8.]], dtype=float32)

    Source: keras.layers.Multiply.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the product of the inputs."""
        return reduce(ops.multiply, inputs)


def multiply(inputs: Any, **kwargs: Any) -> Any:
    """Return the product of the inputs; `Multiply(**kwargs)(inputs)`."""
    return Multiply(**kwargs)(inputs)
