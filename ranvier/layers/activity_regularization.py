"""ActivityRegularization: a penalty on what passes through."""

from __future__ import annotations

from typing import Any

from .. import regularizers
from .layer import Layer


class ActivityRegularization(Layer):
    """Add a penalty on the inputs to the loss, and pass them on.

    penalty = (l1 * sum|x| + l2 * sum x**2) / batch size

    Args:
        l1: weight of the absolute values; default 0.
        l2: weight of the squares; default 0.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Example:
        >>> layer = ActivityRegularization(l1=0.5)
        >>> _ = layer([[1.0, -3.0]])
        >>> float(layer.losses[0])
        2.0

    Source: keras.layers.ActivityRegularization.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1, self.l2 = l1, l2
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any) -> Any:
        """Return the inputs."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; the regularizer is made of l1 and l2."""
        config = super().get_config()
        config.pop("activity_regularizer", None)
        return config
