"""Conv1D, Conv2D, Conv3D: the same small kernel at every place."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError, ShapeError
from .conv_base import ConvBase


class Conv(ConvBase):
    """The base of Conv1D, Conv2D and Conv3D."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        groups: int = 1,
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
        self.filters, self.groups = self._count("filters", filters), self._count("groups", groups)
        if self.filters % self.groups:
            raise ArgumentError(
                f"{self._place}, `filters`: got {filters} for {groups} "
                "groups, expected a multiple of them."
            )
        self._take(kernel_size, strides, padding, data_format, dilation_rate, activation, use_bias)
        self._keep("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self._keep("bias", bias_initializer, bias_regularizer, bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Make the kernel (window..., channels / groups, filters) and the bias (filters,)."""
        channels = self._channels(input_shape)
        if channels % self.groups:
            raise ShapeError(
                f"{self._place}, `groups`: got {self.groups} for an input "
                f"of {channels} channels, expected a divisor of them."
            )
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = self._weight("kernel", shape)
        if self.use_bias:
            self.bias = self._weight("bias", (self.filters,))

    def call(self, inputs: Any) -> Any:
        """Return activation(windows of the input @ kernel + bias)."""
        self._check_windows(inputs)
        return self._finished(ops.conv(
            inputs, self.kernel, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        ))  # fmt: skip


class Conv1D(Conv):
    """A convolution over sequences: every place looks at its window with the same kernel.

    output = activation(windows @ kernel + bias)

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), "causal" (zeros before the first), or "same":
            zeros around, for as many places as steps fit into the input.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        groups: into how many parts channels and filters are cut, each on its own; default 1.
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
        >>> Conv1D(4, 3, padding="same")(ops.zeros((1, 8, 2))).shape
        (1, 8, 4)

    Source: keras.layers.Conv1D.
    """

    rank = 1
    paddings = ("valid", "same", "causal")


class Conv2D(Conv):
    """A convolution over pictures: every place looks at its window with the same kernel.

    output = activation(windows @ kernel + bias)

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int or 2 ints.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        groups: into how many parts channels and filters are cut, each on its own; default 1.
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
        >>> Conv2D(4, 3, padding="same")(ops.zeros((1, 8, 8, 2))).shape
        (1, 8, 8, 4)

    Source: keras.layers.Conv2D.
    """

    rank = 2


class Conv3D(Conv):
    """A convolution over volumes: every place looks at its window with the same kernel.

    output = activation(windows @ kernel + bias)

    Args:
        filters: how many outputs a place, a positive int.
        kernel_size: sizes of the window, an int or 3 ints.
        strides: steps between windows, an int or one an axis; default 1.
        padding: "valid" (default), or "same":
            zeros around, for as many places as steps fit into the input.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window; default 1.
        groups: into how many parts channels and filters are cut, each on its own; default 1.
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
        >>> Conv3D(4, 3, padding="same")(ops.zeros((1, 4, 4, 4, 2))).shape
        (1, 4, 4, 4, 4)

    Source: keras.layers.Conv3D.
    """

    rank = 3
