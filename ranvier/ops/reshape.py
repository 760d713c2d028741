"""Moves: the same numbers at other places."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.errors import ArgumentError, ArgumentTypeError, OpenBatchError, ShapeError
from ..graph.mask import mask_of
from ..graph.node import ROWS, const_node, rows_node
from ..graph.op import Aval, Op
from ..graph.shape import (
    Shape,
    broadcast,
    is_open,
    is_several,
    normal_axes,
    normal_axis,
    several,
    size,
)
from ..graph.whole import whole


# --- reshape ------------------------------------------------------------------------------------
def _reshape_infer(x: Any, *, shape: Shape) -> Aval:
    if is_open(x.shape) != is_open(shape):
        raise _mixes_rows(x, shape)
    if size(x.shape) != size(shape):
        raise ShapeError(
            f"reshape, `newshape`: got {shape} for an array of shape {tuple(x.shape)}, expected "
            f"{size(x.shape)} elements in all. One size may be -1: it is worked out."
        )
    return Aval(shape, str(x.dtype))


def _mixes_rows(x: Any, shape: Shape) -> OpenBatchError:
    return OpenBatchError(
        f"reshape from {tuple(x.shape)} to {shape} mixes rows. To reshape each row, begin with "
        f"-1, as in (-1, {size(x.shape)})."
    )


def _np_shape(x: np.ndarray, shape: Shape) -> tuple[int, ...]:
    return tuple(x.shape[0] if s is None else s for s in shape)


reshape_: Op = Op("reshape", "move", _reshape_infer,
                  lambda x, *, shape: np.reshape(x, _np_shape(x, shape)),
                  lambda g, out, x, *, shape: (reshape_(g, shape=x.shape),))  # fmt: skip


def _as_shaped(x: Any) -> Any:
    from .reduce import given  # reduce.py is made of these moves

    return given(x)


def sizes(shape: Sequence[Any] | int) -> Shape:
    """Return a shape as ints; the number of rows that `ops.shape` gives is None again."""
    if shape is None:
        raise ArgumentTypeError("shape: got None, expected whole numbers.")
    open_ = (None if getattr(s, "op", None) is ROWS else s for s in several(shape))
    try:
        return tuple(None if s is None else operator.index(s) for s in open_)
    except TypeError:
        raise ArgumentTypeError(f"shape: got {shape!r}, expected whole numbers.") from None


def reshape(x: Any, newshape: Sequence[int | None] | int) -> Any:
    """Return x in another shape with as many elements; one size may be -1.

    For a batch the first size is None (or -1): rows stay rows. None means the same for an array.
    """
    x = _as_shaped(x)
    new = sizes(newshape)
    if new and new[0] is None and x.shape and not is_open(x.shape):
        new = (x.shape[0], *new[1:])
    if is_open(x.shape) and new and new[0] == -1 and -1 not in new[1:]:
        if size(new[1:]) == size(x.shape):
            new = (None, *new[1:])
    if new.count(-1) > 1:
        raise ShapeError(f"reshape, `newshape`: got {new}, expected at most one -1.")
    if -1 in new:
        at = new.index(-1)
        rest = size(new[:at] + new[at + 1 :])
        if is_open(x.shape) and not is_open(new):  # what fits depends on the number of rows
            raise _mixes_rows(x, new)
        if rest == 0 or size(x.shape) % rest:
            raise ShapeError(
                f"reshape, `newshape`: got {new} for an array of shape {tuple(x.shape)}; no size "
                "in place of -1 fits."
            )
        new = (*new[:at], size(x.shape) // rest, *new[at + 1 :])
    return itself(x) if new == tuple(x.shape) else reshape_(x, shape=new)


def itself(x: Any) -> Any:
    """Return x where an op has nothing to do.

    Masks stay behind, as they do where it has: whether a layer passes one on must not hang on the
    sizes it meets. A reshape to its own shape is x again in the compiled step.
    """
    return x if mask_of(x) is None else reshape_(x, shape=tuple(x.shape))


# --- transpose ----------------------------------------------------------------------------------
def _transpose_infer(x: Any, *, axes: tuple[int, ...]) -> Aval:
    if is_open(x.shape) and axes[0] != 0:
        raise OpenBatchError("transpose moves the batch axis away from the front.")
    return Aval(tuple(x.shape[a] for a in axes), str(x.dtype))


transpose_: Op = Op("transpose", "move", _transpose_infer,
                    lambda x, *, axes: np.transpose(x, axes),
                    lambda g, out, x, *, axes: (
                        transpose_(g, axes=tuple(int(i) for i in np.argsort(axes))),))  # fmt: skip


def transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    """Return x with its axes in another order, reversed by default."""
    x = _as_shaped(x)
    rank = len(x.shape)
    order = tuple(range(rank))[::-1] if axes is None else tuple(
        normal_axis(a, rank) for a in axes)  # fmt: skip
    if sorted(order) != list(range(rank)):
        raise ShapeError(f"transpose, `axes`: got {axes} for an array of {rank} axes.")
    return itself(x) if order == tuple(range(rank)) else transpose_(x, axes=order)


def swapaxes(x: Any, axis1: int, axis2: int) -> Any:
    """Return x with two axes exchanged."""
    x = _as_shaped(x)
    order = list(range(len(x.shape)))
    a, b = normal_axis(axis1, len(order)), normal_axis(axis2, len(order))
    order[a], order[b] = order[b], order[a]
    return transpose(x, order)


def moveaxis(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Any:
    """Return x with an axis, or several, moved to other places."""
    x = _as_shaped(x)
    rank = len(x.shape)
    taken, places = ([normal_axis(a, rank) for a in several(way)] for way in (source, destination))
    if len(taken) != len(places) or len({*taken}) < len(taken) or len({*places}) < len(places):
        raise ShapeError(
            f"moveaxis, `source` and `destination`: got {source!r} and {destination!r}, expected "
            "as many different axes in both."
        )
    order = [a for a in range(rank) if a not in taken]
    for place, axis in sorted(zip(places, taken, strict=True)):
        order.insert(place, axis)
    return transpose(x, order)


# --- broadcast ----------------------------------------------------------------------------------
def _broadcast_infer(x: Any, *, shape: Shape) -> Aval:
    if broadcast(x.shape, shape) != shape:
        raise ShapeError(f"broadcast_to: {tuple(x.shape)} does not fit {shape}.")
    return Aval(shape, str(x.dtype))


def _broadcast_eval(x: np.ndarray, *, shape: Shape, rows: int | None = None) -> np.ndarray:
    return np.broadcast_to(x, tuple(rows if s is None else s for s in shape))  # type: ignore[misc]


def unbroadcast(g: Any, shape: Shape) -> Any:
    """Return a gradient summed over the axes along which `shape` was repeated."""
    from .reduce import sum_

    lead = len(g.shape) - len(shape)
    axes = tuple(i for i in range(len(g.shape))
                 if i < lead or (shape[i - lead] == 1 and g.shape[i] != 1))  # fmt: skip
    if axes:
        g = sum_(g, axis=axes, keepdims=not lead)
    return g if tuple(g.shape) == tuple(shape) else reshape_(g, shape=shape)


broadcast_ = Op("broadcast", "move", _broadcast_infer, _broadcast_eval,
                lambda g, out, x, *, shape: (unbroadcast(g, x.shape),))  # fmt: skip


def broadcast_to(x: Any, shape: Sequence[int | None] | int) -> Any:
    """Return x repeated to a larger shape by NumPy's rules."""
    x, shape = _as_shaped(x), sizes(shape)
    if any(s is not None and s < 0 for s in shape):
        raise ShapeError(f"shape: got {shape}, expected sizes of at least 0.")
    if None in shape and isinstance(x, np.ndarray):
        x = const_node(x, str(x.dtype))
    return itself(x) if tuple(x.shape) == shape else broadcast_(x, shape=shape)


def expand_dims(x: Any, axis: int | Sequence[int]) -> Any:
    """Return x with new axes of size 1 at the places given."""
    x = _as_shaped(x)
    rank = len(x.shape) + len(several(axis))
    at = normal_axes(several(axis), rank)
    sizes = iter(x.shape)
    return reshape(x, tuple(1 if i in at else next(sizes) for i in range(rank)))


def squeeze(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    """Return x without axes of size 1: all of them by default.

    Raises:
        ShapeError: if an axis given has another size.
    """
    x = _as_shaped(x)
    rank = len(x.shape)
    if axis is None:
        at = {i for i, s in enumerate(x.shape) if s == 1}
    else:
        at = {*normal_axes(axis, rank)}
    for a in at:
        if x.shape[a] != 1:
            raise ShapeError(
                f"squeeze, `axis`: got axis {a} of shape {tuple(x.shape)}, expected size 1."
            )
    return reshape(x, tuple(s for i, s in enumerate(x.shape) if i not in at))


# --- joining ------------------------------------------------------------------------------------
def _concat_infer(*xs: Any, axis: int) -> Aval:
    first = tuple(xs[0].shape)
    total = 0
    for x in xs:
        other = tuple(x.shape)
        if len(other) != len(first) or other[:axis] + other[axis + 1 :] != (
            first[:axis] + first[axis + 1 :]
        ):
            raise ShapeError(
                f"concatenate along axis {axis}: shapes {[tuple(x.shape) for x in xs]} "
                "differ on another axis."
            )
        if other[axis] is None:
            raise OpenBatchError("concatenate along the batch axis mixes batches.")
        total += other[axis]  # type: ignore[operator]
    return Aval(first[:axis] + (total,) + first[axis + 1 :], str(xs[0].dtype))


def _concat_vjp(g: Any, out: Any, *xs: Any, axis: int) -> tuple[Any, ...]:
    parts, at = [], 0
    for x in xs:
        parts.append(slice_along(g, axis, at, at + x.shape[axis]))
        at += x.shape[axis]
    return tuple(parts)


concat_ = Op("concat", "move", _concat_infer,
             lambda *xs, axis: np.concatenate(xs, axis), _concat_vjp,
             operands="same")  # fmt: skip


def concatenate(xs: Sequence[Any], axis: int | None = 0) -> Any:
    """Return arrays joined along an existing axis (None: each as one line)."""
    xs = [_as_shaped(x) for x in xs]
    if not xs:
        raise ArgumentError("concatenate, `xs`: got no arrays, expected at least one.")
    if axis is None:
        xs, axis = [reshape(x, (-1,)) for x in xs], 0
    if len(xs) == 1:
        return itself(xs[0])
    return concat_(*xs, axis=normal_axis(axis, len(xs[0].shape)))


def stack(x: Sequence[Any], axis: int = 0) -> Any:
    """Return arrays of one shape joined along a new axis."""
    xs = [_as_shaped(v) for v in x]
    if not xs:
        raise ArgumentError("stack, `x`: got no arrays, expected at least one.")
    at = normal_axis(axis, len(xs[0].shape) + 1)
    return concatenate([expand_dims(v, at) for v in xs], at)


# --- parts --------------------------------------------------------------------------------------
#: One (start, stop, step) an axis, normal as of `slice.indices`; None where the axis is whole.
Parts = tuple[tuple[int, int, int] | None, ...]


def _slice_infer(x: Any, *, parts: Parts) -> Aval:
    shape = []
    for s, part in zip(x.shape, parts, strict=True):
        if part is None:
            shape.append(s)
        elif s is None:
            raise OpenBatchError("a slice of the batch axis needs a batch of one exact size.")
        else:
            shape.append(len(range(*part)))
    return Aval(tuple(shape), str(x.dtype))


def _key(parts: Parts) -> tuple[slice, ...]:
    return tuple(
        slice(None) if p is None else slice(p[0], None if p[1] < 0 else p[1], p[2]) for p in parts
    )


def _slice_vjp(g: Any, out: Any, x: Any, *, parts: Parts) -> tuple[Any]:
    return (put_(g, shape=tuple(x.shape), parts=parts),)


slice_ = Op("slice", "move", _slice_infer, lambda x, *, parts: x[_key(parts)], _slice_vjp)


def _put_eval(x: np.ndarray, *, shape: Shape, parts: Parts) -> np.ndarray:
    out = np.zeros(_np_shape(x, shape), x.dtype)
    out[_key(parts)] = x
    return out


put_ = Op("put", "move", lambda x, *, shape, parts: Aval(shape, str(x.dtype)), _put_eval,
          lambda g, out, x, *, shape, parts: (slice_(g, parts=parts),),
          doc="Zeros of a larger shape with x at the places that `slice` would take.")  # fmt: skip


def slice_along(x: Any, axis: int, start: int, stop: int, step: int = 1) -> Any:
    """Return x[..., start:stop:step, ...] on one axis."""
    parts = tuple((start, stop, step) if i == axis else None for i in range(len(x.shape)))
    return slice_(x, parts=parts)


def _is_position(k: Any) -> bool:
    """Tell a key of `x[key]` that is no array of indices."""
    return k is None or k is Ellipsis or isinstance(k, (int, slice, np.integer))


def _spelled(keys: tuple[Any, ...], rank: int) -> tuple[Any, ...]:
    """Return the keys with `...` written out, one key an axis but for None."""
    used = len([k for k in keys if k is not None and k is not Ellipsis])
    if used > rank:
        raise ShapeError(f"index {keys!r}: too many indices for an array of {rank} axes.")
    dots = [i for i, k in enumerate(keys) if k is Ellipsis]
    at = dots[0] if dots else len(keys)
    return keys[:at] + (slice(None),) * (rank - used) + keys[at + 1 :]


def getitem(x: Any, key: Any) -> Any:
    """Return x[key] for ints, slices, `...` and None; one array as key takes along its axis."""
    x = _as_shaped(x)
    keys = _spelled(key if isinstance(key, tuple) else (key,), len(x.shape))
    if any(isinstance(k, (bool, np.bool_)) for k in keys):
        raise ArgumentError(
            f"index: got {key!r}, where a bool is no place. None adds an axis of size 1; "
            "int(...) counts along an axis; where(condition, x, 0) chooses."
        )
    arrays = [i for i, k in enumerate(keys) if not _is_position(k)]
    if arrays:
        return _take_at(x, keys, arrays)
    parts: list[Any] = []
    shape: list[int | None] = []
    for k in keys:
        if k is None:
            shape.append(1)
            continue
        n = x.shape[len(parts)]
        if isinstance(k, slice) and k == slice(None):
            parts.append(None)
            shape.append(n)
        elif n is None:
            raise OpenBatchError(f"x[{key!r}] takes single rows of a batch.")
        elif isinstance(k, slice):
            part = k.indices(n)
            parts.append(part)
            shape.append(len(range(*part)))
        else:
            if not -n <= int(k) < n:
                raise ShapeError(f"index: got {k} for an axis of size {n}.")
            i = int(k) % n
            parts.append((i, i + 1, 1))
    if any(p is not None for p in parts):
        x = slice_(x, parts=tuple(parts))
    return reshape(x, tuple(shape))


def _take_at(x: Any, keys: tuple[Any, ...], arrays: list[int]) -> Any:
    """Return x[keys] with one array of indices among whole axes."""
    from .index import take

    index = _as_shaped(keys[arrays[0]])
    if str(index.dtype) == "bool":
        raise ArgumentError(
            "index: got a mask of bools, whose result has no known size. Use "
            "where(mask, x, 0), or multiply by cast(mask, x.dtype)."
        )
    rest = [k for i, k in enumerate(keys) if i != arrays[0]]
    if len(arrays) > 1 or any(not isinstance(k, slice) or k != slice(None) for k in rest):
        raise ArgumentError(
            "index: an array of indices stands alone among whole axes here. Take the other "
            "parts in a second step, as in x[:, 0][index], or use take_along_axis."
        )
    return take(x, index, axis=arrays[0])


def flip(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    """Return x with the order of elements reversed along an axis or several (default all)."""
    x = _as_shaped(x)
    axes = normal_axes(axis, len(x.shape))
    parts = tuple(
        (s - 1, -1, -1) if i in axes and s is not None else None for i, s in enumerate(x.shape)
    )
    if None in [x.shape[i] for i in axes]:
        raise OpenBatchError("flip of the batch axis needs a batch of one exact size.")
    return slice_(x, parts=parts)


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Return the elements x[i, i + offset] of two axes, as a last axis."""
    x = _as_shaped(x)
    rank, offset = len(x.shape), whole("diagonal, `offset`", offset)
    if rank < 2:
        raise ShapeError(f"diagonal: got shape {tuple(x.shape)}, expected at least two axes.")
    a, b = normal_axis(axis1, rank), normal_axis(axis2, rank)
    if a == b:
        raise ShapeError(f"diagonal, `axis1` and `axis2`: got {axis1} twice.")
    x = moveaxis(x, (a, b), (rank - 2, rank - 1))
    n, m = x.shape[-2:]
    if None in (n, m):
        raise OpenBatchError("diagonal over the batch axis needs a batch of one exact size.")
    length = min(n, m - offset) if offset >= 0 else min(n + offset, m)
    if length <= 0:
        raise ShapeError(f"diagonal, `offset`: {offset} lies outside a matrix of {(n, m)}.")
    start = offset if offset >= 0 else -offset * m
    # In one line of n * m numbers a diagonal is every (m + 1)-th of them.
    line = reshape(x, (*x.shape[:-2], n * m))
    return slice_along(line, rank - 2, start, start + (length - 1) * (m + 1) + 1, m + 1)


def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Return x cut along `axis` into equal parts, or at the indices given."""
    x = _as_shaped(x)
    axis = normal_axis(axis, len(x.shape))
    n = x.shape[axis]
    if n is None:
        raise OpenBatchError("split of the batch axis needs a batch of one exact size.")
    if not is_several(indices_or_sections):
        sections = whole("split, `indices_or_sections`", indices_or_sections, 1)
        if n % sections:
            raise ShapeError(
                f"split, `indices_or_sections`: got {sections} parts for an axis of size {n}. "
                f"Give a divisor of {n}, or use array_split."
            )
        step = n // sections
        cuts = list(range(step, n, step))
    else:
        cuts = [slice(i).indices(n)[1] for i in several(indices_or_sections)]
    edges = [0, *cuts, n]
    return [slice_along(x, axis, a, b) for a, b in zip(edges, edges[1:], strict=False)]


def tile(x: Any, repeats: int | Sequence[int]) -> Any:
    """Return x repeated whole, `repeats` times along each axis."""
    x = _as_shaped(x)
    reps = tuple(whole("tile, `repeats`", r, 0) for r in several(repeats))
    rank = max(len(reps), len(x.shape))
    reps = (1,) * (rank - len(reps)) + reps
    shape = (1,) * (rank - len(x.shape)) + tuple(x.shape)
    if is_open(x.shape) and (reps[0] != 1 or len(x.shape) != rank):
        raise OpenBatchError("tile along the batch axis needs a batch of one exact size.")
    inner = tuple(v for r, s in zip(reps, shape, strict=True) for v in (1, s))
    wide = tuple(v for r, s in zip(reps, shape, strict=True) for v in (r, s))
    if is_open(x.shape):
        inner, wide = inner[1:], wide[1:]
    final = tuple(s if s is None else r * s for r, s in zip(reps, shape, strict=True))
    return reshape(broadcast_to(reshape(x, inner), wide), final)


def repeat(x: Any, repeats: int | Sequence[int], axis: int | None = None) -> Any:
    """Return x with each element repeated in place along `axis` (flattened by default).

    Args:
        x: an array.
        repeats: how often, for all elements or, known when the step is built, for each.
        axis: default x as one line.

    Example:
        >>> repeat([1, 2, 3], [0, 1, 2]).tolist()
        [2, 3, 3]
    """
    x = _as_shaped(x)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    axis = normal_axis(axis, len(x.shape))
    if x.shape[axis] is None:
        raise OpenBatchError("repeat along the batch axis needs a batch of one exact size.")
    if is_several(repeats) and not hasattr(repeats, "op"):
        return _each_repeated(x, several(repeats), axis)
    repeats = whole("repeat, `repeats`", repeats, 0)
    shape = tuple(x.shape)
    wide = shape[: axis + 1] + (repeats,) + shape[axis + 1 :]
    final = shape[:axis] + (shape[axis] * repeats,) + shape[axis + 1 :]
    return reshape(broadcast_to(expand_dims(x, axis + 1), wide), final)


def _each_repeated(x: Any, repeats: tuple[Any, ...], axis: int) -> Any:
    """Return x with its i-th part along an axis repeated repeats[i] times."""
    from .index import take

    n = x.shape[axis]
    counts = [whole("repeat, `repeats`", r, 0) for r in repeats]
    if len(counts) not in (1, n):
        raise ArgumentError(
            f"repeat, `repeats`: got {len(counts)} of them for {n} elements along axis {axis}, "
            "expected one for each."
        )
    counts = counts * n if len(counts) == 1 else counts
    budget.constant((sum(counts),), 64)
    return take(x, np.repeat(np.arange(n, dtype="int32"), counts), axis)


def ravel(x: Any) -> Any:
    """Return x as one axis."""
    return reshape(x, (-1,))


def shape(x: Any) -> tuple[Any, ...]:
    """Return the sizes of x; the open batch size is a node (None where a model is planned)."""
    if hasattr(type(x), "__ranvier_record__"):
        return tuple(x.shape)
    return tuple(rows_node() if s is None else s for s in _as_shaped(x).shape)


def ndim(x: Any) -> int:
    """Return the number of axes."""
    return len(_as_shaped(x).shape)


OPS = (reshape_, transpose_, broadcast_, concat_, slice_, put_)
