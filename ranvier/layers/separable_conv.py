"""SeparableConv1D, SeparableConv2D: each channel on its own, then all at each place."""

from __future__ import annotations

from typing import Any

from .. import ops
from .conv_base import ConvBase


class SeparableConv(ConvBase):
    """The base of SeparableConv1D and SeparableConv2D."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = self._count("filters", filters)
        self.depth_multiplier = self._count("depth_multiplier", depth_multiplier)
        self._take(kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias)
        self._keep("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._keep("pointwise", pointwise_initializer, pointwise_regularizer, pointwise_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel of each channel, the kernel of all of them, and the bias."""
        channels = self._channels(input_shape)
        own = (*self.kernel_size, channels, self.depth_multiplier)
        all_ = (*[1] * self.rank, channels * self.depth_multiplier, self.filters)
        self.depthwise_kernel = self._weight("depthwise_kernel", own, "depthwise")
        self.pointwise_kernel = self._weight("pointwise_kernel", all_, "pointwise")
        if self.use_bias:
            self.bias = self._weight("bias", (self.filters,))

    def call(self, inputs: Any) -> Any:
        """Return activation(the two convolutions + bias)."""
        self._check_windows(inputs)
        return self._finished(ops.separable_conv(
            inputs, self.depthwise_kernel, self.pointwise_kernel, self.strides, self.padding,
            self.data_format, self.dilation_rate,
        ))  # fmt: skip


class SeparableConv1D(SeparableConv):
    """A convolution over sequences in two: each channel on its own, then all of them.

    It needs far fewer products than a convolution that does both at once.

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        depth_multiplier: outputs of the first part for each channel; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        depthwise_initializer, pointwise_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        depthwise_regularizer, pointwise_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        depthwise_constraint, pointwise_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, filters)

    Example:
        >>> SeparableConv1D(4, 3)(ops.zeros((1, 8, 2))).shape
        (1, 6, 4)

    Source: keras.layers.SeparableConv1D.
    """

    rank = 1


class SeparableConv2D(SeparableConv):
    """A convolution over pictures in two: each channel on its own, then all of them.

    It needs far fewer products than a convolution that does both at once.

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int or 2 ints.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        depth_multiplier: outputs of the first part for each channel; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        depthwise_initializer, pointwise_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        depthwise_regularizer, pointwise_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        depthwise_constraint, pointwise_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters)

    Example:
        >>> SeparableConv2D(4, 3)(ops.zeros((1, 8, 8, 2))).shape
        (1, 6, 6, 4)

    Source: keras.layers.SeparableConv2D.
    """

    rank = 2
