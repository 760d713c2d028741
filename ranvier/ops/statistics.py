"""Averages, order statistics and counts, composed of reductions, sorting and comparison."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..graph.dtype import is_float
from ..graph.errors import ArgumentError, DTypeError, OpenBatchError, ShapeError, TraceError
from ..graph.node import Node, cast
from ..graph.shape import normal_axes, normal_axis
from ..graph.whole import whole
from .elementwise import (
    add,
    ceil,
    divide,
    equal,
    floor,
    greater,
    greater_equal,
    isnan,
    less,
    less_equal,
    logical_and,
    logical_not,
    maximum,
    multiply,
    not_equal,
    rint,
    sqrt_,
    square,
    subtract,
    where,
)  # fmt: skip
from .index import iota, one_hot, sort, take_along_axis
from .reduce import Axis, all, argmax, argmin, cumsum, floats, given, max, mean, min, prod, sum
from .reshape import expand_dims, moveaxis, reshape, slice_along, squeeze, stack
from .sequence import cumprod


def average(x: Any, axis: Axis = None, weights: Any = None) -> Any:
    """Return the mean over `axis`, with weights sum(x * weights) / sum(weights)."""
    x = given(x)
    if weights is None:
        return mean(x, axis)
    w = given(weights)
    if tuple(w.shape) != tuple(x.shape):
        if axis is None or not isinstance(axis, int) or len(w.shape) != 1:
            raise ArgumentError(
                f"average, `weights`: got shape {tuple(w.shape)} for an array of shape "
                f"{tuple(x.shape)}; expected the same shape, or one axis and its weights."
            )
        line = [1] * len(x.shape)
        line[normal_axis(axis, len(x.shape))] = -1
        return divide(sum(multiply(x, reshape(w, line)), axis), sum(w))
    return divide(sum(multiply(x, w), axis), sum(w, axis))


def count_nonzero(x: Any, axis: Axis = None) -> Any:
    """Return how many elements are not 0 along `axis`."""
    return sum(cast(not_equal(x, 0), "int32"), axis)


def ptp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the range, the largest less the smallest element, along `axis`."""
    return subtract(max(x, axis, keepdims), min(x, axis, keepdims))


# --- order --------------------------------------------------------------------------------------
#: A quantile of a line, by its fraction.
Fractions = Callable[[float], Any]
_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def quantile(
    x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Return the q-th quantile, q from 0 to 1, along `axis`.

    Args:
        x: numbers.
        q: a number or a list of numbers known now; a list gives a new first axis.
        axis: an int, several, or None for all.
        method: "linear" (default), "lower", "higher", "midpoint" or "nearest": what to take
            between two elements.
        keepdims: keep reduced axes with size 1; default False.

    Raises:
        ArgumentError: if q lies outside 0 to 1 or the method is unknown.
        OpenBatchError: over a batch axis of open size.
    """
    return _quantiles(x, q, axis, method, keepdims, _of_all)


def _quantiles(
    x: Any, q: Any, axis: Axis, method: str, keepdims: bool,
    of: Callable[[Any, str], Fractions], top: int = 1,
) -> Any:  # fmt: skip
    """Return quantiles along axes; `of` makes a function of q of one line and a method.

    `top` is the q of the largest element.
    """
    if method not in _METHODS:
        raise ArgumentError(f"quantile, `method`: got {method!r}, expected one of {_METHODS}.")
    if isinstance(q, Node):
        raise TraceError("quantile, `q`: must be known when the step is built, got a traced value.")
    points = np.asarray(q, np.float64) / top
    if points.ndim > 1 or points.size and not (points.min() >= 0 and points.max() <= 1):
        raise ArgumentError(
            f"quantile, `q`: got {q!r}, expected a number from 0 to {top}, or a list of them."
        )
    x = floats(x)
    axes = normal_axes(axis, len(x.shape))
    if None in [x.shape[a] for a in axes]:
        raise OpenBatchError("quantile over the batch axis needs a batch of one exact size.")
    shape = tuple(x.shape)
    for place, a in enumerate(axes):
        x = moveaxis(x, a - place, len(shape) - 1)
    rest = tuple(s for i, s in enumerate(shape) if i not in axes)
    length = int(np.prod([shape[a] for a in axes]))
    if not length:
        raise ShapeError(f"quantile, `axis`: {axis!r} of shape {shape} holds no element.")
    line = reshape(x, (*rest, length))
    at = of(line, method)
    parts = [at(float(p)) for p in points.reshape(-1)]
    if keepdims:
        kept = tuple(1 if i in axes else s for i, s in enumerate(shape))
        parts = [reshape(p, kept) for p in parts]
    return parts[0] if points.ndim == 0 else stack(parts, 0)


def _of_all(line: Any, method: str) -> Fractions:
    line = sort(line, -1)
    last = squeeze(slice_along(line, len(line.shape) - 1, line.shape[-1] - 1, line.shape[-1]), -1)
    # NaN comes last: a line that holds one has no order.
    return lambda q: where(isnan(last), np.nan, _at_fraction(line, method, q))


def _at_fraction(line: Any, method: str, q: float) -> Any:
    last = len(line.shape) - 1
    place = q * (line.shape[last] - 1)
    low, high = int(np.floor(place)), int(np.ceil(place))
    weight = {"linear": place - low, "lower": 0.0, "higher": 1.0, "midpoint": 0.5,
              "nearest": float(np.rint(place) > low)}[method]  # fmt: skip
    a, b = (reshape(slice_along(line, last, i, i + 1), line.shape[:last]) for i in (low, high))
    if weight in (0.0, 1.0) or low == high:
        return b if weight == 1.0 else a
    return add(a, multiply(subtract(b, a), weight))


def percentile(
    x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Return the q-th percentile, q from 0 to 100; see `quantile`."""
    return _quantiles(x, q, axis, method, keepdims, _of_all, 100)


def median(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the middle of the sorted elements along `axis`, the mean of two where even."""
    return quantile(x, 0.5, axis, "midpoint", keepdims)


# --- counting into bins -------------------------------------------------------------------------


def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Any:
    """Return where values would enter a sorted line: how many of its elements lie before them."""
    if side not in ("left", "right"):
        raise ArgumentError(f"searchsorted, `side`: got {side!r}, expected 'left' or 'right'.")
    line = given(sorted_sequence)
    if len(line.shape) != 1:
        raise ShapeError(
            f"searchsorted, `sorted_sequence`: got shape {tuple(line.shape)}, expected one axis."
        )
    before = less if side == "left" else less_equal
    return sum(cast(before(line, expand_dims(given(values), -1)), "int32"), -1)


def digitize(x: Any, bins: Any) -> Any:
    """Return the bin of each element: how many of the rising `bins` it has reached.

    Of falling bins, how many lie above it.
    """
    line = given(bins)
    reached = searchsorted(line, x, "right")
    if line.shape[0] in (0, 1, None):
        return reached
    return where(greater(line[0], line[-1]), subtract(line.shape[0], reached), reached)


def bincount(x: Any, weights: Any = None, minlength: int = 0, sparse: bool = False) -> Any:
    """Return how often each whole number from 0 occurs, or the sum of its weights.

    While a step is traced the result has `minlength` elements, which must be given.
    """
    x = given(x)
    length = whole("bincount, `minlength`", minlength, 0)
    if is_float(str(x.dtype)):
        raise DTypeError(
            f"bincount, `x`: got {x.dtype}, expected whole numbers. Write ranvier.ops.cast(x, "
            "'int32'), or use histogram."
        )
    if isinstance(x, Node):
        if not length:
            raise TraceError(
                "bincount: while a step is traced, the number of bins must be known. Give "
                "minlength, for instance the number of classes."
            )
    elif x.size:
        length = int(np.maximum(length, np.max(x) + 1))
    kind = "int32" if weights is None else str(given(weights).dtype)
    hits = one_hot(x, length, dtype=kind)
    if weights is not None:
        hits = multiply(hits, expand_dims(given(weights), -1))
    return sum(hits, len(x.shape) - 1)


def histogram(x: Any, bins: int = 10, range: Any = None) -> tuple[Any, Any]:
    """Return the counts of x in equal bins, as floats, and the bins' edges.

    Args:
        x: numbers.
        bins: how many bins; default 10.
        range: (low, high); default the smallest and the largest element. Where both are equal,
            it reaches half a unit to both sides.
    """
    x = floats(x)
    bins = whole("histogram, `bins`", bins, 1)
    low, high = range if range is not None else (min(x), max(x))
    half = where(equal(low, high), 0.5, 0.0)
    low, high = subtract(cast(low, x.dtype), half), add(cast(high, x.dtype), half)
    wide = subtract(high, low)
    place = cast(floor(multiply(divide(subtract(x, low), wide), bins)), "int32")
    place = where(equal(x, high), bins - 1, place)
    inside = logical_and(greater_equal(x, low), less_equal(x, high))
    hits = multiply(one_hot(place, bins, dtype=x.dtype), expand_dims(cast(inside, x.dtype), -1))
    step = divide(cast(iota((bins + 1,), 0), x.dtype), bins)
    return sum(hits, tuple(np.arange(len(x.shape)).tolist())), add(low, multiply(step, wide))


# --- reductions that pass over NaN ---------------------------------------------------------------


def nansum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the sum of the elements that are not NaN."""
    return sum(_without_nan(x, 0), axis, keepdims)


def nanprod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the product of the elements that are not NaN."""
    return prod(_without_nan(x, 1), axis, keepdims)


def nanmax(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the largest element that is not NaN; NaN where all are."""
    return _found_without_nan(max, x, -np.inf, np.nan, axis, keepdims)


def nanmin(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the smallest element that is not NaN; NaN where all are."""
    return _found_without_nan(min, x, np.inf, np.nan, axis, keepdims)


def nanmean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the mean of the elements that are not NaN."""
    x = floats(x)
    count = sum(cast(logical_not(isnan(x)), x.dtype), axis, keepdims)
    return divide(nansum(x, axis, keepdims), count)


def nanvar(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the variance of the elements that are not NaN."""
    x = floats(x)
    gaps = square(subtract(x, nanmean(x, axis, True)))
    hole = isnan(x)  # of x alone: an infinite element has no finite gap, and hides nothing
    total = sum(where(hole, 0, gaps), axis, keepdims)
    return divide(total, sum(cast(logical_not(hole), x.dtype), axis, keepdims))


def nanstd(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the standard deviation of the elements that are not NaN."""
    return sqrt_(nanvar(x, axis, keepdims))


def nanargmax(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Return the index of the largest element that is not NaN; -1 where all are."""
    return _found_without_nan(argmax, x, -np.inf, -1, axis, keepdims)


def nanargmin(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Return the index of the smallest element that is not NaN; -1 where all are."""
    return _found_without_nan(argmin, x, np.inf, -1, axis, keepdims)


def _found_without_nan(
    find: Callable[..., Any], x: Any, hole: float, nothing: float, axis: Axis, keepdims: bool
) -> Any:
    """Return what `find` finds with NaN as `hole`, and `nothing` where all elements are NaN."""
    x = given(x)
    found = find(_without_nan(x, hole), axis, keepdims)
    if not is_float(str(x.dtype)):
        return found
    return where(all(isnan(x), axis, keepdims), cast(nothing, found.dtype), found)


def nancumsum(x: Any, axis: int | None = None, dtype: object = None) -> Any:
    """Return the running sum along `axis`, NaN counting as 0."""
    return cumsum(_without_nan(x, 0), axis, dtype)


def nancumprod(x: Any, axis: int | None = None, dtype: object = None) -> Any:
    """Return the running product along `axis`, NaN counting as 1."""
    return cumprod(_without_nan(x, 1), axis, dtype)


def nanquantile(
    x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Return the q-th quantile of the elements that are not NaN; see `quantile`."""
    return _quantiles(x, q, axis, method, keepdims, _of_numbers)


def nanpercentile(
    x: Any, q: Any, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Any:
    """Return the q-th percentile, q from 0 to 100, of the elements that are not NaN."""
    return _quantiles(x, q, axis, method, keepdims, _of_numbers, 100)


def nanmedian(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the middle of the elements that are not NaN, or the mean of the two middle ones."""
    return nanquantile(x, 0.5, axis, keepdims=keepdims)


def _of_numbers(line: Any, method: str) -> Fractions:
    count = sum(cast(logical_not(isnan(line)), line.dtype), -1, keepdims=True)
    return partial(_at_fraction_of, sort(where(isnan(line), np.inf, line), -1), count, method)


def _at_fraction_of(line: Any, count: Any, method: str, q: float) -> Any:
    place = multiply(maximum(subtract(count, 1), 0), q)
    low, high = floor(place), ceil(place)
    weight = {"linear": subtract(place, low), "lower": 0.0, "higher": 1.0, "midpoint": 0.5,
              "nearest": cast(greater(rint(place), low), line.dtype)}[method]  # fmt: skip
    a, b = (take_along_axis(line, cast(i, "int32"), -1) for i in (low, high))
    between = where(equal(low, high), a, add(a, multiply(subtract(b, a), weight)))
    return squeeze(where(equal(count, 0), np.nan, between), -1)


def _without_nan(x: Any, value: float) -> Any:
    x = given(x)
    return where(isnan(x), value, x) if is_float(str(x.dtype)) else x
