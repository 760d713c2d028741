"""Add: the sum of the inputs, as a layer and as a function."""

from __future__ import annotations

from functools import reduce
from typing import Any

from .. import ops
from .merge import Merge


class Add(Merge):
    """Return the sum of the inputs, element by element.

    input_1 + input_2 + ...

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Add()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[4., 6.]], dtype=float32)

    Source: keras.layers.Add.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the sum of the inputs."""
        return reduce(ops.add, inputs)


def add(inputs: Any, **kwargs: Any) -> Any:
    """Return the sum of the inputs; `Add(**kwargs)(inputs)`."""
    return Add(**kwargs)(inputs)
