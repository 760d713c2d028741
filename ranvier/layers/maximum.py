"""Maximum: the largest of the inputs, as a layer and as a function."""

from __future__ import annotations

from typing import Any

from .. import ops
from .merge import Merge, joined_where_counted


class Maximum(Merge):
    """Return the largest of the inputs, element by element.

    max(input_1, input_2, ...)

    A step that the mask of one input leaves out is that of the others.

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Maximum()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[3., 4.]], dtype=float32)

    Source: keras.layers.Maximum.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the largest of the inputs."""
        return joined_where_counted(ops.maximum, inputs)


def maximum(inputs: Any, **kwargs: Any) -> Any:
    """Return the largest of the inputs; `Maximum(**kwargs)(inputs)`."""
    return Maximum(**kwargs)(inputs)
