"""ELU: negative inputs bend towards -alpha."""

from __future__ import annotations

from typing import Any

from .. import activations
from .layer import Layer


class ELU(Layer):
    """x where it is positive, alpha * (exp(x) - 1) elsewhere.

    Args:
        alpha: default 1.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Example:
        >>> ELU()([-1.0, 1.0])
        array([-0.63212055,  1.        ], dtype=float32)

    Source: keras.layers.ELU; Clevert et al., Exponential linear units (2016).
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = alpha
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        """Return elu(inputs)."""
        return activations.elu(inputs, alpha=self.alpha)
