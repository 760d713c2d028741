"""AveragePooling1D, AveragePooling2D, AveragePooling3D: the mean of each window."""

from __future__ import annotations

from typing import Any

from .. import ops
from .pooling import Pooling


class AveragePooling(Pooling):
    """The base of AveragePooling1D, AveragePooling2D and AveragePooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the mean of each window."""
        self._check_windows(inputs)
        return ops.average_pool(
            inputs, self.pool_size, self.strides, self.padding, self.data_format
        )


class AveragePooling1D(AveragePooling):
    """The mean of each window over sequences, channel by channel.

    Args:
        pool_size: sizes of the window, an int; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> AveragePooling1D(2)(ops.zeros((1, 8, 3))).shape
        (1, 4, 3)

    Source: keras.layers.AveragePooling1D.
    """

    rank = 1


class AveragePooling2D(AveragePooling):
    """The mean of each window over pictures, channel by channel.

    Args:
        pool_size: sizes of the window, an int or 2 ints; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> AveragePooling2D(2)(ops.zeros((1, 8, 8, 3))).shape
        (1, 4, 4, 3)

    Source: keras.layers.AveragePooling2D.
    """

    rank = 2


class AveragePooling3D(AveragePooling):
    """The mean of each window over volumes, channel by channel.

    Args:
        pool_size: sizes of the window, an int or 3 ints; default 2.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (default), or "same": windows may reach over the ends.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> AveragePooling3D(2)(ops.zeros((1, 4, 4, 4, 3))).shape
        (1, 2, 2, 2, 3)

    Source: keras.layers.AveragePooling3D.
    """

    rank = 3
