"""LSTMCell: one step of the long short-term memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import activations, ops
from .recurrent_cell import RecurrentCell


class LSTMCell(RecurrentCell):
    """One step: gates decide what the carry forgets, takes in and shows.

    i, f, g, o = x @ kernel + h @ recurrent_kernel + bias
    c' = sigmoid(f) * c + sigmoid(i) * tanh(g);  h' = sigmoid(o) * tanh(c')

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
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, features), [(batch, units)] * 2 -> (batch, units), [(batch, units)] * 2

    Raises:
        ArgumentError: if units is no positive int.

    Example:
        >>> cell = LSTMCell(2)
        >>> y, (h, c) = cell([[1.0, 2.0]], cell.get_initial_state(1))
        >>> y.shape
        (1, 2)

    Source: keras.layers.LSTMCell; Hochreiter and Schmidhuber, Long Short-Term Memory (Neural
    Computation 9(8), 1997).
    """

    gates = 4

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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.pop("implementation", None)  # one way of computing, whatever Keras' number says
        super().__init__(**kwargs)
        self._keep(
            units, activation, use_bias, dropout, recurrent_dropout, seed,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = bool(unit_forget_bias)
        self.state_size = [self.units, self.units]

    def build(self, input_shape: Any) -> None:
        """Make kernel (features, 4 units), recurrent_kernel (units, 4 units), bias (4 units,)."""
        make = self.bias_initializer
        if self.unit_forget_bias:
            make = forgetting(make, self.units)
        self._make(input_shape[-1], (4 * self.units,), make)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return (output, [state, carry]); the output is the new state."""
        h, c = states
        xs = self._dropped(inputs, "input", self.dropout, training)
        hs = self._dropped(h, "state", self.recurrent_dropout, training)
        z = self._products(xs, self.kernel)
        if self.bias is not None:
            z = ops.add(z, self.bias)
        z = ops.add(z, self._products(hs, self.recurrent_kernel))
        i, f, g, o = ops.split(z, 4, axis=1)
        gate = self.recurrent_activation
        c = ops.add(ops.multiply(gate(f), c), ops.multiply(gate(i), self.activation(g)))
        h = ops.multiply(gate(o), self.activation(c))
        return h, [h, c]


def forgetting(initializer: Any, units: int) -> Any:
    """Return what makes a bias for four gates: that of the second, which forgets, is 1."""

    def bias(shape: Any, dtype: Any = None) -> Any:
        start = np.array(initializer(shape, dtype=dtype))
        start[units : 2 * units] = 1.0
        return start

    return bias
