"""LearningRateSchedule, the base of all schedules."""

from __future__ import annotations

from typing import Any

from ..graph.config import init_config
from ..graph.errors import ArgumentError
from ..graph.knowing import Knowing


class LearningRateSchedule(Knowing):
    """A learning rate as a function of the step. Subclass it to write your own.

    Write `__call__(self, step)` with Python operators and `ranvier.ops`: it is traced into the
    training step, so that no Python runs while training.

    Example:
        >>> class Halving(LearningRateSchedule):
        ...     def __init__(self, start):
        ...         self.start = start
        ...     def __call__(self, step):
        ...         return self.start * 0.5**step
        >>> Halving(0.1)(2)
        0.025

    Source: keras.optimizers.schedules.LearningRateSchedule.
    """

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        raise NotImplementedError(
            f"Schedule '{type(self).__name__}' has no __call__. Write `def __call__(self, step)` "
            "that returns the learning rate of a step."
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__`."""
        return init_config(self, type(self).get_config is not LearningRateSchedule.get_config)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> LearningRateSchedule:
        """Return a schedule made with the arguments in `config`."""
        return cls(**config)


def positive_steps(schedule: str, argument: str, value: float) -> float:
    """Return `value` if it is above zero, as a number of steps must be."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise ArgumentError(
            f"{schedule}, `{argument}`: got {value!r}, expected a number of steps above 0."
        )
    return value
