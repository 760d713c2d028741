"""How far predictions lie on the wrong side of a margin of 1."""

from __future__ import annotations

from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import pair


def hinge(y_true: Any, y_pred: Any) -> Any:
    """Return how far predictions lie on the wrong side of a margin of 1.

    mean(max(1 - y_true y_pred, 0)) over the last axis; labels -1 and 1, or 0 and 1.

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> hinge([[-1.0, 1.0]], [[0.5, 2.0]]).tolist()
        [0.75]

    Source: keras.losses.hinge.
    """
    y_true, y_pred = pair(y_true, y_pred)
    miss = ops.subtract(1.0, ops.multiply(signed(y_true), y_pred))
    return ops.mean(ops.maximum(miss, 0.0), -1)


def signed(y_true: Any) -> Any:
    """Return labels of 0 and 1 as -1 and 1; labels among which there is another stay."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0.0), ops.equal(y_true, 1.0)))
    return ops.where(binary, ops.subtract(ops.multiply(y_true, 2.0), 1.0), y_true)


class Hinge(LossFunctionWrapper):
    """How far predictions lie on the wrong side of a margin of 1.

    mean(max(1 - y_true y_pred, 0)) over the last axis; labels -1 and 1, or 0 and 1.

    Args:
        reduction: as for `Loss`.
        name: default "hinge".
        dtype: as for `Loss`.

    Source: keras.losses.Hinge.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(hinge, reduction, name, dtype)
