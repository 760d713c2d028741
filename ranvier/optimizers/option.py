"""What every optimizer takes besides its own arguments, for type checkers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from ..schedules import LearningRateSchedule

#: What `learning_rate=` takes: a number, a schedule, or a function without arguments.
Rate = float | LearningRateSchedule | Callable[[], Any]


class Shared(TypedDict, total=False):
    """The arguments that every optimizer takes besides its own; see `Optimizer`."""

    clipnorm: float | None
    clipvalue: float | None
    global_clipnorm: float | None
    use_ema: bool
    ema_momentum: float
    ema_overwrite_frequency: int | None
    loss_scale_factor: float | None
    gradient_accumulation_steps: int | None
    name: str | None


class Options(Shared, total=False):
    """The same, for an optimizer that has no weight decay of its own."""

    weight_decay: float | None
