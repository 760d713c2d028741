"""Adamax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Adamax(Optimizer):
    """Adam with the largest gradient so far in place of the mean square.

    m += (g - m) * (1 - beta_1); u = max(beta_2 * u, |g|)
    w -= learning_rate * m / ((1 - beta_1^t) * (u + epsilon))

    Args:
        learning_rate: default 0.001.
        beta_1: share of the mean gradient that a step keeps; default 0.9.
        beta_2: share of the largest size that a step keeps; default 0.999.
        epsilon: keeps the divisor from zero; default 1e-7.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> Adamax(0.1).apply([[3.0]], [w])
        >>> w.numpy().round(5)
        array([0.9], dtype=float32)

    Source: Kingma and Ba (2014), section 7; keras.optimizers.Adamax.
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
        """Return the mean gradient and the largest size."""
        return ({"momentum": 0.0, "norm": 0.0},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        dtype = variable.dtype
        rest = self.once("rest", dtype, lambda: 1.0 - self.power(self.beta_1, dtype))
        m, u = self.slot("momentum", variable), self.slot("norm", variable)
        m.assign_add((gradient - m) * (1 - self.beta_1))
        u.assign(ops.maximum(self.beta_2 * u, ops.absolute(gradient)))
        variable.assign_sub(self.rate(learning_rate, dtype) * m / (rest * (u + self.epsilon)))
