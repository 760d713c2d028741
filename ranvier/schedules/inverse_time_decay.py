"""InverseTimeDecay."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph import dial
from ..graph.dtype import floatx
from .schedule import LearningRateSchedule, positive_steps


class InverseTimeDecay(LearningRateSchedule):
    """Divide the learning rate by a number that grows with the step.

    initial_learning_rate / (1 + decay_rate * step / decay_steps)

    This is what `decay=` meant in Keras 2, with decay_steps=1.

    Args:
        initial_learning_rate: learning rate of step 0.
        decay_steps: how often the decay is applied, above 0.
        decay_rate: how fast the divisor grows.
        staircase: decay once every `decay_steps` steps instead of a little each; default False.
        name: default "InverseTimeDecay".

    Raises:
        ArgumentError: if `decay_steps` is not above 0.

    Example:
        >>> float(InverseTimeDecay(0.5, decay_steps=10, decay_rate=1.0)(10))
        0.25

    Source: keras.optimizers.schedules.InverseTimeDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = positive_steps("InverseTimeDecay", "decay_steps", decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        p = ops.divide(ops.cast(step, None), self.decay_steps)
        if self.staircase:
            p = ops.floor(p)
        return ops.divide(dial(self.initial_learning_rate, floatx()), 1.0 + self.decay_rate * p)
