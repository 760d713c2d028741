"""CosineDecayRestarts."""

from __future__ import annotations

import math
from typing import Any

from .. import ops
from ..graph import dial
from .schedule import LearningRateSchedule, positive_steps


class CosineDecayRestarts(LearningRateSchedule):
    """Fall along half a cosine wave, again and again.

    Round i takes first_decay_steps * t_mul ** i steps and begins at
    initial_learning_rate * m_mul ** i.

    Args:
        initial_learning_rate: learning rate of step 0.
        first_decay_steps: steps of the first round, above 0.
        t_mul: how much longer each round is than the one before; default 2.
        m_mul: share of the learning rate at which the next round begins; default 1.
        alpha: share of the learning rate that is left at the end of a round; default 0.
        name: default "SGDRDecay".

    Raises:
        ArgumentError: if `first_decay_steps` is not above 0.

    Example:
        >>> round(float(CosineDecayRestarts(0.5, first_decay_steps=10)(20)), 6)
        0.25

    Source: Loshchilov and Hutter, SGDR (2017); keras.optimizers.schedules.CosineDecayRestarts.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: float,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = positive_steps(
            "CosineDecayRestarts", "first_decay_steps", first_decay_steps
        )
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        # In float64, for a floor tells whether a restart has come; what rounding takes from a
        # whole number (logarithms lose 1e-14 at most) must not make the restart a step late.
        done = ops.divide(ops.cast(step, "float64"), self.first_decay_steps)
        if self.t_mul == 1.0:
            rounds = ops.floor(done)
            done = done - rounds
        else:
            # Rounds 0 .. i-1 take (1 - t_mul ** i) / (1 - t_mul) times the first.
            growth = 1.0 - self.t_mul
            rounds = ops.divide(ops.log(1.0 - done * growth), math.log(self.t_mul))
            rounds = ops.floor(rounds + 1e-12)
            length = ops.power(self.t_mul, rounds)
            done = ops.divide(done - ops.divide(1.0 - length, growth), length)
        half = 0.5 * ops.power(self.m_mul, rounds) * (1.0 + ops.cos(done * math.pi))
        first = dial(self.initial_learning_rate, "float64")
        rate = ops.multiply(first, (1 - self.alpha) * half + self.alpha)
        return ops.cast(rate, None)
