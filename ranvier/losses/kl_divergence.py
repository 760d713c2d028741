"""The Kullback-Leibler divergence of predictions from labels."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .loss import LossFunctionWrapper
from .pair import pair


def kl_divergence(y_true: Any, y_pred: Any) -> Any:
    """Return the Kullback-Leibler divergence of predictions from labels.

    sum(y_true log(y_true / y_pred)) over the last axis, both kept from epsilon to 1.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> kl_divergence([[0.5, 0.5]], [[0.5, 0.5]]).tolist()
        [0.0]

    Source: keras.losses.kl_divergence.
    """
    y_true, y_pred = (ops.clip(y, epsilon(), 1.0) for y in pair(y_true, y_pred))
    return ops.sum(ops.multiply(y_true, ops.log(ops.divide(y_true, y_pred))), -1)


class KLDivergence(LossFunctionWrapper):
    """The Kullback-Leibler divergence of predictions from labels.

    sum(y_true log(y_true / y_pred)) over the last axis, both kept from epsilon to 1.

    Args:
        reduction: as for `Loss`.
        name: default "kl_divergence".
        dtype: as for `Loss`.

    Source: keras.losses.KLDivergence.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "kl_divergence",
        dtype: Any = None,
    ) -> None:
        super().__init__(kl_divergence, reduction, name, dtype)
