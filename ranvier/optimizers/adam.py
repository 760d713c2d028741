"""Adam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Adam(Optimizer):
    """Momentum and a step size of its own for each weight: the usual first choice.

    m += (g - m) * (1 - beta_1); v += (g^2 - v) * (1 - beta_2)
    w -= m * alpha / (sqrt(v) + epsilon),
    alpha = learning_rate * sqrt(1 - beta_2^t) / (1 - beta_1^t), which undoes the zeros in which
    m and v began.

    Args:
        learning_rate: default 0.001.
        beta_1: share of the mean gradient that a step keeps; default 0.9.
        beta_2: share of the mean square that a step keeps; default 0.999.
        epsilon: keeps the divisor from zero; default 1e-7 (the epsilon-hat of the paper).
        amsgrad: divide by the largest v so far; default False.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> Adam(0.1).apply([[3.0]], [w])
        >>> w.numpy().round(5)
        array([0.9], dtype=float32)

    Source: Kingma and Ba (2014), the form before section 2.1; Reddi et al. (2018) for amsgrad;
    keras.optimizers.Adam.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
        share(self, "beta_1", "beta_2")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the mean gradient and mean square, and the largest mean square for amsgrad."""
        pair = {"momentum": 0.0, "velocity": 0.0}
        return (pair, {"velocity_hat": 0.0}) if self.amsgrad else (pair,)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        alpha = self.once("alpha", variable.dtype, lambda: self._alpha(learning_rate, variable))
        m, v = self.slot("momentum", variable), self.slot("velocity", variable)
        m.assign_add((gradient - m) * (1 - self.beta_1))
        v.assign_add((ops.square(gradient) - v) * (1 - self.beta_2))
        if self.amsgrad:
            largest = self.slot("velocity_hat", variable)
            largest.assign(ops.maximum(largest, v))
            v = largest
        variable.assign_sub(m * alpha / (ops.sqrt(v) + self.epsilon))

    def _alpha(self, learning_rate: Any, variable: Variable) -> Any:
        dtype = variable.dtype
        rest_1, rest_2 = self.power(self.beta_1, dtype), self.power(self.beta_2, dtype)
        return self.rate(learning_rate, dtype) * ops.sqrt(1.0 - rest_2) / (1.0 - rest_1)
