"""Activation: a function applied to each element, as a layer."""

from __future__ import annotations

from typing import Any

from .. import activations
from .layer import Layer


class Activation(Layer):
    """Apply an activation function.

    Args:
        activation: a name such as "relu", or a function written with `ranvier.ops`.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if the name is unknown.

    Example:
        >>> Activation("relu")([-1.0, 2.0])
        array([0., 2.], dtype=float32)

    Source: keras.layers.Activation.
    """

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return activation(inputs)."""
        return self.activation(inputs)
