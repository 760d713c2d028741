"""Rows of the ops that move numbers, and of those that find places for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...graph.node import CONST, Node
from .lowering import Lowering
from .writer import Value


def reshape(lo: Lowering, node: Node) -> Value:
    """Reshape; the batch stays the first axis."""
    return lo.reshaped(lo[node.inputs[0]], node.shape)


def transpose(lo: Lowering, node: Node) -> Value:
    """Transpose."""
    return lo.transposed(lo[node.inputs[0]], node.attrs["axes"])


def broadcast(lo: Lowering, node: Node) -> Value:
    """Expand, to the size of the running batch where that is open."""
    return lo.writer.emit("Expand", (lo[node.inputs[0]], lo.shape(node.shape)))


def concat(lo: Lowering, node: Node) -> Value:
    """Concat."""
    return lo.writer.emit("Concat", [lo[x] for x in node.inputs], axis=node.attrs["axis"])


def slice(lo: Lowering, node: Node) -> Value:
    """Slice; of a recurrence, what the loop gives by itself."""
    source, parts = node.inputs[0], node.attrs["parts"]
    if source in lo.late:  # a part of what a loop gives needs not the whole of it
        part: Value | None = lo.late[source].part(parts)
        if part is not None:
            return part
    found = {i: p for i, p in enumerate(parts) if p is not None}
    return lo.sliced(lo[source], found)


def put(lo: Lowering, node: Node) -> Value:
    """Pad; where the places lie apart, zeros come between them first."""
    x, source = lo[node.inputs[0]], node.inputs[0]
    around = []
    sizes: list[Any] = list(source.shape)
    for axis, part in enumerate(node.attrs["parts"]):
        if part is None:
            around.append((0, 0))
            continue
        start, step, count = part[0], part[2], sizes[axis]
        if step < 0:
            x = lo.sliced(x, {axis: (count - 1, -1, -1)})
            start, step = start + (count - 1) * step, -step
        if step > 1 and count:
            x = _spread(lo, x, sizes, axis, step)
            sizes[axis] = (count - 1) * step + 1
        around.append((start, node.shape[axis] - start - sizes[axis]))  # type: ignore[operator]
    return lo.padded(x, around)


def _spread(lo: Lowering, x: Value, sizes: list[Any], axis: int, step: int) -> Value:
    """Put step - 1 zeros between the elements of an axis."""
    wide = [*sizes[: axis + 1], 1, *sizes[axis + 1 :]]
    x = lo.reshaped(x, tuple(wide))
    x = lo.padded(x, [(0, step - 1) if i == axis + 1 else (0, 0) for i in range(len(wide))])
    long = sizes[axis] * step
    x = lo.reshaped(x, (*sizes[:axis], long, *sizes[axis + 1 :]))
    return lo.sliced(x, {axis: (0, long - step + 1, 1)})


def iota(lo: Lowering, node: Node) -> Value:
    """A line of numbers, Range where it is as long as the batch, expanded."""
    axis, shape = node.attrs["axis"], node.shape
    if shape[axis] is None:
        ends = (lo.writer.number(0, "int64"), lo.scalar(lo.batch_size()),
                lo.writer.number(1, "int64"))  # fmt: skip
        line = lo.words.cast(lo.writer.emit("Range", ends), node.dtype)
        column = lo.writer.sizes([-1] + [1] * (len(shape) - 1))
        line = lo.writer.emit("Reshape", (line, column))
    else:
        flat = np.arange(shape[axis], dtype=node.dtype)
        line = lo.writer.number(flat.reshape([-1] + [1] * (len(shape) - axis - 1)), node.dtype)
    if all(s == 1 for i, s in enumerate(shape) if i != axis) and axis == 0:
        return line
    return lo.writer.emit("Expand", (line, lo.shape(shape)))


# --- places taken from data ---------------------------------------------------------------------
def _inside(lo: Lowering, index: Node, size: int) -> Value:
    """Return indices with those outside moved to the nearest place, as int64."""
    if index.op is CONST:
        known = np.clip(index.attrs["value"].array.astype(np.int64), -size, size - 1)
        return lo.writer.number(known, "int64")
    w = lo.words
    x = w.cast(lo[index], "int64")
    return w.max(w.min(x, w.const(size - 1, x)), w.const(-size, x))


def take(lo: Lowering, node: Node) -> Value:
    """Gather."""
    table, index = node.inputs
    return lo.writer.emit("Gather", (lo[table], _inside(lo, index, _size(table, 0))), axis=0)


def take_along(lo: Lowering, node: Node) -> Value:
    """GatherElements."""
    (x, index), axis = node.inputs, node.attrs["axis"]
    places = _inside(lo, index, _size(x, axis))
    return lo.writer.emit("GatherElements", (lo[x], places), axis=axis)


def _size(x: Node, axis: int) -> int:
    size = x.shape[axis]
    assert size is not None  # the op itself refuses an open axis
    return size


def rows_add(lo: Lowering, node: Node) -> Value:
    """ScatterND into zeros."""
    g, index = node.inputs
    places = lo.writer.emit(
        "Unsqueeze", (_inside(lo, index, _size(node, 0)), lo.writer.sizes([-1]))
    )
    return lo.writer.emit("ScatterND", (_zeros(lo, node), places, lo[g]), reduction="add")


def put_along(lo: Lowering, node: Node) -> Value:
    """ScatterElements into zeros."""
    (g, index), axis = node.inputs, node.attrs["axis"]
    places = _inside(lo, index, _size(node, axis))
    return lo.writer.emit(
        "ScatterElements", (_zeros(lo, node), places, lo[g]), axis=axis, reduction="add"
    )


def _zeros(lo: Lowering, node: Node) -> Value:
    zero = lo.writer.number(0, node.dtype)
    return lo.writer.emit("Expand", (zero, lo.shape(node.shape)))


def argsort(lo: Lowering, node: Node) -> Value:
    """TopK of all elements, smallest first, equal ones in their order."""
    x, axis = node.inputs[0], node.attrs["axis"]
    line = lo.through(lo[x])
    _, places = lo.writer.emit_all(
        "TopK", (line, lo.writer.sizes([_size(x, axis)])), [line.dtype, "int64"],
        axis=axis, largest=0, sorted=1,
    )  # fmt: skip
    return lo.words.cast(places, "int32")
