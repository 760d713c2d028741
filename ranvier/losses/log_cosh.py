"""The logarithm of the hyperbolic cosine of the error."""

from __future__ import annotations

import math
from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def log_cosh(y_true: Any, y_pred: Any) -> Any:
    """Return the logarithm of the hyperbolic cosine of the error.

    mean(log(cosh(e))) over the last axis: e^2 / 2 near 0, |e| - log(2) far from it.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> log_cosh([[1.0]], [[1.0]]).tolist()
        [0.0]

    Source: keras.losses.log_cosh.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    error = ops.subtract(y_pred, y_true)
    rest = ops.subtract(ops.softplus(ops.multiply(error, -2.0)), math.log(2))
    return ops.mean(ops.add(error, rest), -1)


class LogCosh(LossFunctionWrapper):
    """The logarithm of the hyperbolic cosine of the error.

    mean(log(cosh(e))) over the last axis: e^2 / 2 near 0, |e| - log(2) far from it.

    Args:
        reduction: as for `Loss`.
        name: default "log_cosh".
        dtype: as for `Loss`.

    Source: keras.losses.LogCosh.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "log_cosh",
        dtype: Any = None,
    ) -> None:
        super().__init__(log_cosh, reduction, name, dtype)
