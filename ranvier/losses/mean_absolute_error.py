"""The mean of absolute differences."""

from __future__ import annotations

from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """Return the mean of absolute differences.

    mean(|y_true - y_pred|) over the last axis.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> mean_absolute_error([[0.0, 2.0]], [[1.0, 2.0]]).tolist()
        [0.5]

    Source: keras.losses.mean_absolute_error.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    return ops.mean(ops.absolute(ops.subtract(y_true, y_pred)), -1)


class MeanAbsoluteError(LossFunctionWrapper):
    """The mean of absolute differences.

    mean(|y_true - y_pred|) over the last axis.

    Args:
        reduction: as for `Loss`.
        name: default "mean_absolute_error".
        dtype: as for `Loss`.

    Source: keras.losses.MeanAbsoluteError.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_absolute_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_absolute_error, reduction, name, dtype)
