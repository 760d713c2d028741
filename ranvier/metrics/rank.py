"""Labels, predictions, values and weights of ranks that fit together, and their totals."""

from __future__ import annotations

import math
from typing import Any

from .. import ops
from ..graph.errors import ShapeError
from ..losses.pair import same_rank


def pair(
    metric: str, y_true: Any, y_pred: Any, dtype: object = None, way: str = ""
) -> tuple[Any, Any]:
    """Return labels and predictions of one type and rank.

    Args:
        metric: its name, for the message.
        y_true: labels.
        y_pred: predictions.
        dtype: of both; default that of the predictions.
        way: what to do where they do not fit, for the message.

    Raises:
        ShapeError: if no rank makes them fit.
    """
    y_pred = ops.convert_to_tensor(y_pred, dtype)
    y_true = ops.convert_to_tensor(y_true, str(y_pred.dtype))
    y_true, y_pred = same_rank(y_true, y_pred)
    if len(y_true.shape) != len(y_pred.shape) or any(
        a != b and 1 not in (a, b) and None not in (a, b)
        for a, b in zip(y_true.shape, y_pred.shape, strict=True)
    ):
        raise ShapeError(
            f"{metric}: got y_true of shape {tuple(y_true.shape)} and y_pred of shape "
            f"{tuple(y_pred.shape)}, expected equal shapes.{way and ' ' + way}"
        )
    return y_true, y_pred


def totals(values: Any, sample_weight: Any, dtype: str, mean: bool) -> tuple[Any, Any]:
    """Return the sum over rows of the mean (or sum) of each row, and the sum of the rows' weights.

    Args:
        values: (rows, ...) or one number.
        sample_weight: None, one number, one a row, or one a value.
        dtype: in which to weigh.
        mean: whether a row's values count as their mean; else as their sum.
    """
    values = ops.cast(ops.convert_to_tensor(values), dtype)
    if sample_weight is None:
        total = ops.sum(values)
        if mean and len(values.shape) > 1:
            each = math.prod(values.shape[1:])
            total = total if each == 1 else ops.divide(total, float(each))
        return total, ops.shape(values)[0] if len(values.shape) else 1.0
    weight = ops.cast(ops.convert_to_tensor(sample_weight), dtype)
    values, weight = same_rank(values, weight)
    reduce = ops.mean if mean else ops.sum
    rank = len(weight.shape)
    if len(values.shape) > rank:
        values = reduce(values, tuple(range(rank, len(values.shape))))
    check_weights("Metric", weight, values)
    values = ops.multiply(values, weight)
    if tuple(weight.shape) != tuple(values.shape):
        weight = ops.broadcast_to(weight, tuple(values.shape))
    if rank > 1:
        weight = reduce(weight, tuple(range(1, rank)))
        values = reduce(values, tuple(range(1, rank)))
    return ops.sum(values), ops.sum(weight)


def same_shape(x: Any, y: Any) -> bool:
    """Tell whether two values have one shape, as far as sizes are known."""
    nx, ny = tuple(x.shape), tuple(y.shape)
    return len(nx) == len(ny) and all(a == b or None in (a, b) for a, b in zip(nx, ny, strict=True))


def check_weights(metric: str, weight: Any, values: Any) -> None:
    """Raise ShapeError where weights are no factors of values."""
    wrong = len(weight.shape) > len(values.shape) or any(
        w not in (1, v) and None not in (w, v)
        for w, v in zip(reversed(weight.shape), reversed(values.shape), strict=False)
    )
    if wrong:
        raise ShapeError(
            f"{metric}, `sample_weight`: got shape {tuple(weight.shape)} for values of shape "
            f"{tuple(values.shape)}, expected one weight a row, or one a value."
        )
