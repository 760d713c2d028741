"""MaxPooling1D, MaxPooling2D, MaxPooling3D: the largest value of each window."""

from __future__ import annotations

from typing import Any

from .. import ops
from .pooling import Pooling


class MaxPooling(Pooling):
    """The base of MaxPooling1D, MaxPooling2D and MaxPooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the largest value of each window."""
        self._check_windows(inputs)
        return ops.max_pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)


class MaxPooling1D(MaxPooling):
    """The largest value of each window over sequences, channel by channel.

    Args:
        pool_size: sizes of the window, an int; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> MaxPooling1D(2)(ops.zeros((1, 8, 3))).shape
        (1, 4, 3)

    Source: keras.layers.MaxPooling1D.
    """

    rank = 1


class MaxPooling2D(MaxPooling):
    """The largest value of each window over pictures, channel by channel.

    Args:
        pool_size: sizes of the window, an int or 2 ints; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> MaxPooling2D(2)(ops.zeros((1, 8, 8, 3))).shape
        (1, 4, 4, 3)

    Source: keras.layers.MaxPooling2D.
    """

    rank = 2


class MaxPooling3D(MaxPooling):
    """The largest value of each window over volumes, channel by channel.

    Args:
        pool_size: sizes of the window, an int or 3 ints; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> MaxPooling3D(2)(ops.zeros((1, 4, 4, 4, 3))).shape
        (1, 2, 2, 2, 3)

    Source: keras.layers.MaxPooling3D.
    """

    rank = 3
