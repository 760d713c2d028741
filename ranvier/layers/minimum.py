"""Minimum: the smallest of the inputs, as a layer and as a function."""

from __future__ import annotations

from typing import Any

from .. import ops
from .merge import Merge, joined_where_counted


class Minimum(Merge):
    """Return the smallest of the inputs, element by element.

    min(input_1, input_2, ...)

    A step that the mask of one input leaves out is that of the others.

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
        return joined_where_counted(ops.minimum, inputs)


def minimum(inputs: Any, **kwargs: Any) -> Any:
    """Return the smallest of the inputs; `Minimum(**kwargs)(inputs)`."""
    return Minimum(**kwargs)(inputs)
