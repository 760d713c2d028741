"""A crossentropy that wrong labels harm less."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from ..graph.number import check_numbers
from ..ops.reduce import floats
from .loss import LossFunctionWrapper
from .sparse_categorical_crossentropy import class_numbers, picked


def categorical_generalized_cross_entropy(y_true: Any, y_pred: Any, q: float) -> Any:
    """Return (1 - p^q) / q, where p is what the label's class was given.

    Args:
        y_true: class numbers from 0.
        y_pred: odds of each class.
        q: between 0 (as the crossentropy) and 1 (as the absolute error).

    Shape:
        (batch, ...) or (batch, ..., 1), (batch, ..., classes) -> (batch, ...)

    Example:
        >>> categorical_generalized_cross_entropy([1], [[0.0, 1.0]], q=0.5).tolist()
        [0.0]

    Source: keras.losses.categorical_generalized_cross_entropy; Zhang and Sabuncu (2018).
    """
    y_pred = floats(y_pred)
    p = picked(class_numbers(y_true, y_pred), y_pred)
    return ops.divide(ops.subtract(1.0, ops.power(p, q)), q)


categorical_generalized_cross_entropy.takes_labels = True  # type: ignore[attr-defined]


class CategoricalGeneralizedCrossEntropy(LossFunctionWrapper):
    """A crossentropy that wrong labels harm less: (1 - p^q) / q.

    Args:
        q: between 0 (as the crossentropy) and 1 (as the absolute error); default 0.5.
        reduction: as for `Loss`.
        name: default "categorical_generalized_cross_entropy".
        dtype: as for `Loss`.

    Raises:
        ArgumentError: if q does not lie between 0 and 1.

    Source: keras.losses.CategoricalGeneralizedCrossEntropy; Zhang and Sabuncu (2018).
    """

    def __init__(
        self,
        q: float = 0.5,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_generalized_cross_entropy",
        dtype: Any = None,
    ) -> None:
        check_numbers("CategoricalGeneralizedCrossEntropy", q=q)
        if not 0 < q < 1:
            raise ArgumentError(
                f"CategoricalGeneralizedCrossEntropy, `q`: got {q!r}, expected 0 < q < 1."
            )
        super().__init__(categorical_generalized_cross_entropy, reduction, name, dtype, q=q)
