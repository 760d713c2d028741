"""Average: the mean of the inputs, as a layer and as a function."""

from __future__ import annotations

from functools import reduce
from typing import Any

from .. import ops
from .merge import Merge


class Average(Merge):
    """Return the mean of the inputs, element by element.

    (input_1 + input_2 + ...) / count

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Average()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[2., 3.]], dtype=float32)

    Source: keras.layers.Average.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the mean of the inputs."""
        return ops.divide(reduce(ops.add, inputs), float(len(inputs)))


def average(inputs: Any, **kwargs: Any) -> Any:
    """Return the mean of the inputs; `Average(**kwargs)(inputs)`."""
    return Average(**kwargs)(inputs)
