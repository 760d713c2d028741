"""One minus the Tversky index, an overlap that weighs the two kinds of misses apart."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.number import check_numbers
from .loss import LossFunctionWrapper
from .pair import pair


def tversky(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.5,
    beta: float = 0.5,
    axis: Any = None,
) -> Any:
    """Return one minus the Tversky index, an overlap that weighs the two kinds of misses apart.

    1 - s / (s + alpha fp + beta fn + epsilon), s = sum(y_true y_pred),
    fp = sum(y_true (1 - y_pred)), fn = sum((1 - y_true) y_pred).

    Args:
        y_true: labels.
        y_pred: predictions.
        alpha: weight of fp; default 0.5.
        beta: weight of fn; default 0.5.
        axis: over which sums are taken; default None, all of them.

    Shape:
        (batch, ...), (batch, ...) -> (), or the axes that are left

    Example:
        >>> round(float(tversky([[1.0, 0.0]], [[1.0, 0.0]])), 6)
        0.0

    Source: keras.losses.tversky.
    """
    y_true, y_pred = pair(y_true, y_pred)
    axis = tuple(axis) if isinstance(axis, list) else axis
    both = ops.sum(ops.multiply(y_true, y_pred), axis)
    one = ops.sum(ops.multiply(ops.subtract(1.0, y_pred), y_true), axis)
    other = ops.sum(ops.multiply(y_pred, ops.subtract(1.0, y_true)), axis)
    misses = ops.add(ops.multiply(one, alpha), ops.multiply(other, beta))
    return ops.subtract(1.0, ops.divide(both, ops.add(ops.add(both, misses), epsilon())))


class Tversky(LossFunctionWrapper):
    """One minus the Tversky index, an overlap that weighs the two kinds of misses apart.

    1 - s / (s + alpha fp + beta fn + epsilon), s = sum(y_true y_pred),
    fp = sum(y_true (1 - y_pred)), fn = sum((1 - y_true) y_pred).

    Args:
        alpha: weight of fp; default 0.5.
        beta: weight of fn; default 0.5.
        reduction: as for `Loss`.
        name: default "tversky".
        axis: over which sums are taken; default None, all of them.
        dtype: as for `Loss`.

    Source: keras.losses.Tversky; Salehi et al. (2017).
    """

    def __init__(
        self,
        alpha: float = 0.5,
        beta: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "tversky",
        axis: Any = None,
        dtype: Any = None,
    ) -> None:
        check_numbers("Tversky", alpha=alpha, beta=beta)
        super().__init__(tversky, reduction, name, dtype, alpha=alpha, beta=beta, axis=axis)
