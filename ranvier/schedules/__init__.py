"""Learning rate schedules: functions of the step, traced into the training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..graph.configurable import restored, written
from .cosine_decay import CosineDecay
from .cosine_decay_restarts import CosineDecayRestarts
from .exponential_decay import ExponentialDecay
from .inverse_time_decay import InverseTimeDecay
from .piecewise_constant_decay import PiecewiseConstantDecay
from .polynomial_decay import PolynomialDecay
from .schedule import LearningRateSchedule

CATALOG = {
    "cosine_decay": CosineDecay,
    "cosine_decay_restarts": CosineDecayRestarts,
    "exponential_decay": ExponentialDecay,
    "inverse_time_decay": InverseTimeDecay,
    "piecewise_constant_decay": PiecewiseConstantDecay,
    "polynomial_decay": PolynomialDecay,
}


def serialize(learning_rate_schedule: LearningRateSchedule) -> dict[str, Any]:
    """Return a schedule as the dict that Keras writes.

    Source: keras.optimizers.schedules.serialize.
    """
    return written(learning_rate_schedule)


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> LearningRateSchedule:
    """Return the schedule that a dict of `serialize` describes.

    Example:
        >>> deserialize(serialize(CosineDecay(0.1, 10))).decay_steps
        10

    Source: keras.optimizers.schedules.deserialize.
    """
    return cast(
        LearningRateSchedule, restored(config, CATALOG, "schedules.deserialize", custom_objects)
    )


__all__ = [
    "CATALOG", "CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay",
    "LearningRateSchedule", "PiecewiseConstantDecay", "PolynomialDecay", "deserialize",
    "serialize",
]  # fmt: skip
