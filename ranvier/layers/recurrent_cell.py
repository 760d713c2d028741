"""What cells share: weights made from arguments of one kind, and masks of dropout."""

from __future__ import annotations

from typing import Any

from .. import activations, ops, random
from ..graph.node import const_node
from ..graph.whole import whole
from .layer import Layer
from .rules import rule_of


class RecurrentCell(Layer):
    """The base of SimpleRNNCell, LSTMCell and GRUCell.

    Attributes:
        gates: how many products of `units` columns the kernels hold side by side.
        apart: whether each gate has dropout masks of its own, as Keras has it where recurrent
            dropout is used.
    """

    gates = 1
    # Kept by _keep and _make:
    kernel: Any
    recurrent_kernel: Any
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    # Set by the cells:
    state_size: Any

    def _keep(
        self, units: int, activation: Any, use_bias: bool, dropout: float,
        recurrent_dropout: float, seed: int | None, **arguments: Any,
    ) -> None:  # fmt: skip
        self.units = whole(
            f"{self._place}, `units`", units, 1,
            "Give the size of the state, for instance units=8.",
        )  # fmt: skip
        self.use_bias, self.seed = bool(use_bias), seed
        self.activation = activations.get(activation)
        for name, value in arguments.items():
            setattr(self, name, rule_of(name, value))
        self.dropout = min(1.0, max(0.0, float(dropout)))
        self.recurrent_dropout = min(1.0, max(0.0, float(recurrent_dropout)))
        self.seed_generator = random.SeedGenerator(seed)
        self.apart = self.gates > 1 and self.recurrent_dropout > 0
        self._masks: dict[str, Any] | None = None
        self.bias: Any = None
        self.output_size = self.units

    def _make(
        self, size: int, bias_shape: tuple[int, ...], bias_initializer: Any,
        window: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        width = self.gates * self.units
        for name, shape, initializer, kind in (
            ("kernel", (*window, size, width), self.kernel_initializer, "kernel"),
            ("recurrent_kernel", (*window, self.units, width), self.recurrent_initializer,
             "recurrent"),
            ("bias", bias_shape, bias_initializer, "bias"),
        ):  # fmt: skip
            if name != "bias" or self.use_bias:
                weight = self.add_weight(
                    name=name, shape=shape, initializer=initializer,
                    regularizer=getattr(self, f"{kind}_regularizer"),
                    constraint=getattr(self, f"{kind}_constraint"),
                )  # fmt: skip
                setattr(self, name, weight)

    # --- dropout ----------------------------------------------------------------------------
    def begin(self) -> None:
        """Keep the masks of dropout from now on: all steps of a sequence share them."""
        self._masks = {}

    def end(self) -> None:
        """Forget the masks."""
        self._masks = None

    def _dropped(self, x: Any, which: str, rate: float, training: Any) -> list[Any]:
        """Return x for each gate, with a share of it dropped while training."""
        count = self.gates if self.apart else 1
        if not training or not 0.0 < rate < 1.0:
            return [x] * count
        masks = self._masks.get(which) if self._masks is not None else None
        if masks is None:
            ones = ops.ones_like(x)
            masks = [random.dropout(ones, rate, seed=self.seed_generator) for _ in range(count)]
            if self._masks is not None:
                self._masks[which] = masks
        return [ops.multiply(x, mask) for mask in masks]

    def _products(self, xs: list[Any], kernel: Any) -> Any:
        """Return what the kernel makes of x for all gates, side by side."""
        if len(xs) == 1:
            return ops.matmul(xs[0], kernel)
        parts = ops.split(kernel, self.gates, axis=1)
        return ops.concatenate([ops.matmul(x, k) for x, k in zip(xs, parts, strict=True)], axis=1)

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Return states of zeros for a number of rows."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [zeros(batch_size, size, self.compute_dtype) for size in sizes]


def zeros(rows: Any, size: int, dtype: str) -> Any:
    """Return a state of zeros for a number of rows, or for any number where that is None."""
    if rows is None:
        return ops.broadcast_to(const_node(0.0, dtype), (None, size))
    return ops.zeros((rows, size), dtype=dtype)
