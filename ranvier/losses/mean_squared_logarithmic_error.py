"""The mean of squared differences of logarithms."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """Return the mean of squared differences of logarithms.

    mean((log(y_true + 1) - log(y_pred + 1))^2) over the last axis, both at least epsilon.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> mean_squared_logarithmic_error([[1.0]], [[1.0]]).tolist()
        [0.0]

    Source: keras.losses.mean_squared_logarithmic_error.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    a, b = (ops.log(ops.add(ops.maximum(y, epsilon()), 1.0)) for y in (y_pred, y_true))
    return ops.mean(ops.square(ops.subtract(a, b)), -1)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """The mean of squared differences of logarithms.

    mean((log(y_true + 1) - log(y_pred + 1))^2) over the last axis, both at least epsilon.

    Args:
        reduction: as for `Loss`.
        name: default "mean_squared_logarithmic_error".
        dtype: as for `Loss`.

    Source: keras.losses.MeanSquaredLogarithmicError.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "mean_squared_logarithmic_error",
        dtype: Any = None,
    ) -> None:
        super().__init__(mean_squared_logarithmic_error, reduction, name, dtype)
