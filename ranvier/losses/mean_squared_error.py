"""The mean of squared differences."""

from __future__ import annotations

from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """Return the mean of squared differences.

    mean((y_true - y_pred)^2) over the last axis.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> mean_squared_error([[0.0, 2.0]], [[1.0, 2.0]]).tolist()
        [0.5]

    Source: keras.losses.mean_squared_error.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    return ops.mean(ops.square(ops.subtract(y_true, y_pred)), -1)


class MeanSquaredError(LossFunctionWrapper):
    """The mean of squared differences.

    mean((y_true - y_pred)^2) over the last axis.

    Args:
        reduction: as for `Loss`.
        name: default "mean_squared_error".
        dtype: as for `Loss`.

    Source: keras.losses.MeanSquaredError.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_error, reduction, name, dtype)
