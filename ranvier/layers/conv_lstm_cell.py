"""ConvLSTMCell: one step of a long short-term memory whose products are convolutions."""

from __future__ import annotations

from typing import Any

from .. import activations, ops
from ..graph.errors import ShapeError
from ..graph.node import const_node
from ..graph.whole import whole
from ..ops.filter import edges, fits, format_of, padding_of
from ..ops.window import count
from .conv_base import windows_of
from .lstm_cell import forgetting
from .recurrent_cell import RecurrentCell


class ConvLSTMCell(RecurrentCell):
    """One step of ConvLSTM1D, ConvLSTM2D or ConvLSTM3D; arguments as there.

    Args:
        rank: number of spatial axes, 1 to 3.
    """

    gates = 4

    def __init__(
        self,
        rank: int,
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
        kernel_constraint: Any = None,
        recurrent_constraint: Any = None,
        bias_constraint: Any = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        place: str = "ConvLSTMCell",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rank = rank
        self.filters = whole(f"{place}, `filters`", filters, 1)
        self.kernel_size, self.strides, self.dilation_rate = windows_of(
            rank, kernel_size, strides, dilation_rate, place
        )
        self.padding = padding_of(padding, place)
        self.data_format = format_of(data_format, place)
        self.place = place
        self._keep(
            self.filters, activation, use_bias, dropout, recurrent_dropout, seed,
            kernel_initializer=kernel_initializer, recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer, kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer, bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint, recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
        )  # fmt: skip
        self.recurrent_activation = activations.get(recurrent_activation)
        self.unit_forget_bias = bool(unit_forget_bias)
        self.apart = max(self.dropout, self.recurrent_dropout) > 0
        self.state_size = [self.filters, self.filters]
        self._state_shape: tuple[int, ...] = ()

    def build(self, input_shape: Any) -> None:
        """Make both kernels (window..., channels or filters, 4 filters) and the bias."""
        last = self.data_format == "channels_last"
        channels, places = (
            (input_shape[-1], input_shape[1:-1]) if last else (input_shape[1], input_shape[2:])
        )
        if channels is None or None in places:
            raise ShapeError(
                f"{self.place}: got steps of shape {tuple(input_shape[1:])}, expected sizes that "
                "are all known: the state has as many places. Give them to Input."
            )
        fits((None, *places, channels), self.kernel_size, self.dilation_rate, self.padding, None,
             f"{self.place}, `kernel_size`")  # fmt: skip
        around = edges((None, *places), self.kernel_size, self.strides, self.dilation_rate,
                       self.padding)  # fmt: skip
        found = [
            count(n + sum(edge), k, t, d)
            for n, edge, k, t, d in zip(places, around, self.kernel_size, self.strides,
                                        self.dilation_rate, strict=True)
        ]  # fmt: skip
        self._state_shape = (*found, self.filters) if last else (self.filters, *found)
        bias = forgetting(self.bias_initializer, self.filters)
        self._make(channels, (4 * self.filters,),
                   bias if self.unit_forget_bias else self.bias_initializer,
                   window=self.kernel_size)  # fmt: skip

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return (output, [state, carry]); the output is the new state."""
        h, c = states
        z = self._convolved(
            self._dropped(inputs, "input", self.dropout, training), self.kernel,
            self.strides, self.padding, self.dilation_rate,
        )  # fmt: skip
        if self.bias is not None:
            last = self.data_format == "channels_last"
            z = ops.add(z, self.bias if last else ops.reshape(self.bias, (-1, *[1] * self.rank)))
        hs = self._dropped(h, "state", self.recurrent_dropout, training)
        z = ops.add(z, self._convolved(hs, self.recurrent_kernel, 1, "same", 1))
        i, f, g, o = ops.split(z, 4, axis=self._axis)
        gate = self.recurrent_activation
        c = ops.add(ops.multiply(gate(f), c), ops.multiply(gate(i), self.activation(g)))
        h = ops.multiply(gate(o), self.activation(c))
        return h, [h, c]

    @property
    def _axis(self) -> int:
        """The axis of channels."""
        return self.rank + 1 if self.data_format == "channels_last" else 1

    def _convolved(self, xs: list[Any], kernel: Any, *how: Any) -> Any:
        """Return the convolution of x for all gates, side by side."""
        strides, padding, dilation = how
        if all(x is xs[0] for x in xs):
            return ops.conv(xs[0], kernel, strides, padding, self.data_format, dilation)
        parts = ops.split(kernel, self.gates, axis=self.rank + 1)
        return ops.concatenate(
            [ops.conv(x, k, strides, padding, self.data_format, dilation)
             for x, k in zip(xs, parts, strict=True)],
            axis=self._axis,
        )  # fmt: skip

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Return states of zeros for a number of rows."""
        shape = (batch_size, *self._state_shape)
        if batch_size is None:
            nothing = const_node(0.0, self.compute_dtype)
            return [ops.broadcast_to(nothing, shape) for _ in range(2)]
        return [ops.zeros(shape, dtype=self.compute_dtype) for _ in range(2)]
