"""LSTM: long short-term memory along sequences."""

from __future__ import annotations

from typing import Any

from .lstm_cell import LSTMCell
from .recurrent_layer import RecurrentLayer


class LSTM(RecurrentLayer):
    """Long short-term memory along the steps of sequences.

    i, f, g, o = x @ kernel + h @ recurrent_kernel + bias
    c' = sigmoid(f) * c + sigmoid(i) * tanh(g);  h' = sigmoid(o) * tanh(c')

    The step compiles into one loop over time; the products of the input and the gradients of the
    weights are computed for all steps at once, outside of it.

    Args:
        units: size of the state, a positive int.
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
        dropout: share of the input to drop while training; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last state and carry too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        use_cudnn: accepted for Keras; has no effect.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences

    Raises:
        ArgumentError: if units is no positive int.
        ShapeError: if a stateful layer has no fixed batch size.

    Example:
        >>> LSTM(4, return_sequences=True)([[[1.0], [2.0], [3.0]]]).shape
        (1, 3, 4)

    Source: keras.layers.LSTM; Hochreiter and Schmidhuber, Long Short-Term Memory (Neural
    Computation 9(8), 1997).
    """

    def __init__(
        self,
        units: int,
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
        use_cudnn: Any = "auto",
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.pop("implementation", None)  # one way of computing, whatever Keras' number says
        cell = LSTMCell(
            units,
            activation=activation, recurrent_activation=recurrent_activation, use_bias=use_bias,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
            dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            dtype=kwargs.get("dtype"), trainable=kwargs.get("trainable", True),
            name="lstm_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state,
            go_backwards=go_backwards, stateful=stateful, unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
        self.use_cudnn = use_cudnn
