"""Rescaling: inputs times a number plus a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from .layer import Layer
from .number import checked_numbers


class Rescaling(Layer):
    """inputs * scale + offset.

    Args:
        scale: a number or an array that fits the inputs, for instance 1 / 255.
        offset: a number or an array; default 0.
        **kwargs: name, dtype, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if scale or offset is no number.

    Example:
        >>> Rescaling(0.5, offset=-1.0)([0, 2, 4])
        array([-1.,  0.,  1.], dtype=float32)

    Source: keras.layers.Rescaling.
    """

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        place = f"Rescaling '{self.name}'"
        self.scale = checked_numbers(scale, place, "scale")
        self.offset = checked_numbers(offset, place, "offset")
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return inputs * scale + offset, floats."""
        x = ops.multiply(ops.cast(inputs, self.compute_dtype), self._number(self.scale))
        return x if self._is_zero(self.offset) else ops.add(x, self._number(self.offset))

    def _number(self, value: Any) -> Any:
        return np.asarray(value, self.compute_dtype)

    @staticmethod
    def _is_zero(value: Any) -> bool:
        return isinstance(value, (int, float)) and value == 0
