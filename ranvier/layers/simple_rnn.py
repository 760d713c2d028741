"""SimpleRNN: the plainest recurrence along sequences."""

from __future__ import annotations

from typing import Any

from .recurrent_layer import RecurrentLayer
from .simple_rnn_cell import SimpleRNNCell


class SimpleRNN(RecurrentLayer):
    """The plainest recurrence along the steps of sequences.

    h' = activation(x @ kernel + bias + h @ recurrent_kernel)

    The step compiles into one loop over time; the products of the input and the gradients of the
    weights are computed for all steps at once, outside of it.

    Args:
        units: size of the state, a positive int.
        activation: default "tanh".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last state too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        seed: an int for the same masks on each run; default None.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences

    Raises:
        ArgumentError: if units is no positive int.
        ShapeError: if a stateful layer has no fixed batch size.

    Example:
        >>> SimpleRNN(4, return_sequences=True)([[[1.0], [2.0], [3.0]]]).shape
        (1, 3, 4)

    Source: keras.layers.SimpleRNN.
    """

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        recurrent_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.pop("implementation", None)  # one way of computing, whatever Keras' number says
        cell = SimpleRNNCell(
            units,
            activation=activation, use_bias=use_bias, kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer, recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer, kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint, bias_constraint=bias_constraint,
            dropout=dropout, recurrent_dropout=recurrent_dropout, seed=seed,
            dtype=kwargs.get("dtype"), trainable=kwargs.get("trainable", True),
            name="simple_rnn_cell",
        )  # fmt: skip
        super().__init__(
            cell, return_sequences=return_sequences, return_state=return_state,
            go_backwards=go_backwards, stateful=stateful, unroll=unroll,
            zero_output_for_mask=zero_output_for_mask,
            activity_regularizer=activity_regularizer, **kwargs,
        )  # fmt: skip
