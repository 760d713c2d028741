"""ZeroPadding1D, ZeroPadding2D, ZeroPadding3D: zeros around each row."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..ops.filter import format_of
from .ends import ends_of
from .input_spec import InputSpec
from .layer import Layer


class ZeroPadding(Layer):
    """The base of ZeroPadding1D, ZeroPadding2D and ZeroPadding3D."""

    rank = 0

    def __init__(self, padding: Any = 1, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        place = self._place
        self._around = ends_of(padding, self.rank, f"{place}, `padding`")
        self.padding = self._around if self.rank > 1 else self._around[0]
        self.data_format = format_of(data_format, place)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with zeros around."""
        none = (0, 0)
        last = self.data_format == "channels_last"
        return ops.pad(inputs, (none, *self._around, none) if last else (none, none, *self._around))


class ZeroPadding1D(ZeroPadding):
    """Zeros around sequences.

    Args:
        padding: how many, an int for all ends, or (before, after); default 1.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> ZeroPadding1D(1)(ops.ones((1, 2, 3))).shape
        (1, 4, 3)

    Source: keras.layers.ZeroPadding1D.
    """

    rank = 1


class ZeroPadding2D(ZeroPadding):
    """Zeros around pictures.

    Args:
        padding: how many, an int for all ends, 2, or 2 pairs (before, after); default 1.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> ZeroPadding2D(1)(ops.ones((1, 2, 2, 3))).shape
        (1, 4, 4, 3)

    Source: keras.layers.ZeroPadding2D.
    """

    rank = 2


class ZeroPadding3D(ZeroPadding):
    """Zeros around volumes.

    Args:
        padding: how many, an int for all ends, 3, or 3 pairs (before, after); default 1.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> ZeroPadding3D(1)(ops.ones((1, 2, 2, 2, 3))).shape
        (1, 4, 4, 4, 3)

    Source: keras.layers.ZeroPadding3D.
    """

    rank = 3
