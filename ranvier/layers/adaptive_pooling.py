"""Adaptive pooling: a given number of windows, however large the input is."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..ops.filter import format_of, sizes_of
from .input_spec import InputSpec
from .layer import Layer


class AdaptivePooling(Layer):
    """The base of adaptive pooling layers; `rank` is the number of spatial axes."""

    rank = 0

    def __init__(self, output_size: Any, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        place = self._place
        self.output_size = sizes_of(output_size, self.rank, f"{place}, `output_size`")
        self.data_format = format_of(data_format, place)
        self.input_spec = InputSpec(ndim=self.rank + 2)


class AdaptiveMaxPooling(AdaptivePooling):
    """The base of AdaptiveMaxPooling1D, AdaptiveMaxPooling2D and AdaptiveMaxPooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the largest value of each part."""
        return ops.adaptive_max_pool(inputs, self.output_size, self.data_format)


class AdaptiveAveragePooling(AdaptivePooling):
    """The base of AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the mean of each part."""
        return ops.adaptive_average_pool(inputs, self.output_size, self.data_format)


class AdaptiveMaxPooling1D(AdaptiveMaxPooling):
    """The largest value of each part of sequences, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> AdaptiveMaxPooling1D(2)(ops.zeros((1, 5, 3))).shape
        (1, 2, 3)

    Source: keras.layers.AdaptiveMaxPooling1D.
    """

    rank = 1


class AdaptiveMaxPooling2D(AdaptiveMaxPooling):
    """The largest value of each part of pictures, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int or 2 ints.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> AdaptiveMaxPooling2D(2)(ops.zeros((1, 5, 5, 3))).shape
        (1, 2, 2, 3)

    Source: keras.layers.AdaptiveMaxPooling2D.
    """

    rank = 2


class AdaptiveMaxPooling3D(AdaptiveMaxPooling):
    """The largest value of each part of volumes, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int or 3 ints.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> AdaptiveMaxPooling3D(2)(ops.zeros((1, 5, 5, 5, 3))).shape
        (1, 2, 2, 2, 3)

    Source: keras.layers.AdaptiveMaxPooling3D.
    """

    rank = 3


class AdaptiveAveragePooling1D(AdaptiveAveragePooling):
    """The mean of each part of sequences, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> AdaptiveAveragePooling1D(2)(ops.zeros((1, 5, 3))).shape
        (1, 2, 3)

    Source: keras.layers.AdaptiveAveragePooling1D.
    """

    rank = 1


class AdaptiveAveragePooling2D(AdaptiveAveragePooling):
    """The mean of each part of pictures, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int or 2 ints.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> AdaptiveAveragePooling2D(2)(ops.zeros((1, 5, 5, 3))).shape
        (1, 2, 2, 3)

    Source: keras.layers.AdaptiveAveragePooling2D.
    """

    rank = 2


class AdaptiveAveragePooling3D(AdaptiveAveragePooling):
    """The mean of each part of volumes, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Args:
        output_size: how many parts, an int or 3 ints.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> AdaptiveAveragePooling3D(2)(ops.zeros((1, 5, 5, 5, 3))).shape
        (1, 2, 2, 2, 3)

    Source: keras.layers.AdaptiveAveragePooling3D.
    """

    rank = 3
