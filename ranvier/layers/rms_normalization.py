"""RMSNormalization: each row divided by the root of its mean square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .affine import checked_axes, checked_epsilon, sizes_at
from .input_spec import InputSpec
from .layer import Layer


class RMSNormalization(Layer):
    """Divide each row by the root of the mean of its squares, then scale each feature.

    output = inputs / sqrt(mean(inputs**2) + epsilon) * scale

    Args:
        axis: the axis (or axes) of the mean; default -1.
        epsilon: added to the mean square; default 1e-6.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input; scale has the sizes of `axis`.

    Raises:
        ArgumentTypeError: if axis is no int or list of ints.
        ShapeError: if an axis lies outside the input.

    Example:
        >>> RMSNormalization()([[3.0, 3.0]]).round(3)
        array([[1., 1.]], dtype=float32)

    Source: keras.layers.RMSNormalization; Zhang and Sennrich, Root mean square layer
    normalization (2019).
    """

    def __init__(
        self, axis: int | Sequence[int] = -1, epsilon: float = 1e-6, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"RMSNormalization '{self.name}'"
        self.axis = checked_axes(axis, place)
        self.epsilon = checked_epsilon(epsilon, place)

    def build(self, input_shape: Any) -> None:
        """Make the scale, of the sizes of the axes."""
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        shape = sizes_at(self, input_shape, self.axis)
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones")

    def call(self, inputs: Any) -> Any:
        """Return the inputs divided by the root of their mean square, scaled."""
        return ops.rms_normalization(inputs, self.scale, self.axis, self.epsilon)
