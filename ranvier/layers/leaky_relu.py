"""LeakyReLU: negative inputs pass with a small slope."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import activations
from ..graph.errors import ArgumentError
from .layer import Layer


class LeakyReLU(Layer):
    """x where it is positive, negative_slope * x elsewhere.

    Args:
        negative_slope: at least 0; default 0.3. Keras 2 called it `alpha`, which works too.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if the slope is negative.

    Example:
        >>> LeakyReLU(alpha=0.5)([-2.0, 1.0])
        array([-1.,  1.], dtype=float32)

    Source: keras.layers.LeakyReLU.
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        negative_slope = kwargs.pop("alpha", negative_slope)
        super().__init__(**kwargs)
        self.negative_slope = checked_slope(negative_slope, f"LeakyReLU '{self.name}'")
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs, the negative ones scaled."""
        return activations.leaky_relu(inputs, negative_slope=self.negative_slope)


def checked_slope(value: Any, place: str, argument: str = "negative_slope") -> float:
    """Return a slope (or another number), or raise ArgumentError if it is negative."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or not value >= 0:
        raise ArgumentError(
            f"{place}, `{argument}`: got {value!r}, expected a number of at least 0, for instance "
            f"{argument}=0.2."
        )
    return value if isinstance(value, (int, float)) else float(value)
