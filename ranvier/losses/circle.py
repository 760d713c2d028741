"""A loss that pulls embeddings of one class together and pushes others apart."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import OpenBatchError
from ..graph.number import check_numbers
from ..ops.reduce import floats, given
from .loss import LossFunctionWrapper


def circle(
    y_true: Any,
    y_pred: Any,
    ref_labels: Any = None,
    ref_embeddings: Any = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Any:
    """Return the circle loss of embeddings of length 1.

    softplus(logsumexp(positive) + logsumexp(negative)) over all pairs in the batch, each pair
    weighed by how far its distance 1 - x.y lies from the best one.

    Args:
        y_true: class numbers.
        y_pred: embeddings, of length 1.
        ref_labels: labels to compare with; default y_true.
        ref_embeddings: embeddings to compare with; default y_pred.
        remove_diagonal: leave out pairs of a row with itself; default True.
        gamma: scale of the distances; default 80.
        margin: how strictly pairs are judged; default 0.4.

    Shape:
        (batch,), (batch, n) -> (batch,)

    Raises:
        OpenBatchError: in a step whose batches may differ in size: pairs mix rows.

    Source: keras.losses.circle; Sun et al., Circle loss (2020).
    """
    y_pred = floats(y_pred)
    y_true = _labels(y_true)
    others = y_pred if ref_embeddings is None else floats(ref_embeddings)
    theirs = y_true if ref_labels is None else _labels(ref_labels)
    if y_pred.shape[0] is None or others.shape[0] is None:
        raise OpenBatchError("circle compares each row with each other: give batches one size.")
    far = ops.maximum(ops.subtract(1.0, ops.matmul(y_pred, ops.transpose(others))), 0.0)
    same = ops.equal(ops.expand_dims(y_true, 1), ops.expand_dims(theirs, 0))
    unlike = ops.logical_not(same)
    if remove_diagonal:
        itself = ops.cast(ops.eye(y_pred.shape[0], others.shape[0]), "bool")
        same = ops.logical_and(same, ops.logical_not(itself))
    pull = ops.multiply(ops.add(far, margin), ops.subtract(far, margin))
    push = ops.multiply(
        ops.maximum(ops.subtract(1 + margin, far), 0.0), ops.subtract(1 - margin, far)
    )
    return ops.softplus(ops.add(_over(same, pull, gamma), _over(unlike, push, gamma)))


circle.takes_labels = True  # type: ignore[attr-defined]


def _labels(y_true: Any) -> Any:
    return ops.reshape(ops.cast(given(y_true), "int32"), (-1,))


def _over(chosen: Any, values: Any, gamma: float) -> Any:
    """log(sum(exp(gamma * values))) over the chosen ones of each row; -inf if there is none."""
    scaled = ops.where(chosen, ops.multiply(values, gamma), float("-inf"))
    top = ops.stop_gradient(ops.max(scaled, 1, keepdims=True))
    top = ops.where(ops.isfinite(top), top, 0.0)
    total = ops.sum(ops.exp(ops.subtract(scaled, top)), 1)
    some = ops.not_equal(total, 0.0)  # NaN is some: it must not pass for a loss of 0
    found = ops.add(ops.log(ops.where(some, total, 1.0)), ops.squeeze(top, 1))
    return ops.where(some, found, float("-inf"))


class Circle(LossFunctionWrapper):
    """A loss that pulls embeddings of one class together and pushes others apart.

    Args:
        gamma: scale of the distances; default 80.
        margin: how strictly pairs are judged; default 0.4.
        remove_diagonal: leave out pairs of a row with itself; default True.
        reduction: as for `Loss`.
        name: default "circle".
        dtype: as for `Loss`.

    Source: keras.losses.Circle; Sun et al., Circle loss (2020).
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: Any = None,
    ) -> None:
        check_numbers("Circle", gamma=gamma, margin=margin)
        super().__init__(
            circle, reduction, name, dtype,
            gamma=gamma, margin=margin, remove_diagonal=remove_diagonal,
        )  # fmt: skip

    def mask(self, y_true: Any, y_pred: Any, values: Any) -> Any:
        """Return which rows have a loss: a row without a partner of its class has none."""
        return ops.greater(values, 0.0)
