"""One minus the Dice coefficient, the overlap of two regions."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .loss import LossFunctionWrapper
from .pair import pair


def dice(y_true: Any, y_pred: Any, axis: Any = None) -> Any:
    """Return one minus the Dice coefficient, the overlap of two regions.

    1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + epsilon).

    Args:
        y_true: labels.
        y_pred: predictions.
        axis: over which sums are taken; default None, all of them.

    Shape:
        (batch, ...), (batch, ...) -> (), or the axes that are left

    Example:
        >>> round(float(dice([[1.0, 0.0]], [[1.0, 0.0]])), 6)
        0.0

    Source: keras.losses.dice.
    """
    y_true, y_pred = pair(y_true, y_pred)
    axis = tuple(axis) if isinstance(axis, list) else axis
    both = ops.sum(ops.multiply(y_true, y_pred), axis)
    total = ops.add(ops.add(ops.sum(y_true, axis), ops.sum(y_pred, axis)), epsilon())
    return ops.subtract(1.0, ops.divide(ops.multiply(both, 2.0), total))


class Dice(LossFunctionWrapper):
    """One minus the Dice coefficient, the overlap of two regions.

    1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + epsilon).

    Args:
        reduction: as for `Loss`.
        name: default "dice".
        axis: over which sums are taken; default None, all of them.
        dtype: as for `Loss`.

    Source: keras.losses.Dice.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "dice",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dice, reduction, name, dtype, axis=axis)
