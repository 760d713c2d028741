"""ConvLSTM1D, ConvLSTM2D, ConvLSTM3D: memory along sequences of pictures."""

from __future__ import annotations

from typing import Any

from .conv_lstm_cell import ConvLSTMCell
from .input_spec import InputSpec
from .recurrent_layer import RecurrentLayer


class ConvLSTM(RecurrentLayer):
    """The base of ConvLSTM1D, ConvLSTM2D and ConvLSTM3D."""

    rank = 0

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        place = type(self).__name__ + (f" '{kwargs['name']}'" if kwargs.get("name") else "")
        cell = ConvLSTMCell(
            self.rank, filters, kernel_size, strides=strides, padding=padding,
            data_format=data_format, dilation_rate=dilation_rate, activation=activation,
            recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
            dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed, place=place,
            dtype=kwargs.get("dtype"), trainable=kwargs.get("trainable", True),
            name="conv_lstm_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state,
            go_backwards=go_backwards, stateful=stateful, unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.input_spec = InputSpec(ndim=self.rank + 3)


class ConvLSTM1D(ConvLSTM):
    """Long short-term memory along sequences of rows, whose products are convolutions.

    i, f, g, o = conv(x, kernel) + conv(h, recurrent_kernel) + bias
    c' = sigmoid(f) * c + sigmoid(i) * tanh(g);  h' = sigmoid(o) * tanh(c')

    The step compiles into one loop over time; convolutions of the input are computed for all
    steps at once, before it.

    Args:
        filters: channels of the state, a positive int.
        kernel_size: sizes of the window, an int.
        strides: steps between windows over the input, an int or one an axis; default 1.
        padding: of the input, "valid" (default) or "same"; the state is always padded.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window over the input; default 1.
        activation: of the candidate and the carry; default "tanh".
        recurrent_activation: of the gates; default "sigmoid".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        unit_forget_bias: start the forget gate's bias at 1; default True.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training, for each gate anew; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last state and carry too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, length, channels) -> (batch, new_length, filters), or
        (batch, steps, new_length, filters) with return_sequences

    Raises:
        ArgumentError: if filters is no positive int, or both strides and dilation_rate are not 1.
        ShapeError: if a size of a step is open, or a stateful layer has no fixed batch size.

    Example:
        >>> from ranvier.ops import zeros
        >>> ConvLSTM1D(4, 3, padding="same")(zeros((1, 3, 8, 2))).shape
        (1, 8, 4)

    Source: keras.layers.ConvLSTM1D; Shi et al., Convolutional LSTM Network (NIPS 2015).
    """

    rank = 1


class ConvLSTM2D(ConvLSTM):
    """Long short-term memory along sequences of pictures, whose products are convolutions.

    i, f, g, o = conv(x, kernel) + conv(h, recurrent_kernel) + bias
    c' = sigmoid(f) * c + sigmoid(i) * tanh(g);  h' = sigmoid(o) * tanh(c')

    The step compiles into one loop over time; convolutions of the input are computed for all
    steps at once, before it.

    Args:
        filters: channels of the state, a positive int.
        kernel_size: sizes of the window, an int or 2 ints.
        strides: steps between windows over the input, an int or one an axis; default 1.
        padding: of the input, "valid" (default) or "same"; the state is always padded.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window over the input; default 1.
        activation: of the candidate and the carry; default "tanh".
        recurrent_activation: of the gates; default "sigmoid".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        unit_forget_bias: start the forget gate's bias at 1; default True.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training, for each gate anew; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last state and carry too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, height, width, channels) -> (batch, new_height, new_width, filters), or
        (batch, steps, new_height, new_width, filters) with return_sequences

    Raises:
        ArgumentError: if filters is no positive int, or both strides and dilation_rate are not 1.
        ShapeError: if a size of a step is open, or a stateful layer has no fixed batch size.

    Example:
        >>> from ranvier.ops import zeros
        >>> ConvLSTM2D(4, 3, padding="same")(zeros((1, 3, 8, 6, 2))).shape
        (1, 8, 6, 4)

    Source: keras.layers.ConvLSTM2D; Shi et al., Convolutional LSTM Network (NIPS 2015).
    """

    rank = 2


class ConvLSTM3D(ConvLSTM):
    """Long short-term memory along sequences of volumes, whose products are convolutions.

    i, f, g, o = conv(x, kernel) + conv(h, recurrent_kernel) + bias
    c' = sigmoid(f) * c + sigmoid(i) * tanh(g);  h' = sigmoid(o) * tanh(c')

    The step compiles into one loop over time; convolutions of the input are computed for all
    steps at once, before it.

    Args:
        filters: channels of the state, a positive int.
        kernel_size: sizes of the window, an int or 3 ints.
        strides: steps between windows over the input, an int or one an axis; default 1.
        padding: of the input, "valid" (default) or "same"; the state is always padded.
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window over the input; default 1.
        activation: of the candidate and the carry; default "tanh".
        recurrent_activation: of the gates; default "sigmoid".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        unit_forget_bias: start the forget gate's bias at 1; default True.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training, for each gate anew; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last state and carry too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, depth, height, width, channels) -> (batch, new_depth, new_height,
        new_width, filters), with the steps too with return_sequences

    Raises:
        ArgumentError: if filters is no positive int, or both strides and dilation_rate are not 1.
        ShapeError: if a size of a step is open, or a stateful layer has no fixed batch size.

    Example:
        >>> from ranvier.ops import zeros
        >>> ConvLSTM3D(4, 3, padding="same")(zeros((1, 3, 4, 4, 4, 2))).shape
        (1, 4, 4, 4, 4)

    Source: keras.layers.ConvLSTM3D; Shi et al., Convolutional LSTM Network (NIPS 2015).
    """

    rank = 3
