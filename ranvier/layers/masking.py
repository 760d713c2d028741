"""Masking: steps at which every feature has one value are skipped by the layers behind."""

from __future__ import annotations

from typing import Any

from .. import ops
from .layer import Layer


class Masking(Layer):
    """Mark steps whose features all equal `mask_value`, and set them to 0.

    Args:
        mask_value: default 0.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, features) -> the same

    Example:
        >>> Masking(mask_value=-1.0)([[[-1.0, -1.0], [-1.0, 2.0]]])
        array([[[ 0.,  0.],
                [-1.,  2.]]], dtype=float32)

    Source: keras.layers.Masking.
    """

    def __init__(self, mask_value: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mask_value = mask_value
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs, marked steps as 0."""
        return ops.where(ops.expand_dims(self.compute_mask(inputs), -1), inputs, 0.0)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return which steps count: those where a feature differs from the value."""
        return ops.any(ops.not_equal(inputs, self.mask_value), axis=-1)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the input's shape."""
        return tuple(input_shape)
