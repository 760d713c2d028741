"""Minus the cosine of the angle between labels and predictions."""

from __future__ import annotations

from typing import Any

from .. import ops
from .loss import LossFunctionWrapper
from .pair import normalized, ranked_pair


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return minus the cosine of the angle between labels and predictions.

    -sum(y_true * y_pred) over `axis`, both divided by their length: -1 where they point one way.

    Args:
        y_true: labels.
        y_pred: predictions.
        axis: over which vectors lie; default -1.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> cosine_similarity([[0.0, 2.0]], [[0.0, 1.0]]).tolist()
        [-1.0]

    Source: keras.losses.cosine_similarity.
    """
    y_true, y_pred = ranked_pair(y_true, y_pred)
    product = ops.multiply(normalized(y_true, axis), normalized(y_pred, axis))
    return ops.negative(ops.sum(product, axis))


class CosineSimilarity(LossFunctionWrapper):
    """Minus the cosine of the angle between labels and predictions.

    -sum(y_true * y_pred) over `axis`, both divided by their length: -1 where they point one way.

    Args:
        axis: over which vectors lie; default -1.
        reduction: as for `Loss`.
        name: default "cosine_similarity".
        dtype: as for `Loss`.

    Source: keras.losses.CosineSimilarity.
    """

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "cosine_similarity",
        dtype: Any = None,
    ) -> None:
        super().__init__(cosine_similarity, reduction, name, dtype, axis=axis)
