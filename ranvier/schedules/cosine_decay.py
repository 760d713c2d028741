"""CosineDecay, with an optional warm-up."""

from __future__ import annotations

import math
from typing import Any

from .. import ops
from ..graph import dial
from ..graph.dtype import floatx
from .schedule import LearningRateSchedule, positive_steps


class CosineDecay(LearningRateSchedule):
    """Fall along half a cosine wave, after a linear warm-up if one is asked for.

    rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)

    With `warmup_target`, the first `warmup_steps` steps lead from `initial_learning_rate` to it
    along a line, and the wave begins there.

    Args:
        initial_learning_rate: learning rate of step 0.
        decay_steps: steps of the wave, above 0.
        alpha: share of the learning rate that is left at the end; default 0.
        name: default "CosineDecay".
        warmup_target: learning rate after the warm-up; default None: no warm-up.
        warmup_steps: steps of the warm-up; default 0.

    Raises:
        ArgumentError: if `decay_steps` is not above 0.

    Example:
        >>> round(float(CosineDecay(0.5, decay_steps=10)(5)), 6)
        0.25

    Source: Loshchilov and Hutter, SGDR (2017); keras.optimizers.schedules.CosineDecay.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: float,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: float = 0,
    ) -> None:
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = positive_steps("CosineDecay", "decay_steps", decay_steps)
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        step, start = ops.cast(step, None), self.initial_learning_rate
        if self.warmup_target is None:
            return self._wave(ops.minimum(step, self.decay_steps), start)
        step = ops.minimum(step, self.decay_steps + self.warmup_steps)
        climb = self.warmup_target - start
        warming = ops.divide(step, self.warmup_steps) * climb + start
        waving = self._wave(step - self.warmup_steps, self.warmup_target)
        return ops.where(ops.less(step, self.warmup_steps), warming, waving)

    def _wave(self, step: Any, rate: float) -> Any:
        half = 0.5 * (1.0 + ops.cos(ops.divide(step, self.decay_steps) * math.pi))
        return ops.multiply(dial(rate, floatx()), (1 - self.alpha) * half + self.alpha)
