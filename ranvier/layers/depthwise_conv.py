"""DepthwiseConv1D, DepthwiseConv2D: each channel with kernels of its own."""

from __future__ import annotations

from typing import Any

from .. import ops
from .conv_base import ConvBase


class DepthwiseConv(ConvBase):
    """The base of DepthwiseConv1D and DepthwiseConv2D."""

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.depth_multiplier = self._count("depth_multiplier", depth_multiplier)
        self._take(kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias)
        self._keep("depthwise", depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel (window..., channels, multiplier) and the bias."""
        channels = self._channels(input_shape)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.kernel = self._weight("kernel", shape, "depthwise")
        if self.use_bias:
            self.bias = self._weight("bias", (channels * self.depth_multiplier,))

    def call(self, inputs: Any) -> Any:
        """Return activation(each channel's windows @ its kernels + bias)."""
        self._check_windows(inputs)
        return self._finished(ops.depthwise_conv(
            inputs, self.kernel, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        ))  # fmt: skip


class DepthwiseConv1D(DepthwiseConv):
    """A convolution over sequences that looks at each channel on its own.

    Args:
        kernel_size: sizes of the window, an int.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        depth_multiplier: outputs for each channel; default 1.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        depthwise_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        depthwise_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        depthwise_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels * multiplier)

    Example:
        >>> DepthwiseConv1D(3, depth_multiplier=2)(ops.zeros((1, 8, 2))).shape
        (1, 6, 4)

    Source: keras.layers.DepthwiseConv1D.
    """

    rank = 1


class DepthwiseConv2D(DepthwiseConv):
    """A convolution over pictures that looks at each channel on its own.

    Args:
        kernel_size: sizes of the window, an int or 2 ints.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        depth_multiplier: outputs for each channel; default 1.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        depthwise_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        depthwise_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        depthwise_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels * multiplier)

    Example:
        >>> DepthwiseConv2D(3, depth_multiplier=2)(ops.zeros((1, 8, 8, 2))).shape
        (1, 6, 6, 4)

    Source: keras.layers.DepthwiseConv2D.
    """

    rank = 2
