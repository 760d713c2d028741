"""UnitNormalization: each row divided by its length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .affine import checked_axes
from .layer import Layer


class UnitNormalization(Layer):
    """Divide each row by its Euclidean norm, so that it has length 1.

    output = inputs / max(sqrt(sum(inputs**2)), 1e-12)

    Args:
        axis: the axis (or axes) of the norm; default -1.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentTypeError: if axis is no int or list of ints.

    Example:
        >>> UnitNormalization()([[3.0, 4.0]])
        array([[0.6, 0.8]], dtype=float32)

    Source: keras.layers.UnitNormalization. The gradient of a row of zeros is finite here.
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = checked_axes(axis, f"UnitNormalization '{self.name}'")
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        """Return the inputs divided by their norm."""
        return ops.normalize(inputs, self.axis, 2, 1e-12)
