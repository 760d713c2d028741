"""SimpleRNNCell: one step of the plainest recurrence."""

from __future__ import annotations

from typing import Any

from .. import ops
from .recurrent_cell import RecurrentCell


class SimpleRNNCell(RecurrentCell):
    """One step: the new state from the input and the old state.

    h' = activation(x @ kernel + bias + h @ recurrent_kernel)

    Args:
        units: size of the state, a positive int.
        activation: default "tanh".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, features), [(batch, units)] -> (batch, units), [(batch, units)]

    Raises:
        ArgumentError: if units is no positive int.

    Example:
        >>> cell = SimpleRNNCell(2)
        >>> y, states = cell([[1.0, 2.0]], cell.get_initial_state(1))
        >>> y.shape
        (1, 2)

    Source: keras.layers.SimpleRNNCell.
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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._keep(
            units, activation, use_bias, dropout, recurrent_dropout, seed,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.state_size = self.units

    def build(self, input_shape: Any) -> None:
        """Make kernel (features, units), recurrent_kernel (units, units) and bias (units,)."""
        self._make(input_shape[-1], (self.units,), self.bias_initializer)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return (output, [state]), both the new state."""
        old = states[0] if isinstance(states, (list, tuple)) else states
        (x,) = self._dropped(inputs, "input", self.dropout, training)
        (h,) = self._dropped(old, "state", self.recurrent_dropout, training)
        y = ops.matmul(x, self.kernel)
        if self.bias is not None:
            y = ops.add(y, self.bias)
        y = ops.add(y, ops.matmul(h, self.recurrent_kernel))
        if self.activation is not None:
            y = self.activation(y)
        return y, [y] if isinstance(states, (list, tuple)) else y
