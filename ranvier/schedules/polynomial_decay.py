"""PolynomialDecay."""

from __future__ import annotations

from typing import Any

from .. import ops
from .schedule import LearningRateSchedule, positive_steps


class PolynomialDecay(LearningRateSchedule):
    """Go from one learning rate to another along a power of the steps left.

    (initial - end) * (1 - min(step, decay_steps) / decay_steps) ** power + end

    Args:
        initial_learning_rate: learning rate of step 0.
        decay_steps: steps until the end, above 0.
        end_learning_rate: learning rate from then on; default 0.0001.
        power: 1 (default) falls along a line.
        cycle: instead of staying at the end, stretch `decay_steps` to the next multiple;
            default False.
        name: default "PolynomialDecay".

    Raises:
        ArgumentError: if `decay_steps` is not above 0.

    Example:
        >>> float(PolynomialDecay(0.5, decay_steps=10, end_learning_rate=0.0)(5))
        0.25

    Source: keras.optimizers.schedules.PolynomialDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = positive_steps("PolynomialDecay", "decay_steps", decay_steps)
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        step = ops.cast(step, None)
        span: Any = self.decay_steps
        if self.cycle:
            rounds = ops.where(ops.equal(step, 0.0), 1.0, ops.ceil(ops.divide(step, span)))
            span = ops.multiply(rounds, span)
        else:
            step = ops.minimum(step, span)
        left = ops.power(1.0 - ops.divide(step, span), self.power)
        fall = ops.multiply(left, self.initial_learning_rate - self.end_learning_rate)
        return ops.add(fall, self.end_learning_rate)
