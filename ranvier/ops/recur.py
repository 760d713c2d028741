"""Recurrences: one op that runs a small graph over the steps of sequences, and how it is traced.

The value of a recurrence is one array (rows, steps + 1, width): at each place the states and
whatever else the step gives, side by side. Place 0 holds the initial states, so that the states
before a step and after it are both slices of one array.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from ..graph.body import Body
from ..graph.dtype import is_float
from ..graph.errors import OpenBatchError, ShapeError, TraceError
from ..graph.graph import Graph
from ..graph.live import LiveTrace
from ..graph.node import (
    ROWS,
    Node,
    as_value,
    cast,
    const_node,
    input_node,
    is_symbolic,
    order,
)
from ..graph.op import Aval, Op
from ..graph.shape import size
from ..graph.trace import current
from .over_time import CONST, PARALLEL, SERIAL, Lifting, spread_over
from .reshape import broadcast_to, getitem, reshape, slice_, stack

#: What a step is: (slices of the sequences, states) -> (outputs, new states).
Step = Callable[[list[Any], list[Any]], tuple[Sequence[Any], Sequence[Any]]]


def widths(body: Body) -> list[int]:
    """Return how many numbers a row of each output of a body has."""
    return [size(node.shape[1:]) for node in body.graph.outputs]


def _infer(*inputs: Any, body: Body, sequences: int, states: int, length: int) -> Aval:
    for at, (node, value) in enumerate(zip(body.graph.inputs, inputs, strict=True)):
        shape = (value.shape[0], *value.shape[2:]) if at < sequences else value.shape
        if tuple(shape) != node.shape or str(value.dtype) != node.dtype:
            raise ShapeError(
                f"recur: got {value.dtype}{tuple(value.shape)} as input {at}, expected the step "
                f"to take {node.dtype}{node.shape}."
            )
        if at < sequences and value.shape[1] != length:
            raise ShapeError(f"recur: got sequences of {value.shape[1]} and {length} steps.")
    first = body.graph.outputs[0]
    return Aval((first.shape[0], length + 1, sum(widths(body))), first.dtype)


def _eval(*inputs: Any, body: Body, sequences: int, states: int, length: int) -> np.ndarray:
    graph = body.graph
    carried = list(inputs[sequences : sequences + states])
    rows = (inputs[0] if inputs else carried[0]).shape[0]
    ends = [0, *accumulate(widths(body))]
    result = np.zeros((rows, length + 1, ends[-1]), graph.outputs[0].dtype)
    for value, low, high in zip(carried, ends, ends[1:], strict=False):
        result[:, 0, low:high] = value.reshape(rows, -1)
    for t in range(length):
        taken = [x[:, t] for x in inputs[:sequences]]
        feeds = dict(
            zip(graph.inputs, [*taken, *carried, *inputs[sequences + states :]], strict=True)
        )
        outputs = _run(graph, feeds, rows)
        for value, low, high in zip(outputs, ends, ends[1:], strict=False):
            result[:, t + 1, low:high] = value.reshape(rows, -1)
        carried = outputs[:states]
    return result


def _run(graph: Graph, feeds: dict[Node, Any], rows: int) -> list[Any]:
    """Return the outputs of a body for one step."""
    values: dict[Node, Any] = dict(feeds)
    for node in graph.nodes:
        if node in values:
            continue
        if node.op is ROWS:
            values[node] = np.asarray(rows, np.int32)
            continue
        attrs = node.attrs
        if None in (attrs.get("shape") or ()):
            attrs = {**attrs, "shape": tuple(rows if s is None else s for s in attrs["shape"])}
        args = [values[x] for x in node.inputs]
        values[node] = np.asarray(node.op.eval(*args, **attrs))
    return [values[node] for node in graph.outputs]


recur_ = Op("recur", "loop", _infer, _eval,
            doc="A body run step after step: inputs are sequences (rows, steps, ...), initial "
            "states (rows, ...) and what all steps share.")  # fmt: skip


def recur(
    step: Step, sequences: Sequence[Any], states: Sequence[Any], unroll: bool = False
) -> tuple[list[Any], list[Any]]:
    """Run `step` along axis 1 of sequences; returns what it gave at all steps and the last states.

    Traced, the step is written once and compiles into one loop; what does not depend on the
    states is computed for all steps at once, before the loop.

    Args:
        step: (slices, states) -> (outputs, new states), lists of arrays with rows first.
        sequences: arrays (rows, steps, ...).
        states: arrays (rows, ...), what the first step finds.
        unroll: write every step out instead.

    Returns:
        outputs as sequences (rows, steps, ...), and the states after the last step.

    Raises:
        ShapeError: if a new state has another shape than the old one.
    """
    if not any(is_symbolic(x) for x in [*sequences, *states]) and current() is None:
        return _unrolled(step, list(sequences), list(states))
    xs, ss = [_node(x) for x in sequences], [_node(s) for s in states]
    rows = xs[0].shape[0]
    if rows is None and any(s.shape[:1] not in ((None,), ()) for s in ss):
        raise OpenBatchError("The states of a recurrence have a fixed number of rows.")
    if isinstance(current(), LiveTrace):  # each step is to compute as Python reaches it
        unroll = True
    if unroll or any(s.shape[:1] != (rows,) for s in ss):
        return _unrolled(step, list(xs), list(ss))
    return _Tracing(step, xs, ss).results()


def _node(x: Any) -> Node:
    value = as_value(x)
    return value if isinstance(value, Node) else const_node(value)


def _unrolled(step: Step, xs: list[Any], ss: list[Any]) -> tuple[list[Any], list[Any]]:
    """Run the step again and again: on numbers, or written out once a step."""
    given: list[list[Any]] = []
    length = xs[0].shape[1]
    for t in range(length):
        outputs, new = step([getitem(x, (slice(None), t)) for x in xs], ss)
        given.append(list(outputs))
        ss = list(new)
    return [stack(list(column), axis=1) for column in zip(*given, strict=True)], ss


class _Tracing:
    """One step, traced and sorted: what all steps share, what needs no state, and the loop."""

    def __init__(self, step: Step, xs: list[Node], ss: list[Node]) -> None:
        self.xs, self.ss = xs, ss
        self.rows, self.length = xs[0].shape[0], xs[0].shape[1] or 0
        self.step = step
        rows = self.rows
        self.slices = [input_node("x", (rows, *x.shape[2:]), x.dtype) for x in xs]
        self.carried = [input_node("s", s.shape, s.dtype) for s in ss]
        trace = current()
        before = dict(trace.updates) if trace is not None else {}
        outputs, new = step(list(self.slices), list(self.carried))
        self.outputs = [self._output(y) for y in outputs]
        self.new = [self._state(n, s) for n, s in zip(new, ss, strict=True)]
        self.nodes = order([*self.outputs, *self.new])
        self.lifting = Lifting(self.nodes, dict(zip(self.slices, xs, strict=True)), self.carried)
        if trace is not None:
            self._check_updates(before, dict(trace.updates))

    def _output(self, value: Any) -> Node:
        node = _node(value)
        return node if node.shape else broadcast_to(node, (self.rows,))

    def _state(self, value: Any, old: Node) -> Node:
        node = cast(_node(value), old.dtype)
        if node.shape != old.shape:
            try:
                node = broadcast_to(node, old.shape)
            except ShapeError:
                raise ShapeError(
                    f"A recurrent cell: got a new state of shape {node.shape}, expected that of "
                    f"the old one, {old.shape}. Return the states in the order of `state_size`."
                ) from None
        return node

    def _check_updates(self, before: dict[Any, Node], after: dict[Any, Node]) -> None:
        inside = {*self.slices, *self.carried}
        for variable, node in after.items():
            if before.get(variable) is not node and not inside.isdisjoint(order([node])):
                raise TraceError(
                    f"A recurrent cell changes the variable '{variable.path}' at each step, which "
                    "a compiled loop cannot. Return what changes as a state of the cell."
                )

    # --- the loop ---------------------------------------------------------------------------
    def results(self) -> tuple[list[Any], list[Any]]:
        """Return the outputs of all steps and the last states, as nodes after the loop."""
        states = {s: i for i, s in enumerate(self.carried)}
        results = list(self.new)
        places = {y: i for i, y in reversed(list(enumerate(results)))}
        for y in self.outputs:
            if self.lifting.kind(y) == SERIAL and y not in places and y not in states:
                places[y] = len(results)
                results.append(y)
        kinds = {y.dtype for y in results}
        if len(kinds) > 1 or not all(map(is_float, kinds)):
            return _unrolled(self.step, list(self.xs), list(self.ss))
        packed, ends = self._loop(results) if results else (self.xs[0], [])

        def part(i: int, first: int, last: int) -> Any:
            whole = slice_(packed, parts=(None, (first, last, 1), (ends[i], ends[i + 1], 1)))
            return reshape(whole, (self.rows, last - first, *results[i].shape[1:]))

        found = []
        for y in self.outputs:
            if self.lifting.kind(y) == PARALLEL:
                found.append(self.lifting.lifted(y))
            elif self.lifting.kind(y) == CONST:
                found.append(spread_over(y, self.rows, self.length))
            elif y in states:
                found.append(part(states[y], 0, self.length))
            else:
                found.append(part(places[y], 1, self.length + 1))
        finals = [
            reshape(part(i, self.length, self.length + 1), s.shape) for i, s in enumerate(self.ss)
        ]
        return found, finals

    def _loop(self, results: list[Node]) -> tuple[Node, list[int]]:
        frontier, inner = self.lifting.cut(results)
        shared: dict[Node, Node] = {}
        made: dict[Node, Node] = {}
        for i, node in enumerate(frontier):
            made[node] = input_node(f"x{i}", node.shape, node.dtype)
        for i, node in enumerate(self.carried):
            made[node] = input_node(f"s{i}", node.shape, node.dtype)
        for node in inner:
            for x in node.inputs:
                if x not in made and self.lifting.shared(x):
                    shared[x] = made[x] = input_node(f"c{len(shared)}", x.shape, x.dtype)
            mine = tuple(made.get(x, x) for x in node.inputs)
            made[node] = Node(node.op, mine, node.attrs, Aval(node.shape, node.dtype))
        for y in results:
            if y not in made and self.lifting.shared(y):
                shared[y] = made[y] = input_node(f"c{len(shared)}", y.shape, y.dtype)
        inputs = [*(made[x] for x in frontier), *(made[s] for s in self.carried), *shared.values()]
        body = Body(Graph(tuple(inputs), tuple(made.get(y, y) for y in results)))
        outer = [*(self.lifting.lifted(x) for x in frontier), *self.ss, *shared]
        packed = recur_(*outer, body=body, sequences=len(frontier), states=len(self.ss),
                        length=self.length)  # fmt: skip
        return packed, [0, *accumulate(widths(body))]
