"""Flatten: each row becomes one line of numbers."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentTypeError
from ..graph.shape import size
from ..ops.filter import format_of
from .input_spec import InputSpec
from .layer import Layer


class Flatten(Layer):
    """Lay all axes but the batch axis out as one.

    Args:
        data_format: "channels_last" (default) keeps the order; "channels_first" moves axis 1 last
            before it flattens.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, ...) -> (batch, a * b * ...); (batch,) -> (batch, 1)

    Example:
        >>> Flatten()([[[1.0, 2.0], [3.0, 4.0]]])
        array([[1., 2., 3., 4.]], dtype=float32)

    Source: keras.layers.Flatten.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(data_format, (tuple, list, int)):
            raise ArgumentTypeError(
                f"Flatten '{self.name}', `data_format`: got {data_format!r:.40}, which looks like "
                f"a shape. Write Flatten(input_shape={data_format!r:.40}), or put "
                f"Input({data_format!r:.40}) before it."
            )
        self.data_format = format_of(data_format, f"Flatten '{self.name}'")
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with one axis behind the batch axis."""
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        return ops.reshape(inputs, (inputs.shape[0], size(inputs.shape[1:])))
