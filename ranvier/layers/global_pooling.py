"""Global pooling: one number a channel, its largest or its mean."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..ops.filter import format_of
from .input_spec import InputSpec
from .layer import Layer


class GlobalPooling(Layer):
    """The base of global pooling layers; `rank` is the number of spatial axes."""

    rank = 0

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = format_of(data_format, self._place)
        self.keepdims = bool(keepdims)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _axes(self) -> tuple[int, ...]:
        """Return the spatial axes."""
        first = 1 if self.data_format == "channels_last" else 2
        return tuple(range(first, first + self.rank))


class GlobalMaxPooling(GlobalPooling):
    """The base of GlobalMaxPooling1D, GlobalMaxPooling2D and GlobalMaxPooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the largest value of each channel."""
        return ops.max(inputs, self._axes(), self.keepdims)


class GlobalAveragePooling(GlobalPooling):
    """The base of GlobalAveragePooling1D, GlobalAveragePooling2D and GlobalAveragePooling3D."""

    def call(self, inputs: Any) -> Any:
        """Return the mean of each channel."""
        return ops.mean(inputs, self._axes(), self.keepdims)


class GlobalMaxPooling1D(GlobalMaxPooling):
    """The largest value of each channel over sequences.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, channels)

    Example:
        >>> GlobalMaxPooling1D()(ops.zeros((1, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalMaxPooling1D.
    """

    rank = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    """The largest value of each channel over pictures.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, channels)

    Example:
        >>> GlobalMaxPooling2D()(ops.zeros((1, 4, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalMaxPooling2D.
    """

    rank = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    """The largest value of each channel over volumes.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, channels)

    Example:
        >>> GlobalMaxPooling3D()(ops.zeros((1, 4, 4, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalMaxPooling3D.
    """

    rank = 3


class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean of each channel over sequences.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, channels)

    Example:
        >>> GlobalAveragePooling1D()(ops.zeros((1, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalAveragePooling1D.
    """

    rank = 1

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mean of each channel over the steps that the mask keeps."""
        if mask is None:
            return super().call(inputs)
        (axis,) = self._axes()
        kept = ops.cast(ops.expand_dims(mask, 2 if axis == 1 else 1), "bool")
        total = ops.sum(ops.where(kept, inputs, 0), axis, self.keepdims)
        return total / ops.sum(ops.cast(kept, inputs.dtype), axis, self.keepdims)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: no steps are left."""
        return None


class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean of each channel over pictures.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, channels)

    Example:
        >>> GlobalAveragePooling2D()(ops.zeros((1, 4, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalAveragePooling2D.
    """

    rank = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean of each channel over volumes.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        keepdims: whether the spatial axes stay, with size 1; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, channels)

    Example:
        >>> GlobalAveragePooling3D()(ops.zeros((1, 4, 4, 4, 3))).shape
        (1, 3)

    Source: keras.layers.GlobalAveragePooling3D.
    """

    rank = 3
