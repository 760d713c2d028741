"""Nadam."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Nadam(Optimizer):
    """Adam with Nesterov's look ahead.

    u_t = beta_1 * (1 - 0.96^t / 2), p_t = u_1 * ... * u_t; m and v as in Adam;
    m_hat = u_(t+1) * m / (1 - p_(t+1)) + (1 - u_t) * g / (1 - p_t); v_hat = v / (1 - beta_2^t)
    w -= m_hat * learning_rate / (sqrt(v_hat) + epsilon)

    Args:
        learning_rate: default 0.001.
        beta_1: share of the mean gradient that a step keeps; default 0.9.
        beta_2: share of the mean square that a step keeps; default 0.999.
        epsilon: keeps the divisor from zero; default 1e-7.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> Nadam(0.1).apply([[3.0]], [w])
        >>> bool(w.numpy()[0] < 1)
        True

    Source: Dozat, Incorporating Nesterov momentum into Adam (2015); keras.optimizers.Nadam. With
    gradient accumulation the product p grows once a round, where Keras on JAX lets it grow at
    every batch.
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

    def build(self, variables: Iterable[Variable]) -> None:
        """Make the slots, and the product of all u so far."""
        super().build(variables)
        dtype = self._targets[0].dtype if self._targets else None
        self._product = self.new_variable(1.0, "variable", dtype)

    def begin_step(self, learning_rate: Any) -> None:
        """Multiply the product by this step's u."""
        self._product.assign(self._product * self._u(0, self._product.dtype))

    def _u(self, ahead: int, dtype: str) -> Any:
        return self.once(f"u {ahead}", dtype, lambda: self.beta_1 * (
            1.0 - 0.5 * ops.power(0.96, self.count(dtype) + float(ahead))))  # fmt: skip

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        dtype = variable.dtype
        u, next_u = self._u(0, dtype), self._u(1, dtype)
        product = self.once("product", dtype, lambda: ops.cast(self._product, dtype))
        rest = self.once("rest", dtype, lambda: 1.0 - product)
        next_rest = self.once("next rest", dtype, lambda: 1.0 - product * next_u)
        new = self.once("new", dtype, lambda: 1.0 - u)
        rest_2 = self.once("rest_2", dtype, lambda: 1.0 - self.power(self.beta_2, dtype))
        m, v = self.slot("momentum", variable), self.slot("velocity", variable)
        m.assign_add((gradient - m) * (1 - self.beta_1))
        v.assign_add((ops.square(gradient) - v) * (1 - self.beta_2))
        m_hat = next_u * m / next_rest + new * gradient / rest
        spread = ops.sqrt(v / rest_2) + self.epsilon
        variable.assign_sub(m_hat * self.rate(learning_rate, dtype) / spread)
