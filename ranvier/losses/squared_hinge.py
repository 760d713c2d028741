"""The square of how far predictions lie on the wrong side of a margin of 1."""

from __future__ import annotations

from typing import Any

from .. import ops
from .hinge import signed
from .loss import LossFunctionWrapper
from .pair import pair


def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """Return the square of how far predictions lie on the wrong side of a margin of 1.

    mean(max(1 - y_true y_pred, 0)^2) over the last axis; labels -1 and 1, or 0 and 1.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> squared_hinge([[-1.0, 1.0]], [[1.0, 2.0]]).tolist()
        [2.0]

    Source: keras.losses.squared_hinge.
    """
    y_true, y_pred = pair(y_true, y_pred)
    miss = ops.subtract(1.0, ops.multiply(signed(y_true), y_pred))
    return ops.mean(ops.square(ops.maximum(miss, 0.0)), -1)


class SquaredHinge(LossFunctionWrapper):
    """The square of how far predictions lie on the wrong side of a margin of 1.

    mean(max(1 - y_true y_pred, 0)^2) over the last axis; labels -1 and 1, or 0 and 1.

    Args:
        reduction: as for `Loss`.
        name: default "squared_hinge".
        dtype: as for `Loss`.

    Source: keras.losses.SquaredHinge.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "squared_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(squared_hinge, reduction, name, dtype)
