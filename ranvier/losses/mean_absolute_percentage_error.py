"""The mean of absolute differences in percent of the labels."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """Return the mean of absolute differences in percent of the labels.

    100 mean(|y_true - y_pred| / max(|y_true|, epsilon)) over the last axis.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> mean_absolute_percentage_error([[2.0]], [[1.0]]).tolist()
        [50.0]

    Source: keras.losses.mean_absolute_percentage_error.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    size = ops.maximum(ops.absolute(y_true), epsilon())
    part = ops.absolute(ops.divide(ops.subtract(y_true, y_pred), size))
    return ops.multiply(ops.mean(part, -1), 100.0)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """The mean of absolute differences in percent of the labels.

    100 mean(|y_true - y_pred| / max(|y_true|, epsilon)) over the last axis.

    Args:
        reduction: as for `Loss`.
        name: default "mean_absolute_percentage_error".
        dtype: as for `Loss`.

    Source: keras.losses.MeanAbsolutePercentageError.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_percentage_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_percentage_error, reduction, name, dtype)
