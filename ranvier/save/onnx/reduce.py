"""Rows of the reductions and running sums."""

from __future__ import annotations

from math import prod

from ...graph.node import Node
from .lowering import Lowering, Row
from .writer import Value


def reduction(op: str) -> Row:
    """Return the row of an op that folds axes into one number."""

    def row(lo: Lowering, node: Node) -> Value:
        x, axes = lo.through(lo[node.inputs[0]]), lo.writer.sizes(node.attrs["axis"])
        kept = int(node.attrs["keepdims"])
        found = lo.writer.emit(op, (x, axes), keepdims=kept, noop_with_empty_axes=1)
        return lo.words.cast(found, node.dtype)

    return row


def position(op: str) -> Row:
    """Return the row of an op that finds the place of the first extreme; axes count as one."""

    def row(lo: Lowering, node: Node) -> Value:
        source, axes = node.inputs[0], node.attrs["axis"]
        x, axis = lo.through(lo[source]), axes[0]
        if len(axes) > 1:
            kept = [i for i in range(len(source.shape)) if i not in axes]
            x = lo.transposed(x, [*kept, *axes])
            count = prod(source.shape[a] or 1 for a in axes)
            x = lo.reshaped(x, (*(source.shape[i] for i in kept), count))
            axis = len(kept)
        found = lo.writer.emit(op, (x,), "int64", axis=axis, keepdims=0)
        found = lo.words.cast(found, "int32")
        return lo.reshaped(found, node.shape) if node.attrs["keepdims"] else found

    return row


def cumsum(lo: Lowering, node: Node) -> Value:
    """CumSum."""
    x = lo.through(lo[node.inputs[0]])
    found = lo.writer.emit("CumSum", (x, lo.writer.number(node.attrs["axis"], "int64")))
    return lo.words.cast(found, node.dtype)
