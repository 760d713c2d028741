"""Rows of windows, and of their sum back."""

from __future__ import annotations

import numpy as np

from ...graph.node import Node
from .convolution import spread_out
from .lowering import Lowering
from .writer import Value


def windows(lo: Lowering, node: Node) -> Value:
    """Gather the elements of each window, one axis after the other."""
    x, attrs = lo[node.inputs[0]], node.attrs
    axis, n = attrs["axis"], len(attrs["size"])
    found = node.shape[axis : axis + n]
    columns = zip(found, attrs["size"], attrs["step"], attrs["dilation"], strict=True)
    for i, (count, size, step, dilation) in enumerate(columns):
        places = np.arange(count or 0)[:, None] * step + np.arange(size)[None, :] * dilation
        x = lo.writer.emit("Gather", (x, lo.writer.number(places, "int64")), axis=axis + 2 * i)
    pairs = [axis + 2 * i for i in range(n)] + [axis + 2 * i + 1 for i in range(n)]
    rest = range(axis + 2 * n, len(node.shape))
    return lo.transposed(x, [*range(axis), *pairs, *rest])


def overlap(lo: Lowering, node: Node) -> Value:
    """Add windows up where they were taken from, axis by axis."""
    found = spread_out(lo, node)
    if found is not None:
        return found
    source, attrs = node.inputs[0], node.attrs
    axis, n = attrs["axis"], len(attrs["size"])
    pairs = [place for i in range(n) for place in (axis + i, axis + n + i)]
    order = [*range(axis), *pairs, *range(axis + 2 * n, len(source.shape))]
    x = lo.transposed(lo[source], order)
    shape = [source.shape[i] for i in order]
    for i in range(n):
        at, length = axis + i, node.shape[axis + i]
        x = _added(lo, x, tuple(shape), at, length or 0, attrs["step"][i], attrs["dilation"][i])
        shape[at : at + 2] = [length]
    return x


def _added(lo: Lowering, x: Value, shape: tuple[int | None, ...], axis: int, length: int,
           step: int, dilation: int) -> Value:  # fmt: skip
    """Return one axis from two: places of windows, and elements in them."""
    count, size = shape[axis] or 0, shape[axis + 1] or 0
    rest = shape[:axis] + (count, 1) + shape[axis + 2 :]
    total = None
    for k in range(size):
        one = lo.sliced(x, {axis + 1: (k, k + 1, 1)})
        if step > 1:
            one = lo.padded(one, [(0, step - 1) if i == axis + 1 else (0, 0)
                                  for i in range(len(rest))])  # fmt: skip
        wide = count * step
        one = lo.reshaped(one, (*shape[:axis], wide, *shape[axis + 2 :]))
        used = wide - step + 1
        if used != wide:
            one = lo.sliced(one, {axis: (0, used, 1)})
        ends = (k * dilation, length - k * dilation - used)
        one = lo.padded(one, [ends if i == axis else (0, 0) for i in range(len(shape) - 1)])
        total = one if total is None else lo.words.add(total, one)
    assert total is not None  # windows have an element
    return total
