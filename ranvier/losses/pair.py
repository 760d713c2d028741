"""Bringing labels and predictions together: one float type, one rank, one shape."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import ShapeError
from ..ops.reduce import floats


def pair(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return (y_true, y_pred) as floats of the type of y_pred."""
    y_pred = floats(y_pred)
    return ops.cast(y_true, y_pred.dtype), y_pred


def ranked_pair(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return (y_true, y_pred) as floats of one rank, where a last axis of size 1 allows it."""
    return same_rank(*pair(y_true, y_pred))


def same_rank(x: Any, y: Any) -> tuple[Any, Any]:
    """Return both values with one rank, if they differ by one axis and that has size 1.

    Shape:
        (batch,), (batch, 1) -> (batch, 1), (batch, 1)
        (batch, n), (batch, n, 1) -> (batch, n), (batch, n)

    Source: Keras does the same before a loss and its weights.
    """
    nx, ny = len(x.shape), len(y.shape)
    if nx == ny + 1 and x.shape[-1] == 1:
        return (x, ops.expand_dims(y, -1)) if ny == 1 else (ops.squeeze(x, -1), y)
    if ny == nx + 1 and y.shape[-1] == 1:
        return (ops.expand_dims(x, -1), y) if nx == 1 else (x, ops.squeeze(y, -1))
    return x, y


def same_shape(y_true: Any, y_pred: Any, place: str, way_out: str = "") -> None:
    """Check that labels and predictions have one shape.

    Raises:
        ShapeError: if they differ.
    """
    if tuple(y_true.shape) != tuple(y_pred.shape):
        raise ShapeError(
            f"{place}: y_true has shape {tuple(y_true.shape)} and y_pred {tuple(y_pred.shape)}; "
            f"expected the same. {way_out}".rstrip()
        )


def smoothed(y_true: Any, label_smoothing: float, share: float) -> Any:
    """Return labels moved towards `share` by `label_smoothing`, a number from 0 to 1."""
    if not label_smoothing:
        return y_true
    kept = ops.multiply(y_true, 1.0 - label_smoothing)
    return ops.add(kept, label_smoothing * share)


def normalized(x: Any, axis: Any = -1) -> Any:
    """Return x divided by its Euclidean length over `axis`, by at least epsilon."""
    total = ops.sum(ops.square(x), axis, keepdims=True)
    return ops.multiply(x, ops.rsqrt(ops.maximum(total, epsilon() ** 2)))
