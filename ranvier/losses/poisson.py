"""The Poisson loss, for counts."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .loss import LossFunctionWrapper
from .pair import pair


def poisson(y_true: Any, y_pred: Any) -> Any:
    """Return the Poisson loss, for counts.

    mean(y_pred - y_true log(y_pred + epsilon)) over the last axis.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> poisson([[0.0]], [[2.0]]).tolist()
        [2.0]

    Source: keras.losses.poisson.
    """
    y_true, y_pred = pair(y_true, y_pred)
    gain = ops.multiply(y_true, ops.log(ops.add(y_pred, epsilon())))
    return ops.mean(ops.subtract(y_pred, gain), -1)


class Poisson(LossFunctionWrapper):
    """The Poisson loss, for counts.

    mean(y_pred - y_true log(y_pred + epsilon)) over the last axis.

    Args:
        reduction: as for `Loss`.
        name: default "poisson".
        dtype: as for `Loss`.

    Source: keras.losses.Poisson.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "poisson",
        dtype: Any = None,
    ) -> None:
        super().__init__(poisson, reduction, name, dtype)
