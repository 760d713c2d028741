"""RepeatVector: each row several times over, along a new axis."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.whole import whole
from .input_spec import InputSpec
from .layer import Layer


class RepeatVector(Layer):
    """Repeat each row n times.

    Args:
        n: how often, a positive int.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, features) -> (batch, n, features)

    Raises:
        ArgumentError: if n is no positive int.

    Example:
        >>> RepeatVector(2)([[1.0, 2.0]])
        array([[[1., 2.],
                [1., 2.]]], dtype=float32)

    Source: keras.layers.RepeatVector.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = whole(
            f"RepeatVector '{self.name}', `n`", n, 1,
            "Give how often each row is repeated, for instance n=3.",
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs: Any) -> Any:
        """Return the inputs, repeated."""
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)
