"""The row of recurrences: one Scan, its body written once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from ...graph.node import Node
from ...graph.shape import Shape
from ...ops.recur import widths
from .lowering import Lowering
from .writer import Part, Port, Value


def recur(lo: Lowering, node: Node) -> None:
    """Write the loop; its parts are put together when they are asked for."""
    lo.late[node] = Loop(lo, node)


class Loop:
    """One recurrence: what its Scan gives, as the op's value or as parts of that.

    The op's value is (rows, steps + 1, width) with the states before the first step in front; a
    Scan gives the last states, and each output of all steps.
    """

    def __init__(self, lo: Lowering, node: Node) -> None:
        self.lo, self.node = lo, node
        self.graph = node.attrs["body"].graph
        self.length: int = node.attrs["length"]
        n, m = node.attrs["sequences"], node.attrs["states"]
        self.sequences, self.states = node.inputs[:n], node.inputs[n : n + m]
        self.ends = [0, *accumulate(widths(node.attrs["body"]))]
        self.finals, self.outputs = self._scan(node.inputs[n + m :], n, m)

    # --- the loop -----------------------------------------------------------------------------
    def _scan(
        self, shared: Sequence[Node], n: int, m: int
    ) -> tuple[list[Value], dict[int, Value]]:  # fmt: skip
        lo, graph = self.lo, self.graph
        inner = Lowering(lo.rows, graph.nodes, lo)
        inner.values.update(zip(graph.inputs[n + m :], (lo[x] for x in shared), strict=True))
        ports = [self._port(inner, x) for x in (*graph.inputs[n : n + m], *graph.inputs[:n])]
        given = [lo[x] for x in self.states]
        given += [self._turned(lo[x], len(x.shape)) for x in self.sequences]
        if not n:  # a Scan counts its steps by what it goes through
            ports.append(Port(lo.writer.unique("step"), "int32", ()))
            given.append(lo.writer.number(list(range(self.length)), "int32"))
        inner.run()
        wanted = self._wanted()
        results = [*graph.outputs[:m], *(graph.outputs[i] for i in wanted)]
        values = _apart(inner, [inner[y] for y in results])
        outputs = [Port(v.name, y.dtype, y.shape) for v, y in zip(values, results, strict=True)]
        body = Part(lo.writer.unique("step_of_loop"), ports, outputs,
                    inner.writer.kept(v.name for v in values))  # fmt: skip
        found = lo.writer.emit_all(
            "Scan", given, [y.dtype for y in results], body=body, num_scan_inputs=max(n, 1),
        )  # fmt: skip
        steps = [
            self._turned(one, len(graph.outputs[i].shape) + 1)
            for i, one in zip(wanted, found[m:], strict=True)
        ]
        return found[:m], dict(zip(wanted, steps, strict=True))

    def _turned(self, x: Value, rank: int) -> Value:
        """Exchange rows and steps: some runtimes scan along the first axis only."""
        return self.lo.transposed(x, (1, 0, *range(2, rank)))

    @staticmethod
    def _port(inner: Lowering, x: Node) -> Port:
        value = Value(inner.writer.unique(str(x.attrs["name"])), x.dtype)
        inner.values[x] = value
        return Port(value.name, x.dtype, x.shape)

    def _wanted(self) -> list[int]:
        """Return which outputs of the steps anybody reads, by their number."""
        wanted = set()
        for user in self.lo.nodes:
            if not any(x is self.node for x in user.inputs):
                continue
            found = self._found(user.attrs["parts"]) if user.op.name == "slice" else None
            if found is None:
                return list(range(len(self.graph.outputs)))
            i, first, _ = found
            if first < self.length or i >= len(self.states):
                wanted.add(i)
        return sorted(wanted)

    def _found(self, parts: Sequence[Any]) -> tuple[int, int, int] | None:
        """Return which output a slice is of, and its steps from and to; None for another slice."""
        first, last, stride = parts[1] or (0, self.length + 1, 1)
        low, high, step = parts[2] or (0, self.ends[-1], 1)
        if parts[0] is not None or stride != 1 or step != 1:
            return None
        for i, ends in enumerate(zip(self.ends, self.ends[1:], strict=False)):
            if ends == (low, high):
                return i, first, last
        return None

    # --- what it gives --------------------------------------------------------------------------
    def part(self, parts: Sequence[Any]) -> Value | None:
        """Return a slice of the value, None where it is of no single output."""
        found = self._found(parts)
        return None if found is None else self._steps(*found)

    def __call__(self) -> Value:
        """Return the whole value."""
        count = len(self.graph.outputs)
        columns = [self._steps(i, 0, self.length + 1) for i in range(count)]
        return self.lo.writer.emit("Concat", columns, axis=2)

    def _steps(self, i: int, first: int, last: int) -> Value:
        """Return steps of one output as (rows, steps, width); step 0 is before the first."""
        lo, m = self.lo, len(self.states)
        if first == self.length and last == first + 1 and i < m:
            return self._flat(self.finals[i], i, 1)
        after = None
        if last > 1:
            after = self._flat(self.outputs[i], i, self.length)
            if (max(first, 1), last) != (1, self.length + 1):
                after = lo.sliced(after, {1: (max(first, 1) - 1, last - 1, 1)})
        if first > 0 and after is not None:
            return after
        before = self._flat(lo[self.states[i]], i, 1) if i < m else self._nothing(i)
        return before if after is None else lo.writer.emit("Concat", (before, after), axis=1)

    def _flat(self, x: Value, i: int, steps: int) -> Value:
        if x in self.outputs.values() and len(self.graph.outputs[i].shape) == 2:
            return x
        return self.lo.reshaped(x, self._shape(i, steps))

    def _nothing(self, i: int) -> Value:
        zero = self.lo.writer.number(0, self.node.dtype)
        return self.lo.writer.emit("Expand", (zero, self.lo.shape(self._shape(i, 1))))

    def _shape(self, i: int, steps: int) -> Shape:
        return (self.node.shape[0], steps, self.ends[i + 1] - self.ends[i])


def _apart(inner: Lowering, values: list[Value]) -> list[Value]:
    """Return values made in the body, each under a name of its own, as a graph's outputs must be.

    What only passes through is copied.
    """
    made = {name for line in inner.writer.lines for name in line.outputs}
    found: list[Value] = []
    for value in values:
        if value.name not in made or value in found:
            value = inner.writer.emit("Identity", (value,))
        found.append(value)
    return found
