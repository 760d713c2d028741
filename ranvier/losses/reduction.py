"""From one loss a row (or more) to the number that is minimised: weights, masks, reductions."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError, ShapeError, nearest
from ..ops.reduce import count
from .pair import same_rank

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")


def checked_reduction(reduction: Any) -> str | None:
    """Return a reduction's name; "auto" of Keras 2 is the default.

    Raises:
        ArgumentError: if it is unknown.
    """
    if reduction == "auto":
        return "sum_over_batch_size"
    if reduction is not None and reduction not in REDUCTIONS:
        raise ArgumentError(
            f"loss, `reduction`: got {reduction!r}. {nearest(reduction, REDUCTIONS)}"
        )
    return reduction


def merged_weights(sample_weight: Any, mask: Any, dtype: str, reduction: str | None) -> Any:
    """Return sample weights times the mask, or None without either.

    Where the loss is divided by the number of values, kept ones count total / kept, so that the
    result is the mean over what the mask keeps.
    """
    if mask is None:
        return None if sample_weight is None else ops.cast(sample_weight, dtype)
    weight = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        kept = ops.sum(weight)
        total = ops.cast(count(weight, None), dtype)
        weight = ops.multiply(weight, ops.divide_no_nan(total, kept))
    if sample_weight is None:
        return weight
    weight, sample_weight = same_rank(weight, ops.cast(sample_weight, dtype))
    _check_fits(sample_weight, weight)
    return ops.multiply(sample_weight, weight)


def reduced(
    values: Any,
    sample_weight: Any = None,
    mask: Any = None,
    reduction: str | None = "sum_over_batch_size",
) -> Any:
    """Return the loss from values of one or more axes.

    "sum_over_batch_size" and "mean" divide the sum by the number of values (not of weights),
    "mean_with_sample_weight" by the sum of weights; "sum" does not divide, "none" does not sum.

    Args:
        values: floats; the last axis of predictions is usually gone already.
        sample_weight: factors, of the values' shape or with a last axis of size 1.
        mask: True where a value counts.
        reduction: see above.
    """
    weight = merged_weights(sample_weight, mask, str(values.dtype), reduction)
    if weight is not None:
        values, weight = same_rank(values, weight)
        _check_fits(weight, values)
        values = ops.multiply(values, weight)
    if reduction in (None, "none") or tuple(values.shape) in ((), (0,)):
        return values
    if reduction == "sum":
        return ops.sum(values)
    if reduction == "mean_with_sample_weight" and weight is not None:
        return ops.divide_no_nan(ops.sum(values), ops.sum(weight))
    return ops.sum(values) if 0 in values.shape else ops.mean(values)


def _check_fits(weight: Any, values: Any) -> None:
    """Raise ShapeError where weights are no factors of values."""
    w, v = tuple(weight.shape), tuple(values.shape)
    pairs = zip(reversed(w), reversed(v), strict=False)
    if len(w) > len(v) > 0 or any(a != b and not {a, b} & {1, None} for a, b in pairs):
        row = (v[0], *[1] * (len(v) - 1))
        raise ShapeError(
            f"sample_weight: got shape {w}, but the loss has values of shape {v}. Give one weight "
            f"a row, shape {row}{f', or one a value, shape {v}' if row != v else ''}."
        )
