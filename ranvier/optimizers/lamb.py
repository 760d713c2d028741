"""Lamb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Lamb(Optimizer):
    """Adam with each layer's step scaled to the size of its weights, for large batches.

    d = m_hat / (sqrt(v_hat) + epsilon), m_hat and v_hat as in Adam
    w -= learning_rate * d * norm(w) / norm(d), the quotient being 1 where a norm is 0

    Args:
        learning_rate: default 0.001.
        beta_1: share of the mean gradient that a step keeps; default 0.9.
        beta_2: share of the mean square that a step keeps; default 0.999.
        epsilon: keeps the divisor from zero; default 1e-7.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([2.0])
        >>> Lamb(0.25).apply([[3.0]], [w])
        >>> w.numpy().round(5)
        array([1.5], dtype=float32)

    Source: You et al., Large batch optimization for deep learning (2019); keras.optimizers.Lamb.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        share(self, "beta_1", "beta_2")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the mean gradient and mean square."""
        return ({"momentum": 0.0, "velocity": 0.0},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        dtype = variable.dtype
        rest_1 = self.once("rest_1", dtype, lambda: 1.0 - self.power(self.beta_1, dtype))
        rest_2 = self.once("rest_2", dtype, lambda: 1.0 - self.power(self.beta_2, dtype))
        m, v = self.slot("momentum", variable), self.slot("velocity", variable)
        m.assign_add((gradient - m) * (1 - self.beta_1))
        v.assign_add((ops.square(gradient) - v) * (1 - self.beta_2))
        change = m / rest_1 / (ops.sqrt(v / rest_2) + self.epsilon)
        size = ops.sqrt(ops.sum(ops.square(variable)))
        step = ops.sqrt(ops.sum(ops.square(change)))
        whole = ops.logical_and(ops.greater(size, 0.0), ops.greater(step, 0.0))
        ratio = ops.where(whole, ops.divide(size, step), 1.0)
        variable.assign_sub(ratio * self.rate(learning_rate, dtype) * change)
