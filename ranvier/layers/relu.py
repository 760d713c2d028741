"""ReLU: negative inputs become 0."""

from __future__ import annotations

from typing import Any

from .. import activations
from .layer import Layer
from .leaky_relu import checked_slope


class ReLU(Layer):
    """x where it is positive, 0 elsewhere; with a ceiling, a slope and a threshold if wanted.

    max_value where x >= max_value; x where threshold <= x < max_value;
    negative_slope * (x - threshold) below

    Args:
        max_value: at least 0; default None, no ceiling.
        negative_slope: at least 0; default 0.
        threshold: at least 0; default 0.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if an argument is negative.

    Example:
        >>> ReLU(max_value=6)([-1.0, 3.0, 8.0])
        array([0., 3., 6.], dtype=float32)

    Source: keras.layers.ReLU.
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = f"ReLU '{self.name}'"
        if max_value is not None:
            checked_slope(max_value, place, "max_value")
        self.max_value = max_value
        self.negative_slope = checked_slope(negative_slope, place)
        self.threshold = checked_slope(threshold, place, "threshold")
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return relu(inputs)."""
        return activations.relu(
            inputs, negative_slope=self.negative_slope, max_value=self.max_value,
            threshold=self.threshold,
        )  # fmt: skip
