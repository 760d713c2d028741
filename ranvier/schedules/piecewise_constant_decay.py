"""PiecewiseConstantDecay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from .schedule import LearningRateSchedule


class PiecewiseConstantDecay(LearningRateSchedule):
    """Use one learning rate up to a step, then the next.

    values[0] while step <= boundaries[0], values[1] while step <= boundaries[1], ...,
    values[-1] after the last boundary.

    Args:
        boundaries: steps, rising.
        values: learning rates, one more than `boundaries`.
        name: default "PiecewiseConstant".

    Raises:
        ArgumentError: if the lengths do not fit, or the boundaries do not rise.

    Example:
        >>> float(PiecewiseConstantDecay([10, 20], [0.5, 0.25, 0.125])(15))
        0.25

    Source: keras.optimizers.schedules.PiecewiseConstantDecay.
    """

    def __init__(
        self, boundaries: Sequence[float], values: Sequence[float], name: str = "PiecewiseConstant"
    ) -> None:
        if len(boundaries) != len(values) - 1 or not len(boundaries):
            raise ArgumentError(
                f"PiecewiseConstantDecay, `values`: got {len(values)} for {len(boundaries)} "
                f"boundaries, expected {len(boundaries) + 1}: one before each boundary and one "
                "after the last."
            )
        if any(a >= b for a, b in zip(boundaries[:-1], boundaries[1:], strict=True)):
            raise ArgumentError(
                f"PiecewiseConstantDecay, `boundaries`: got {list(boundaries)}, expected steps "
                "that rise."
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Return the learning rate of a step, counted from 0."""
        whole = "int" in str(getattr(step, "dtype", type(step).__name__))
        value: Any = ops.cast(self.values[-1], None)
        for last, rate in zip(reversed(self.boundaries), reversed(self.values[:-1]), strict=True):
            # A step is a whole number, so a boundary between two steps acts at the lower.
            value = ops.where(ops.less_equal(step, int(last) if whole else last), rate, value)
        return value
