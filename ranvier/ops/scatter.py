"""Writing by index: sums of segments, elements placed, parts replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.dtype import is_float
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError, TraceError
from ..graph.node import Node, cast
from ..graph.whole import whole
from .elementwise import add, equal, greater_equal, less, logical_and, multiply, where
from .index import one_hot, ones_like, rows_add_
from .reduce import given, max, min, prod
from .reshape import expand_dims, put_, reshape, sizes, slice_


def _segments(data: Any, segment_ids: Any, num_segments: int | None) -> tuple[Any, Any, int]:
    x, ids = given(data), given(segment_ids)
    ids = ids if str(ids.dtype) == "int64" else cast(ids, "int32")
    if num_segments is None:
        if isinstance(ids, Node):
            raise TraceError(
                "segment reductions, `num_segments`: while a step is traced it must be given."
            )
        num_segments = int(np.max(ids)) + 1 if ids.size else 0
    return x, ids, whole("segment reductions, `num_segments`", num_segments, 0)


def segment_sum(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """Return, for each segment, the sum of the rows of `data` that name it.

    Args:
        data: rows.
        segment_ids: one whole number a row; rows with an id outside are left out.
        num_segments: how many segments; default the largest id and one.
        sorted: whether ids rise; makes no difference.
    """
    x, ids, count = _segments(data, segment_ids, num_segments)
    inside = logical_and(greater_equal(ids, 0), less(ids, count))
    inside = reshape(inside, (*inside.shape, *[1] * (len(x.shape) - 1)))
    return rows_add_(where(inside, x, 0), ids, shape=(count, *x.shape[1:]))


def _segment_reduction(name: str, reduce: Any, empty: float, what: str) -> Any:
    def function(
        data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
    ) -> Any:
        x, ids, count = _segments(data, segment_ids, num_segments)
        hit = one_hot(ids, count, axis=0, dtype="bool")
        hit = reshape(hit, (*hit.shape, *[1] * (len(x.shape) - 1)))
        if x.shape[0] is None:
            raise OpenBatchError(f"{name} over the batch axis needs a batch of one exact size.")
        kind = str(x.dtype)
        beyond = cast(empty, kind)
        if np.isinf(empty) and not is_float(kind):  # the end of what whole numbers can be
            limits = (0, 1) if kind == "bool" else (np.iinfo(kind).min, np.iinfo(kind).max)
            beyond = cast(np.asarray(limits[int(empty > 0)]), kind)
        return reduce(where(hit, expand_dims(x, 0), beyond), 1)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return, for each segment, the {what} of the rows that name it."
    return function


segment_max = _segment_reduction("segment_max", max, -np.inf, "largest")
segment_min = _segment_reduction("segment_min", min, np.inf, "smallest")
segment_prod = _segment_reduction("segment_prod", prod, 1, "product")


def _flat_index(indices: Any, shape: tuple[int, ...]) -> Any:
    """Return places in the flattened array of elements named by one index an axis."""
    index = cast(given(indices), "int32")
    strides = np.append(np.cumprod(shape[::-1])[::-1][1:], 1).astype("int32")
    total: Any = 0
    for axis, stride in enumerate(strides.tolist()):
        total = add(total, multiply(index[..., axis], stride))
    return reshape(total, (-1,))


def scatter(indices: Any, values: Any, shape: Sequence[int]) -> Any:
    """Return zeros with `values` added at the places that `indices` name.

    Args:
        indices: whole numbers of shape (count, n): the first n coordinates of each place.
        values: one element, or one part of the remaining shape, a place.
        shape: the result's shape.
    """
    fixed = tuple(int(s) for s in shape)
    index = given(indices)
    n = index.shape[-1]
    lead, rest = fixed[:n], fixed[n:]
    rows = reshape(values, (-1, *rest)) if rest else reshape(values, (-1,))
    table = rows_add_(rows, _flat_index(index, lead), shape=(int(np.prod(lead)), *rest))
    return reshape(table, fixed)


def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Any:
    """Return `inputs` with the elements that `indices` name replaced or, with "add", added to."""
    x = given(inputs)
    if reduction not in (None, "add"):
        raise ArgumentError(f"scatter_update, `reduction`: got {reduction!r}, expected 'add'.")
    placed = cast(scatter(indices, updates, x.shape), x.dtype)
    if reduction == "add":
        return add(x, placed)
    count = scatter(indices, ones_like(given(updates)), x.shape)
    return where(equal(count, 0), x, placed)


def slice(inputs: Any, start_indices: Sequence[int], shape: Sequence[int]) -> Any:
    """Return the part of a shape that begins at `start_indices`."""
    x = given(inputs)
    return slice_(x, parts=_parts(x, start_indices, shape))


def slice_update(inputs: Any, start_indices: Sequence[int], updates: Any) -> Any:
    """Return `inputs` with the part that begins at `start_indices` replaced."""
    x, new = given(inputs), given(updates)
    parts = _parts(x, start_indices, new.shape)
    hole = put_(cast(ones_like(new), "int32"), shape=tuple(x.shape), parts=parts)
    return where(cast(hole, "bool"), put_(cast(new, x.dtype), shape=tuple(x.shape), parts=parts), x)


def _parts(x: Any, start: Sequence[int], shape: Sequence[Any]) -> tuple[Any, ...]:
    wanted = sizes(shape)
    if len(start) != len(x.shape) or len(wanted) != len(x.shape):
        raise ShapeError(
            f"slice: got {len(start)} starts and {len(wanted)} sizes for an array of "
            f"{len(x.shape)} axes."
        )
    parts: list[tuple[int, int, int] | None] = []
    for a, n, size in zip(start, wanted, x.shape, strict=True):
        if size is None:
            if a or n is not None:
                raise OpenBatchError("slice of the batch axis needs a batch of one exact size.")
            parts.append(None)
        elif n is None or not 0 <= int(a) <= int(a) + n <= size:
            raise ShapeError(f"slice: {n} elements from {a} do not lie within {size}.")
        else:
            parts.append((int(a), int(a) + n, 1))
    return tuple(parts)


def multi_hot(
    inputs: Any, num_classes: int, axis: int = -1, dtype: object = None, sparse: bool = False
) -> Any:
    """Return one row for each row of class numbers, with 1 at each class that it names.

    Args:
        inputs: whole numbers, (classes named,) or (rows, classes named, ...).
        num_classes: how many classes there are.
        axis: where `one_hot` puts them, before the second axis is reduced; default the last.
        dtype: default the default float type.
        sparse: accepted and ignored.
    """
    x, num_classes = given(inputs), whole("multi_hot, `num_classes`", num_classes, 0)
    hot = one_hot(x, num_classes, axis=axis, dtype=dtype)
    return max(hot, 1 if len(x.shape) > 1 else 0, initial=0)
