"""Ftrl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from ..graph.errors import ArgumentError
from .argument import at_least_zero
from .optimizer import Optimizer
from .option import Options, Rate


class Ftrl(Optimizer):
    """Follow the regularized leader: keeps many weights at exactly zero.

    n = s + g^2, p = -learning_rate_power
    z += g + 2 * shrinkage * w - (n^p - s^p) / learning_rate * w
    w = (clip(z, -l1, l1) - z) / (n^p / learning_rate + 2 * (l2 + beta / (2 * learning_rate)))

    Args:
        learning_rate: default 0.001.
        learning_rate_power: 0 or less; 0 keeps the rate fixed; default -0.5.
        initial_accumulator_value: where the sum s begins, 0 or more; default 0.1.
        l1_regularization_strength: 0 or more; default 0.
        l2_regularization_strength: 0 or more; default 0.
        l2_shrinkage_regularization_strength: 0 or more; default 0.
        beta: default 0.
        **options: what every optimizer takes; see `Optimizer`.

    Raises:
        ArgumentError: if a strength is below 0 or `learning_rate_power` above.

    Example:
        >>> w = Variable([1.0])
        >>> Ftrl(l1_regularization_strength=1000.0).apply([[1.0]], [w])
        >>> w.numpy()
        array([0.], dtype=float32)

    Source: McMahan et al., Ad click prediction (2013); keras.optimizers.Ftrl.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta
        at_least_zero(
            self, "initial_accumulator_value", "l1_regularization_strength",
            "l2_regularization_strength", "l2_shrinkage_regularization_strength",
        )  # fmt: skip
        if not learning_rate_power <= 0:
            raise ArgumentError(
                f"Ftrl, `learning_rate_power`: got {learning_rate_power!r}, expected 0 or less."
            )

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the sum of squares and the linear term."""
        return ({"accumulator": self.initial_accumulator_value, "linear": 0.0},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        rate, power = self.rate(learning_rate, variable.dtype), -self.learning_rate_power
        total, linear = self.slot("accumulator", variable), self.slot("linear", variable)
        l1, shrinkage = self.l1_regularization_strength, self.l2_shrinkage_regularization_strength
        l2 = self.once(
            "l2",
            variable.dtype,
            lambda: 2.0 * (self.l2_regularization_strength + self.beta / (2.0 * rate)),
        )
        new = total + ops.square(gradient)
        root = ops.power(new, power)
        pull = (root - ops.power(total, power)) / rate * variable
        linear.assign_add(gradient + 2 * shrinkage * variable - pull)
        variable.assign((ops.clip(linear, -l1, l1) - linear) / (root / rate + l2))
        total.assign(new)
