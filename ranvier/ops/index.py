"""Positions: counting, one-hot rows, taking and placing by index, sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.dtype import canonical, is_float, is_integer
from ..graph.errors import ArgumentError, DTypeError, OpenBatchError, ShapeError
from ..graph.node import Node, cast, const_node
from ..graph.op import Aval, Op
from ..graph.shape import Shape, broadcast, normal_axis, size
from ..graph.trace import current
from ..graph.whole import whole
from .elementwise import (
    equal,
    floor_divide,
    greater,
    less,
    logical_and,
    maximum,
    minimum,
    mod,
    multiply,
)
from .reduce import any, given, sum
from .reshape import (
    broadcast_to,
    expand_dims,
    flip,
    moveaxis,
    reshape,
    sizes,
    slice_along,
    transpose,
)  # fmt: skip


def _iota_eval(*, shape: tuple[int, ...], axis: int, dtype: str) -> np.ndarray:
    line = np.arange(shape[axis], dtype=dtype).reshape([-1] + [1] * (len(shape) - axis - 1))
    return np.broadcast_to(line, shape)


iota_ = Op("iota", "map", lambda *, shape, axis, dtype: Aval(shape, dtype), _iota_eval,
           no_gradient="a constant", doc="The index along one axis, at every place.")  # fmt: skip


def iota(shape: Sequence[int | None], axis: int, dtype: str = "int32") -> Any:
    """Return the index along `axis` at every place of a shape; a node if the batch is open."""
    fixed = sizes(shape)
    attrs = {"shape": fixed, "axis": normal_axis(axis, len(fixed)), "dtype": dtype}
    if None in fixed or current() is not None:
        return Node(iota_, (), attrs, Aval(fixed, dtype))
    return iota_(**attrs)


def one_hot(
    x: Any, num_classes: int, axis: int = -1, dtype: object = None, sparse: bool = False
) -> Any:
    """Return rows with a 1 at each index and 0 elsewhere; an index outside gives zeros.

    Args:
        x: whole numbers.
        num_classes: the length of a row.
        axis: where the rows lie in the result; default the last axis.
        dtype: default the default float type.
        sparse: accepted and ignored.

    Example:
        >>> one_hot([1, 0], 2).numpy()
        array([[0., 1.],
               [1., 0.]], dtype=float32)
    """
    x = given(x)
    at = normal_axis(axis, len(x.shape) + 1)
    line = [1] * (len(x.shape) + 1)
    line[at] = whole("one_hot, `num_classes`", num_classes, 0)
    kind = "int64" if str(x.dtype) == "int64" else "int32"
    return cast(equal(expand_dims(x, at), iota(line, at, kind)), dtype)


def arange(
    start: float, stop: float | None = None, step: float | None = None, dtype: object = None
) -> Any:
    """Return evenly spaced numbers from `start` up to, not including, `stop`.

    Args:
        start: the first number; where `stop` is not given, the end of numbers from 0.
        stop: the end.
        step: from one number to the next; default 1.
        dtype: default int32 of whole numbers and the default float type of others.

    Example:
        >>> arange(3, step=2).tolist(), arange(1, 4).tolist()
        ([0, 2], [1, 2, 3])
    """
    kind = None if dtype is None else canonical(dtype)
    ends = (0, start) if stop is None else (start, stop)
    line: Any = np.arange
    try:
        array = line(*ends, 1 if step is None else step)
        if kind is not None and is_integer(kind):
            array = line(*ends, 1 if step is None else step, dtype=kind)
    except (TypeError, ValueError, ZeroDivisionError):
        raise ArgumentError(
            f"arange: got start={start!r}, stop={stop!r}, step={step!r}, expected finite numbers "
            "and a step other than 0."
        ) from None
    return cast(array, kind if kind is not None or array.dtype.kind == "f" else "int32")


def full(shape: Sequence[int], fill_value: Any, dtype: object = None) -> Any:
    """Return an array with one number everywhere."""
    return broadcast_to(cast(fill_value, dtype), shape)


def zeros(shape: Sequence[int], dtype: object = None) -> Any:
    """Return an array of zeros."""
    return full(shape, 0, dtype)


def ones(shape: Sequence[int], dtype: object = None) -> Any:
    """Return an array of ones."""
    return full(shape, 1, dtype)


def full_like(x: Any, fill_value: Any, dtype: object = None) -> Any:
    """Return one number in the shape (and dtype, unless given) of x."""
    x = given(x)
    kind = str(x.dtype) if dtype is None else canonical(dtype)
    filled = const_node(fill_value, kind) if isinstance(x, Node) else cast(fill_value, kind)
    return broadcast_to(filled, tuple(x.shape))


def zeros_like(x: Any, dtype: object = None) -> Any:
    """Return zeros in the shape of x."""
    return full_like(x, 0, dtype)


def empty_like(x: Any, dtype: object = None) -> Any:
    """Return zeros of x's shape; nothing is faster here for being left unset."""
    return full_like(x, 0, dtype)


def ones_like(x: Any, dtype: object = None) -> Any:
    """Return ones in the shape of x."""
    return full_like(x, 1, dtype)


def eye(N: int, M: int | None = None, k: int = 0, dtype: object = None) -> Any:
    """Return a matrix with ones on its k-th diagonal."""
    rows = whole("eye, `N`", N, 0)
    columns = rows if M is None else whole("eye, `M`", M, 0)
    budget.constant((rows, columns))
    return cast(np.eye(rows, columns, whole("eye, `k`", k)), dtype)


# --- rows of a table ----------------------------------------------------------------------------
def _take_eval(x: np.ndarray, index: np.ndarray) -> np.ndarray:
    return x[np.clip(index, -x.shape[0], x.shape[0] - 1)]


def _take_infer(x: Any, index: Any) -> Aval:
    if x.shape[0] is None:
        raise OpenBatchError("take of rows of a batch needs a batch of one exact size.")
    _has_elements("take", x, index, 0)
    return Aval(tuple(index.shape) + tuple(x.shape[1:]), str(x.dtype))


def _has_elements(place: str, x: Any, index: Any, axis: int) -> None:
    if x.shape[axis] == 0 and 0 not in index.shape:
        raise ShapeError(
            f"{place}: got indices of shape {tuple(index.shape)} along axis {axis} of "
            f"{tuple(x.shape)}, which holds no element. Give an array with one at least."
        )


def _rows_add_eval(g: np.ndarray, index: np.ndarray, *, shape: Shape) -> np.ndarray:
    out: np.ndarray = np.zeros([int(s or 0) for s in shape], g.dtype)
    if out.size:  # a table without rows takes none
        np.add.at(out, np.clip(index, -out.shape[0], out.shape[0] - 1), g)
    return out


def _rows_add_infer(g: Any, index: Any, *, shape: Shape) -> Aval:
    if tuple(g.shape) != (*index.shape, *shape[1:]):
        raise ShapeError(
            f"segment sums: rows of shape {tuple(g.shape)} and indices of shape "
            f"{tuple(index.shape)} do not fit a table of shape {tuple(shape)}."
        )
    return Aval(shape, str(g.dtype))


take_ = Op("take", "index", _take_infer, _take_eval,
           lambda g, out, x, index: (rows_add_(g, index, shape=tuple(x.shape)), None),
           doc="Rows of a table; an index outside takes the nearest row.")  # fmt: skip
rows_add_: Op = Op("rows_add", "index", _rows_add_infer, _rows_add_eval,
                   lambda d, out, g, index, *, shape: (take_(d, index), None),
                   doc="Zeros to which rows are added at the indices given.")  # fmt: skip


def take(x: Any, indices: Any, axis: int | None = None) -> Any:
    """Return elements (axis None: of the flattened array) or slices of x at the indices."""
    x, index = given(x), _indices(indices)
    if axis is None:
        return take_(reshape(x, (-1,)), index)
    at = normal_axis(axis, len(x.shape))
    if at == 0:
        return take_(x, index)
    if None in x.shape or None in index.shape:
        return _take_beside_rows(x, index, at)
    out = take_(moveaxis(x, at, 0), index)
    order = list(range(len(index.shape), len(index.shape) + at))
    order += [*range(len(index.shape)), *range(len(index.shape) + at, len(out.shape))]
    return transpose(out, order)


def _indices(x: Any, place: str = "take, `indices`") -> Any:
    index = given(x)
    if is_float(str(index.dtype)):
        raise DTypeError(
            f"{place}: got {index.dtype}, expected whole numbers. Write "
            "ranvier.ops.cast(indices, 'int32')."
        )
    return index if str(index.dtype) == "int64" else cast(index, "int32")


def _take_beside_rows(x: Any, index: Any, axis: int) -> Any:
    """Take along an axis while the batch axis, whose size is open, stays in front."""
    shape = tuple(x.shape)
    if None in index.shape:
        raise OpenBatchError(
            "take along an axis with indices that differ from row to row: use take_along_axis."
        )
    flat = reshape(index, (-1,))
    line = [1] * len(shape)
    line[axis] = flat.shape[0]
    wide = broadcast_to(reshape(flat, line), (*shape[:axis], flat.shape[0], *shape[axis + 1 :]))
    out = take_along_(x, wide, axis=axis)
    return reshape(out, (*shape[:axis], *index.shape, *shape[axis + 1 :]))


# --- along an axis ------------------------------------------------------------------------------
def _along_infer(x: Any, index: Any, *, axis: int) -> Aval:
    if axis == 0 and x.shape[0] is None:
        raise OpenBatchError("take_along_axis over the batch axis needs one exact batch size.")
    rest = [tuple(v.shape[:axis]) + tuple(v.shape[axis + 1 :]) for v in (x, index)]
    if len(x.shape) != len(index.shape) or rest[0] != rest[1]:
        raise ShapeError(
            f"take_along_axis: indices of shape {tuple(index.shape)} do not fit "
            f"{tuple(x.shape)} beside axis {axis}. Broadcast them first."
        )
    _has_elements("take_along_axis", x, index, axis)
    return Aval(tuple(index.shape), str(x.dtype))


def _put_along_eval(g: np.ndarray, index: np.ndarray, *, shape: Shape, axis: int) -> np.ndarray:
    sizes = tuple(g.shape[0] if s is None else s for s in shape)
    out = np.zeros(sizes, g.dtype)
    if not out.size:
        return out
    place: list[Any] = list(np.indices(index.shape, sparse=True))
    place[axis] = _inside(index, out, axis)
    np.add.at(out, tuple(place), g)
    return out


def _inside(index: np.ndarray, x: np.ndarray, axis: int) -> np.ndarray:
    """An index outside means the nearest element, as in `take`."""
    return np.clip(index, -x.shape[axis], x.shape[axis] - 1)


take_along_ = Op("take_along", "index", _along_infer,
                 lambda x, index, *, axis: np.take_along_axis(x, _inside(index, x, axis), axis),
                 lambda g, out, x, index, *, axis: (
                     put_along_(g, index, shape=tuple(x.shape), axis=axis), None))  # fmt: skip
put_along_: Op = Op("put_along", "index",
                    lambda g, index, *, shape, axis: Aval(shape, str(g.dtype)), _put_along_eval,
                    lambda d, out, g, index, *, shape, axis: (
                        take_along_(d, index, axis=axis), None))  # fmt: skip


def take_along_axis(x: Any, indices: Any, axis: int | None = None) -> Any:
    """Return, along one axis, the elements at the indices; other axes match one to one or repeat.

    Args:
        x: an array.
        indices: whole numbers, with as many axes as x.
        axis: which axis they count along; default None, x as one line.

    Example:
        >>> take_along_axis([[3, 1], [2, 4]], [[1], [0]], axis=1).tolist()
        [[1], [2]]
    """
    x, index = given(x), _indices(indices, "take_along_axis, `indices`")
    if axis is None:
        if len(index.shape) != 1:
            raise ShapeError(
                f"take_along_axis, `axis`: got None, which takes x as one line, with indices of "
                f"shape {tuple(index.shape)}. Name the axis, for instance axis=-1."
            )
        x, axis = reshape(x, (-1,)), 0
    at = normal_axis(axis, len(x.shape))
    if len(x.shape) == len(index.shape):
        ones = [tuple(v.shape[:at]) + (1,) + tuple(v.shape[at + 1 :]) for v in (x, index)]
        if ones[0] != ones[1]:
            rest = broadcast(*ones)
            x, index = (broadcast_to(v, (*rest[:at], v.shape[at], *rest[at + 1 :]))
                        for v in (x, index))  # fmt: skip
    return take_along_(x, index, axis=at)


def _argsort_infer(x: Any, *, axis: int) -> Aval:
    if axis == 0 and x.shape[0] is None:
        raise OpenBatchError("sorting along the batch axis needs a batch of one exact size.")
    return Aval(tuple(x.shape), "int32")


argsort_ = Op("argsort", "scan", _argsort_infer,
              lambda x, *, axis: np.argsort(x, axis, kind="stable").astype(np.int32),
              no_gradient="the result is an index")  # fmt: skip


def argsort(x: Any, axis: int | None = -1) -> Any:
    """Return the int32 indices that sort x along `axis`, equal elements in their order.

    An axis of None means x as one line.
    """
    x = given(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return argsort_(x, axis=normal_axis(axis, len(x.shape)))


def argpartition(x: Any, kth: int, axis: int | None = -1) -> Any:
    """Return indices that put no larger element before the kth, and no smaller one behind it.

    They are those of `argsort`, which does so for every kth.
    """
    x = given(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    n = x.shape[normal_axis(axis, len(x.shape))]
    if n is not None and not -n <= whole("argpartition, `kth`", kth) < n:
        raise ArgumentError(f"argpartition, `kth`: got {kth} for an axis of {n} elements.")
    return argsort(x, axis)


def unravel_index(indices: Any, shape: Sequence[int]) -> tuple[Any, ...]:
    """Return, for each axis of a shape, the places of elements counted through the whole array.

    Negative indices count from the end; those outside mean the nearest element.

    Example:
        >>> [i.tolist() for i in unravel_index([0, 4], (2, 3))]
        [[0, 1], [0, 1]]
    """
    index, lengths = _indices(indices, "unravel_index, `indices`"), sizes(shape)
    if not lengths or min(s or 0 for s in lengths) < 1:
        raise ShapeError(f"unravel_index, `shape`: got {shape!r}, expected positive sizes.")
    total = size(lengths)
    index = mod(minimum(maximum(index, -total), total - 1), total)
    places = []
    for s in reversed(lengths):
        places.append(mod(index, s))
        index = floor_divide(index, s)
    return tuple(reversed(places))


def sort(x: Any, axis: int | None = -1) -> Any:
    """Return x sorted along `axis` (None: as one line), smallest first."""
    return take_along_axis(x, argsort(x, axis), axis)


def top_k(x: Any, k: int, sorted: bool = True) -> tuple[Any, Any]:
    """Return the k largest elements of the last axis, largest first, and their indices."""
    x = given(x)
    last = len(x.shape) - 1
    index = flip(argsort(flip(x, last), last), last)
    n = x.shape[last]
    if not 0 <= (k := whole("top_k, `k`", k, 0)) <= n:
        raise ArgumentError(f"top_k, `k`: got {k!r} for rows of {n} elements, expected 0 to {n}.")
    index = n - 1 - slice_along(index, last, 0, k)
    return take_along_axis(x, index, last), index


def in_top_k(targets: Any, predictions: Any, k: int) -> Any:
    """Return whether fewer than k predictions of a row exceed that of its target class.

    A target that is no class is never among them.
    """
    p, k = given(predictions), whole("in_top_k, `k`", k, 0)
    hot = one_hot(targets, p.shape[-1], dtype="bool")
    mine = sum(multiply(p, hot), -1, keepdims=True)
    return logical_and(less(sum(cast(greater(p, mine), "int32"), -1), k), any(hot, -1))


OPS = (iota_, take_, rows_add_, take_along_, put_along_, argsort_)
