"""Lowering: walks a graph and hands each node to the row of its op."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ...graph.errors import EngineError
from ...graph.node import CONST, INPUT, ROWS, VARIABLE, Node
from ...graph.shape import Shape, is_open
from .words import Words
from .writer import Value, Writer

#: What a row is: (lowering, node) -> value.
Row = Callable[["Lowering", Node], Value]


class Lowering:
    """Writes the nodes of one graph, inputs before users.

    Args:
        rows: one row an op that is no map.
        nodes: all nodes, for what must know who uses a value.
        outer: the lowering of the graph around it.

    Attributes:
        values: what is written already.
        late: values that are written when one asks for them.
    """

    def __init__(
        self, rows: Mapping[str, Row], nodes: Iterable[Node], outer: Lowering | None = None
    ) -> None:
        self.rows, self.nodes = rows, list(nodes)
        self.writer: Writer = Writer(None if outer is None else outer.writer)
        self.words = Words(self.writer)
        self.values: dict[Node, Value] = {} if outer is None else dict(outer.values)
        self.late: dict[Node, Any] = {}
        self._rows: Value | None = None if outer is None else outer.batch_size()
        self._batch: Value | None = None  # an input whose first axis is that of the batch

    def open_input(self, node: Node, value: Value) -> None:
        """Take the value of an input of the graph."""
        self.values[node] = value
        if is_open(node.shape) and self._batch is None:
            self._batch = value

    def run(self) -> None:
        """Write all nodes."""
        for node in self.nodes:
            if node not in self.values and node not in self.late:
                value = self._written(node)
                if value is not None:
                    self.values[node] = value

    def __getitem__(self, node: Node) -> Value:
        if node not in self.values:
            self.values[node] = self.late.pop(node)()
        return self.values[node]

    def _written(self, node: Node) -> Value | None:
        op = node.op
        if op is CONST:
            return self.writer.number(node.attrs["value"].array, node.dtype)
        if op is VARIABLE:
            variable = node.attrs["variable"]
            return self.writer.weight(variable.path, np.array(variable.numpy(), order="C"))
        if op is ROWS:
            return self.words.cast(self.scalar(self.batch_size()), "int32")
        if op is INPUT:
            raise EngineError(f"{node} is no input of the graph.")
        row = self.rows.get(op.name)
        if row is not None:
            return row(self, node)
        return self.spelled(node)

    def spelled(self, node: Node) -> Value:
        """Return a map written in words."""
        scalar = node.op.scalar
        if scalar is None:
            raise EngineError(f"The op `{node.op.name}` has no form in ONNX.")
        given = [self[x] for x in node.inputs]
        arrays = [i for i, x in enumerate(node.inputs) if x.shape]
        if len(arrays) != 1:
            value: Value = scalar(self.words, *given, **node.attrs)
            return value
        at = arrays[0]
        return self.mapped(
            given[at], lambda x: scalar(self.words, *given[:at], x, *given[at + 1 :], **node.attrs)
        )

    def mapped(self, x: Value, write: Callable[[Value], Value]) -> Value:
        """Return a map of x: before x is transposed, where it is.

        Filters transpose what goes in and comes out; so what is between two of them meets nothing.
        """
        turn = self.writer.maker(x, "Transpose")
        if turn is None:
            return write(x)
        return self.transposed(write(Value(turn.inputs[0], x.dtype)), turn.attrs["perm"])

    # --- sizes ------------------------------------------------------------------------------
    def batch_size(self) -> Value:
        """Return how many rows the batch has, one int64 in a line of one."""
        if self._rows is None:
            if self._batch is None:
                self._rows = self.writer.sizes([1])
            else:
                shape = self.writer.emit("Shape", (self._batch,), "int64", start=0, end=1)
                self._rows = shape
        return self._rows

    def scalar(self, x: Value) -> Value:
        """Return a line of one number as a number."""
        return self.writer.emit("Squeeze", (x, self.writer.sizes([0])))

    def shape(self, shape: Shape) -> Value:
        """Return a shape, with the number of rows of the running batch filled in."""
        if None not in shape:
            return self.writer.sizes(s for s in shape if s is not None)
        rest = [s for s in shape if s is not None]
        parts = [self.batch_size(), *([self.writer.sizes(rest)] if rest else [])]
        return self.writer.emit("Concat", parts, "int64", axis=0)

    # --- what several rows need ---------------------------------------------------------------
    def reshaped(self, x: Value, shape: Shape) -> Value:
        """Return x in another shape; an open first size stays what it is."""
        known = self.writer.numbers.get(x.name)
        if known is not None and None not in shape:
            same = known.shape == shape
            return x if same else self.writer.derived(x, "reshaped", known.reshape(shape))  # type: ignore[arg-type]
        if 0 in shape:
            return self.writer.emit("Reshape", (x, self.shape(shape)), allowzero=1)
        sizes = [0 if s is None else s for s in shape]  # 0: as many as x has there
        return self.writer.emit("Reshape", (x, self.writer.sizes(sizes)))

    def transposed(self, x: Value, axes: Iterable[int]) -> Value:
        """Return x with its axes in another order."""
        order = list(axes)
        if order == sorted(order):
            return x
        known = self.writer.numbers.get(x.name)
        if known is not None:
            # Some runtimes want the kernels of filters known.
            return self.writer.derived(x, "transposed", known.transpose(order))
        before = self.writer.maker(x, "Transpose")
        if before is not None:  # two turns are one, or none
            both = [before.attrs["perm"][a] for a in order]
            return self.transposed(Value(before.inputs[0], x.dtype), both)
        return self.writer.emit("Transpose", (x,), perm=order)

    def sliced(self, x: Value, parts: Mapping[int, tuple[int, int, int]]) -> Value:
        """Return parts (start, stop, step) of some axes."""
        if not parts:
            return x
        turn = self.writer.maker(x, "Transpose")
        if turn is not None:
            order = turn.attrs["perm"]
            inner = self.sliced(
                Value(turn.inputs[0], x.dtype), {order[axis]: p for axis, p in parts.items()}
            )
            return self.transposed(inner, order)
        lowest = np.iinfo(np.int64).min  # the place before the first
        columns = [[p[0] for p in parts.values()],
                   [lowest if p[1] < 0 else p[1] for p in parts.values()],
                   list(parts), [p[2] for p in parts.values()]]  # fmt: skip
        return self.writer.emit("Slice", (x, *map(self.writer.sizes, columns)))

    def padded(self, x: Value, around: list[tuple[int, int]]) -> Value:
        """Return x with zeros before and after each axis."""
        if not any(map(any, around)):
            return x
        turn = self.writer.maker(x, "Transpose")
        if turn is not None:
            order = turn.attrs["perm"]
            before = [around[order.index(axis)] for axis in range(len(order))]
            return self.transposed(self.padded(Value(turn.inputs[0], x.dtype), before), order)
        ends = self.writer.sizes([a for a, _ in around] + [b for _, b in around])
        return self.writer.emit("Pad", (x, ends))

    def through(self, x: Value) -> Value:
        """Return x as a type in which runtimes can compute, where they cannot in its own."""
        return self.words.cast(x, _COMPUTED.get(x.dtype, x.dtype))


#: Types without kernels of sums, products and the like, and what holds all their numbers.
_COMPUTED = {"bool": "int32", "uint32": "int64"}
