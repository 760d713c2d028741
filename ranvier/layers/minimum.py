"""Minimum: the smallest of the inputs, as a layer and as a function."""

from __future__ import annotations

from functools import reduce
from typing import Any

from .. import ops
from .merge import Merge


class Minimum(Merge):
    """Return the smallest of the inputs, element by element.

    min(input_1, input_2, ...)

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Minimum()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[1., 2.]], dtype=float32)

    Source: keras.layers.Minimum.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the smallest of the inputs."""
        return reduce(ops.minimum, inputs)


def minimum(inputs: Any, **kwargs: Any) -> Any:
    """Return the smallest of the inputs; `Minimum(**kwargs)(inputs)`."""
    return Minimum(**kwargs)(inputs)
