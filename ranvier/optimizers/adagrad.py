"""Adagrad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import at_least_zero
from .optimizer import Optimizer
from .option import Options, Rate


class Adagrad(Optimizer):
    """Divide each gradient by the root of the sum of its squares so far.

    s += g^2; w -= learning_rate * g / sqrt(s + epsilon)

    Args:
        learning_rate: default 0.001 (the paper's value is 1.0).
        initial_accumulator_value: where the sum s begins, 0 or more; default 0.1.
        epsilon: keeps the root from zero; default 1e-7.
        **options: what every optimizer takes; see `Optimizer`.

    Raises:
        ArgumentError: if `initial_accumulator_value` is below 0.

    Example:
        >>> w = Variable([1.0])
        >>> Adagrad(0.5, initial_accumulator_value=0.0).apply([[2.0]], [w])
        >>> w.numpy()
        array([0.5], dtype=float32)

    Source: Duchi et al., Adaptive subgradient methods (2011); keras.optimizers.Adagrad.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon
        at_least_zero(self, "initial_accumulator_value")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the sum of squares."""
        return ({"accumulator": self.initial_accumulator_value},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        total = self.slot("accumulator", variable)
        total.assign_add(ops.square(gradient))
        rate = self.rate(learning_rate, variable.dtype)
        variable.assign_sub(rate * gradient / ops.sqrt(total + self.epsilon))
