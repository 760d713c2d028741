"""Conv1DTranspose, Conv2DTranspose, Conv3DTranspose: from few places to many."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from ..ops.filter import sizes_of
from .conv_base import ConvBase


class ConvTranspose(ConvBase):
    """The base of Conv1DTranspose, Conv2DTranspose and Conv3DTranspose."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = self._count("filters", filters)
        self._take(kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias)
        place = f"{self._place}, `output_padding`"
        self.output_padding = None if output_padding is None else sizes_of(
            output_padding, self.rank, place, 0)  # fmt: skip
        more = self.output_padding or (0,) * self.rank
        if any(n >= t for n, t in zip(more, self.strides, strict=True)):
            raise ArgumentError(
                f"{place}: got {output_padding!r} for strides={self.strides}, expected less."
            )
        self._keep("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel (window..., filters, channels) and the bias (filters,)."""
        shape = (*self.kernel_size, self.filters, self._channels(input_shape))
        self.kernel = self._weight("kernel", shape)
        if self.use_bias:
            self.bias = self._weight("bias", (self.filters,))

    def call(self, inputs: Any) -> Any:
        """Return activation(kernels added up at every place + bias)."""
        return self._finished(ops.conv_transpose(
            inputs, self.kernel, self.strides, self.padding, self.output_padding,
            self.data_format, self.dilation_rate,
        ))  # fmt: skip


class Conv1DTranspose(ConvTranspose):
    """The transpose of a convolution over sequences: every place adds its kernel to the output.

    It is to a convolution of the same arguments what its gradient is, and makes inputs larger.

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int.
        strides: places of the output for each of the input, an int or one an axis; default 1.
        padding: "valid" (default), or "same" for exactly `strides` places each.
        output_padding: places more at the end, fewer than `strides`; default what `padding` needs.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, filters)

    Example:
        >>> Conv1DTranspose(4, 3, strides=2, padding="same")(ops.zeros((1, 4, 2))).shape
        (1, 8, 4)

    Source: keras.layers.Conv1DTranspose.
    """

    rank = 1


class Conv2DTranspose(ConvTranspose):
    """The transpose of a convolution over pictures: every place adds its kernel to the output.

    It is to a convolution of the same arguments what its gradient is, and makes inputs larger.

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int or 2 ints.
        strides: places of the output for each of the input, an int or one an axis; default 1.
        padding: "valid" (default), or "same" for exactly `strides` places each.
        output_padding: places more at the end, fewer than `strides`; default what `padding` needs.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, filters)

    Example:
        >>> Conv2DTranspose(4, 3, strides=2, padding="same")(ops.zeros((1, 4, 4, 2))).shape
        (1, 8, 8, 4)

    Source: keras.layers.Conv2DTranspose.
    """

    rank = 2


class Conv3DTranspose(ConvTranspose):
    """The transpose of a convolution over volumes: every place adds its kernel to the output.

    It is to a convolution of the same arguments what its gradient is, and makes inputs larger.

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int or 3 ints.
        strides: places of the output for each of the input, an int or one an axis; default 1.
        padding: "valid" (default), or "same" for exactly `strides` places each.
        data_format: "channels_last" (default) or "channels_first".
        output_padding: places more at the end, fewer than `strides`; default what `padding` needs.
        dilation_rate: steps between the elements of a window; default 1.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, filters)

    Example:
        >>> Conv3DTranspose(4, 3, strides=2, padding="same")(ops.zeros((1, 4, 4, 4, 2))).shape
        (1, 8, 8, 8, 4)

    Source: keras.layers.Conv3DTranspose.
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,  # before output_padding, as Keras has it here alone
        output_padding: Any = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate,
            activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
            bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
