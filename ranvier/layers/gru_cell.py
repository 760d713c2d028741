"""GRUCell: one step of the gated recurrent unit."""

from __future__ import annotations

from typing import Any

from .. import activations, ops
from .recurrent_cell import RecurrentCell


class GRUCell(RecurrentCell):
    """One step: gates mix the old state with a new one.

    z = sigmoid(x @ Kz + h @ Rz);  r = sigmoid(x @ Kr + h @ Rr)
    n = tanh(x @ Kn + r * (h @ Rn));  h' = z * h + (1 - z) * n

    Args:
        units: size of the state, a positive int.
        activation: of the new state; default "tanh".
        recurrent_activation: of the gates; default "sigmoid".
        use_bias: default True.
        kernel_initializer: default "glorot_uniform".
        recurrent_initializer: default "orthogonal".
        bias_initializer: default "zeros".
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
        dropout: share of the input to drop while training; default 0.
        recurrent_dropout: share of the old state to drop; default 0.
        reset_after: whether r multiplies the product (True, the default) or the state before it.
            With True there are two biases, one a kernel.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, features), [(batch, units)] -> (batch, units), [(batch, units)]

    Raises:
        ArgumentError: if units is no positive int.

    Example:
        >>> cell = GRUCell(2)
        >>> y, states = cell([[1.0, 2.0]], cell.get_initial_state(1))
        >>> y.shape
        (1, 2)

    Source: keras.layers.GRUCell; Cho et al., Learning Phrase Representations using RNN
    Encoder-Decoder (EMNLP 2014).
    """

    gates = 3

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        reset_after: bool = True,
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
        self.reset_after = bool(reset_after)
        self.state_size = self.units

    def build(self, input_shape: Any) -> None:
        """Make kernel (features, 3 units), recurrent_kernel (units, 3 units) and the bias."""
        width = 3 * self.units
        shape = (2, width) if self.reset_after else (width,)
        self._make(input_shape[-1], shape, self.bias_initializer)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return (output, [state]), both the new state."""
        old = states[0] if isinstance(states, (list, tuple)) else states
        xs = self._dropped(inputs, "input", self.dropout, training)
        hs = self._dropped(old, "state", self.recurrent_dropout, training)
        x = self._products(xs, self.kernel)
        if self.bias is not None:
            x = ops.add(x, self.bias[0] if self.reset_after else self.bias)
        x_z, x_r, x_n = ops.split(x, 3, axis=1)
        gate = self.recurrent_activation
        if self.reset_after:
            h = self._products(hs, self.recurrent_kernel)
            if self.bias is not None:
                h = ops.add(h, self.bias[1])
            h_z, h_r, h_n = ops.split(h, 3, axis=1)
            z, r = gate(ops.add(x_z, h_z)), gate(ops.add(x_r, h_r))
            h_n = ops.multiply(r, h_n)
        else:
            kernels = ops.split(self.recurrent_kernel, 3, axis=1)
            z = gate(ops.add(x_z, ops.matmul(hs[0], kernels[0])))
            r = gate(ops.add(x_r, ops.matmul(hs[len(hs) // 2], kernels[1])))
            h_n = ops.matmul(ops.multiply(r, hs[-1]), kernels[2])
        new = self.activation(ops.add(x_n, h_n))
        y = ops.add(ops.multiply(z, old), ops.multiply(ops.subtract(1.0, z), new))
        return y, [y] if isinstance(states, (list, tuple)) else y
