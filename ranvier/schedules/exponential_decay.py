"""ExponentialDecay."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph import dial
from ..graph.dtype import floatx
from .schedule import LearningRateSchedule, positive_steps


class ExponentialDecay(LearningRateSchedule):
    """Multiply the learning rate by the same factor every so many steps.

    initial_learning_rate * decay_rate ** (step / decay_steps)

    Args:
        initial_learning_rate: learning rate of step 0.
        decay_steps: steps in which it shrinks by `decay_rate`, above 0.
        decay_rate: the factor.
        staircase: shrink once every `decay_steps` steps instead of a little each; default False.
        name: default "ExponentialDecay".

    Raises:
        ArgumentError: if `decay_steps` is not above 0.

    Example:
        >>> float(ExponentialDecay(0.5, decay_steps=10, decay_rate=0.5)(20))
        0.125

    Source: keras.optimizers.schedules.ExponentialDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = positive_steps("ExponentialDecay", "decay_steps", decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        p = ops.divide(ops.cast(step, None), self.decay_steps)
        if self.staircase:
            p = ops.floor(p)
        return ops.multiply(
            dial(self.initial_learning_rate, floatx()), ops.power(self.decay_rate, p)
        )
