"""How far the best wrong class comes within a margin of 1 of the right one."""

from __future__ import annotations

from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import pair


def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """Return how far the best wrong class comes within a margin of 1 of the right one.

    max(neg - pos + 1, 0), pos = sum(y_true y_pred), neg = max((1 - y_true) y_pred).

    Args:
        y_true: labels.
        y_pred: predictions.

    Shape:
        (batch, classes), (batch, classes) -> (batch,)

    Example:
        >>> categorical_hinge([[0.0, 1.0]], [[0.5, 1.0]]).tolist()
        [0.5]

    Source: keras.losses.categorical_hinge.
    """
    y_true, y_pred = pair(y_true, y_pred)
    right = ops.sum(ops.multiply(y_true, y_pred), -1)
    wrong = ops.max(ops.multiply(ops.subtract(1.0, y_true), y_pred), -1)
    return ops.maximum(ops.add(ops.subtract(wrong, right), 1.0), 0.0)


class CategoricalHinge(LossFunctionWrapper):
    """How far the best wrong class comes within a margin of 1 of the right one.

    max(neg - pos + 1, 0), pos = sum(y_true y_pred), neg = max((1 - y_true) y_pred).

    Args:
        reduction: as for `Loss`.
        name: default "categorical_hinge".
        dtype: as for `Loss`.

    Source: keras.losses.CategoricalHinge.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_hinge",
        dtype: Any = None,
    ) -> None:
        super().__init__(categorical_hinge, reduction, name, dtype)
