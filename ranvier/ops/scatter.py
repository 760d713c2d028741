"""Writing by index: sums of segments, elements placed, parts replaced."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from ..graph.dtype import is_float
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError, TraceError
from ..graph.node import Node, cast
from ..graph.whole import whole
from .elementwise import (
    add,
    equal,
    greater_equal,
    less,
    logical_and,
    maximum,
    minimum,
    multiply,
    not_equal,
    where,
)
from .index import argsort, one_hot, ones_like, rows_add_, take
from .reduce import given, max, min, prod
from .reshape import concatenate, expand_dims, put_, reshape, sizes, slice_


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


class _Places:
    """Rows and the places of a table that they go to; those outside of it go nowhere.

    Args:
        indices: one index an axis for each place; negative ones count from the end.
        values: a row a place.
        shape: that of the table.
    """

    def __init__(self, indices: Any, values: Any, shape: Sequence[int]) -> None:
        index = given(indices)
        index = index if str(index.dtype) == "int64" else cast(index, "int32")
        fixed = sizes(shape)
        if None in fixed:
            raise OpenBatchError("scatter over the batch axis needs a batch of one exact size.")
        self.shape = tuple(int(s) for s in fixed if s is not None)
        self.lead, self.rest = self.shape[: index.shape[-1]], self.shape[index.shape[-1] :]
        self.rows = reshape(values, (-1, *self.rest))
        place: Any = 0
        inside: Any = True
        for axis, size in enumerate(self.lead):
            at = index[..., axis]
            at = where(less(at, 0), add(at, size), at)
            inside = logical_and(inside, logical_and(greater_equal(at, 0), less(at, size)))
            place = add(multiply(place, size), at)
        self.place = reshape(where(inside, place, -1), (-1,))

    def only_last(self) -> _Places:
        """Return them without the rows that a later one writes over."""
        order = argsort(self.place)
        made = copy(self)
        made.rows, place = take(self.rows, order, 0), take(self.place, order)
        last = not_equal(place[1:], place[:-1])
        made.place = where(concatenate([last, ones_like(place[:1], "bool")]), place, -1)
        return made

    def table(self, rows: Any) -> Any:
        """Return zeros to which rows are added."""
        inside = greater_equal(self.place, 0)
        inside = reshape(inside, (*inside.shape, *[1] * (len(rows.shape) - 1)))
        shape = (int(np.prod(self.lead)), *rows.shape[1:])
        added = rows_add_(where(inside, rows, 0), self.place, shape=shape)
        return reshape(added, (*self.lead, *rows.shape[1:]))


def scatter(indices: Any, values: Any, shape: Sequence[int]) -> Any:
    """Return zeros with `values` added at the places that `indices` name.

    Args:
        indices: whole numbers of shape (count, n): the first n coordinates of each place. Negative
            ones count from the end; what lies outside is left out.
        values: one element, or one part of the remaining shape, a place.
        shape: the result's shape.
    """
    places = _Places(indices, values, shape)
    return places.table(places.rows)


def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: str | None = None) -> Any:
    """Return `inputs` with the elements that `indices` name replaced.

    Args:
        inputs: an array.
        indices, updates: as for `scatter`; of several updates of one place the last holds.
        reduction: "add", "max", "min" or "mul", for what the element and all its updates make.

    Raises:
        ArgumentError: for another reduction.

    Source: keras.ops.scatter_update with the JAX backend.
    """
    x = given(inputs)
    places = _Places(indices, cast(given(updates), x.dtype), x.shape)
    if reduction is None:
        places = places.only_last()
        hit = places.table(ones_like(places.rows, "int32"))
        return where(equal(hit, 0), x, cast(places.table(places.rows), x.dtype))
    if reduction == "add":
        return add(x, places.table(places.rows))
    if reduction not in _REDUCTIONS:
        raise ArgumentError(
            f"scatter_update, `reduction`: got {reduction!r}, expected 'add', 'max', 'min' or "
            "'mul', or None to replace."
        )
    gather, join = _REDUCTIONS[reduction]
    found = gather(places.rows, places.place, int(np.prod(places.lead)))
    return join(x, reshape(found, x.shape))


_REDUCTIONS: dict[str, tuple[Any, Any]] = {
    "max": (segment_max, maximum), "min": (segment_min, minimum), "mul": (segment_prod, multiply)
}  # fmt: skip


def slice(inputs: Any, start_indices: Sequence[int], shape: Sequence[int]) -> Any:
    """Return the part of a shape that begins at `start_indices`; a size of -1 takes the rest."""
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
            if a or n not in (None, -1):
                raise OpenBatchError("slice of the batch axis needs a batch of one exact size.")
            parts.append(None)
            continue
        n = size - int(a) if n == -1 else n
        if n is None or not 0 <= int(a) <= int(a) + n <= size:
            raise ShapeError(f"slice: {n} elements from {a} do not lie within {size}.")
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
