"""Permute: the axes of a row in another order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from .input_spec import InputSpec
from .layer import Layer


class Permute(Layer):
    """Reorder the axes behind the batch axis.

    Args:
        dims: the old number of each new axis, counted from 1: (2, 1) swaps two axes.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b) -> (batch, b, a) for dims=(2, 1)

    Raises:
        ArgumentError: if dims are not 1, 2, ... in some order.

    Example:
        >>> Permute((2, 1))([[[1.0, 2.0, 3.0]]]).shape
        (1, 3, 1)

    Source: keras.layers.Permute.
    """

    def __init__(self, dims: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        ok = isinstance(dims, (list, tuple)) and sorted(dims) == list(range(1, len(dims) + 1))
        if not ok:
            raise ArgumentError(
                f"Permute '{self.name}', `dims`: got {dims!r}, expected the numbers 1 to n in some "
                "order, for instance (2, 1). The batch axis is not among them."
            )
        self.dims = tuple(dims)
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with their axes reordered."""
        return ops.transpose(inputs, (0, *self.dims))
