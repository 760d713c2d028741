"""Reshape: the same numbers of a row in another shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ops
from ..graph.errors import ArgumentError, ShapeError
from ..graph.shape import size
from .input_spec import InputSpec
from .layer import Layer


class Reshape(Layer):
    """Give each row another shape.

    Args:
        target_shape: sizes without the batch axis; one of them may be -1, found from the rest.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, ...) -> (batch, *target_shape)

    Raises:
        ArgumentError: if target_shape is no tuple of ints.
        ShapeError: if a row does not hold that many numbers.

    Example:
        >>> Reshape((2, -1))([[1.0, 2.0, 3.0, 4.0]]).shape
        (1, 2, 2)

    Source: keras.layers.Reshape.
    """

    def __init__(self, target_shape: Sequence[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec(min_ndim=1)
        sizes = target_shape if isinstance(target_shape, (list, tuple)) else (target_shape,)
        whole = all(isinstance(s, (int, np.integer)) and s >= -1 for s in sizes)
        if not whole or list(sizes).count(-1) > 1:
            raise ArgumentError(
                f"Reshape '{self.name}', `target_shape`: got {target_shape!r}, expected ints of at "
                "least 0, at most one of them -1. The batch axis is not among them."
            )
        self.target_shape = tuple(int(s) for s in sizes)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs in their new shape."""
        return ops.reshape(inputs, (inputs.shape[0], *self._sizes(inputs.shape)))

    def _sizes(self, shape: Sequence[int | None]) -> tuple[int, ...]:
        total, known = size(shape[1:]), size(s for s in self.target_shape if s != -1)
        open_size = -1 in self.target_shape
        if (total % known if known else total) if open_size else total != known:
            raise ShapeError(
                f"Reshape '{self.name}': a row of shape {tuple(shape[1:])} holds {total} numbers, "
                f"which do not fit target_shape={self.target_shape}."
            )
        rest = total // known if known else 0
        return tuple(rest if s == -1 else s for s in self.target_shape)
