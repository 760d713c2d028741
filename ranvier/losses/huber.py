"""The squared error near 0 and the absolute error far from it."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.number import check_numbers
from .loss import LossFunctionWrapper
from .pair import ranked_pair


def huber(y_true: Any, y_pred: Any, delta: float = 1.0) -> Any:
    """Return the squared error near 0 and the absolute error far from it.

    mean over the last axis of e^2 / 2 where |e| <= delta, delta |e| - delta^2 / 2 elsewhere.

    Args:
        y_true: labels.
        y_pred: predictions.
        delta: where the one turns into the other; default 1.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> huber([[0.0, 0.0]], [[1.0, 3.0]]).tolist()
        [1.5]

    Source: keras.losses.huber.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    error = ops.subtract(y_pred, y_true)
    size = ops.absolute(error)
    near = ops.multiply(ops.square(error), 0.5)
    far = ops.subtract(ops.multiply(size, delta), 0.5 * delta * delta)
    return ops.mean(ops.where(ops.less_equal(size, delta), near, far), -1)


class Huber(LossFunctionWrapper):
    """The squared error near 0 and the absolute error far from it.

    mean over the last axis of e^2 / 2 where |e| <= delta, delta |e| - delta^2 / 2 elsewhere.

    Args:
        delta: where the one turns into the other; default 1.
        reduction: as for `Loss`.
        name: default "huber_loss".
        dtype: as for `Loss`.

    Source: keras.losses.Huber; Huber, Robust estimation of a location parameter (1964).
    """

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "huber_loss",
        dtype: Any = None,
    ) -> None:
        check_numbers("Huber", delta=delta)
        super().__init__(huber, reduction, name, dtype, delta=delta)
