"""The gradient of a recurrence: one loop back through the steps, weights summed after it.

The loop back carries d loss / d state. It reads what the loop forward read and gave, in reverse.
What it needs of the step's own values, products and gates, the loop forward gives too: it becomes
a loop of more outputs, and `join_loops` lets the one before it be a part of that. The gradient of
a weight is a sum over rows and steps: one contraction of whole sequences.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from ..graph.body import Body
from ..graph.constant import number
from ..graph.dtype import is_float
from ..graph.graph import Graph
from ..graph.node import Node, input_node, order
from ..ops.elementwise import add
from ..ops.index import zeros_like
from ..ops.over_time import CHEAP
from ..ops.recur import recur, recur_, widths
from ..ops.reshape import broadcast_, flip, put_, reshape, slice_
from .pullback import pullback
from .rebuild import renewed
from .totals import Totals


def slopes_of_loop(g: Node, node: Node, needed: Sequence[bool]) -> list[Node | None]:
    """Return the gradient of each input of a `recur` node, None where not needed."""
    return _Backward(g, node, needed).slopes()


class _Backward:
    """The way back through one recurrence."""

    def __init__(self, g: Node, node: Node, needed: Sequence[bool]) -> None:
        assert node.op is recur_
        self.g, self.node = g, node
        self.graph = node.attrs["body"].graph
        self.length: int = node.attrs["length"]
        n, m = node.attrs["sequences"], node.attrs["states"]
        self.xs, self.ss = list(node.inputs[:n]), list(node.inputs[n : n + m])
        self.shared = list(node.inputs[n + m :])
        self.needed = [
            yes and is_float(x.dtype) for yes, x in zip(needed, node.inputs, strict=True)
        ]
        kept = self._kept()
        body = Body(Graph(self.graph.inputs, (*self.graph.outputs, *kept)))
        self.wider = recur_(*node.inputs, **{**node.attrs, "body": body}) if kept else node
        #: What the loop forward gives at every step.
        self.known = [*self.graph.outputs, *kept]
        self.ends = [0, *accumulate(widths(body))]
        #: How to sum the gradients of shared inputs over the steps, one an input.
        self.totals: list[Any] = []

    def slopes(self) -> list[Node | None]:
        n, m = len(self.xs), len(self.ss)
        last, given = self._given()
        before = [self._part(i, 0, self.length) for i in range(m)]
        after = [self._part(i, 1, self.length + 1) for i in range(len(self.known))]
        places = [i for i, one in enumerate(given) if one is not None]
        back = [flip(one, 1) for one in [*self.xs, *before, *after, *(given[i] for i in places)]]

        def step(values: list[Any], carried: list[Any]) -> tuple[list[Any], list[Any]]:
            end = n + m + len(after)
            found = dict(zip(places, values[end:], strict=True))
            slopes: list[Any] = [found.get(i) for i in range(len(given))]
            for i, s in enumerate(carried):
                slopes[i] = s if slopes[i] is None else add(slopes[i], s)
            return self._step(values[: n + m], values[n + m : end], slopes, carried)

        outputs, finals = recur(step, back, last)
        result: list[Node | None] = [None] * len(self.node.inputs)
        at = 0
        for i in range(n):
            if self.needed[i]:
                result[i] = flip(outputs[at], 1)
                at += 1
        for i in range(m):
            if self.needed[n + i]:
                result[n + i] = self._at_start(i, finals[i])
        for i, total in enumerate(self.totals):
            if total is not None:
                result[n + m + i] = total(outputs)
        return result

    def _at_start(self, i: int, slope: Node) -> Node:
        """Add what flows into an initial state where it lies in the value itself."""
        part = (None, (0, 1, 1), (self.ends[i], self.ends[i + 1], 1))
        for term in _terms(self.g):
            one = _taken(term, part)
            if one is not None:
                slope = add(slope, reshape(one, self.ss[i].shape))
        return slope

    # --- one step back --------------------------------------------------------------------------
    def _step(
        self, inputs: list[Node], after: list[Node], slopes: list[Any], carried: list[Node]
    ) -> tuple[list[Any], list[Any]]:
        """Return the gradients of a step's slices and what weights need; those of its states.

        `inputs` are slices and the states before the step, `after` what the loop forward gave.
        """
        n = len(self.xs)
        xs, before = inputs[:n], inputs[n:]
        # What is shared stands for itself at the end only: one of it may be made of another.
        shared = self.graph.inputs[len(inputs) :]
        values = dict(zip(self.graph.inputs, inputs, strict=False))
        again = dict(zip(self.known, _mapped(self.known, values), strict=True))
        wanted = self._wanted()
        all_inputs = [*inputs, *shared]
        outputs = [again[y] for y in self.graph.outputs]
        found = pullback(outputs, slopes, [all_inputs[i] for i in wanted])
        given = {again[y]: a for y, a in zip(self.known, after, strict=True) if y.inputs}
        given.update(zip(shared, self.shared, strict=True))
        ready = iter(_mapped([g for g in found if g is not None], given))
        found = [None if g is None else next(ready) for g in found]
        by_place = dict(zip(wanted, found, strict=True))
        emitted = [
            by_place[i] if by_place[i] is not None else zeros_like(xs[i])
            for i in range(n) if self.needed[i]
        ]  # fmt: skip
        changing = [*inputs, *after, *carried, *(s for s in slopes if s is not None)]
        totals = Totals(changing, emitted, self.length, self.node.shape[0])
        flowing = [by_place.get(len(inputs) + i) for i in range(len(shared))]
        self.totals = [None if one is None else totals.total(one) for one in flowing]
        new = [
            by_place[n + i] if by_place[n + i] is not None else zeros_like(s)
            for i, s in enumerate(before)
        ]
        return totals.emitted, new

    def _wanted(self) -> list[int]:
        """Return the places of the inputs whose gradients a step gives: states' always."""
        n, m = len(self.xs), len(self.ss)
        return [i for i, yes in enumerate(self.needed) if yes or n <= i < n + m]

    # --- what the loop forward gives --------------------------------------------------------------
    def _kept(self) -> list[Node]:
        """Return what else the loop forward should give: what the way back would do again.

        Doing maps of a word or two again costs less than reading their values.
        """
        graph = self.graph
        slopes = [input_node("g", y.shape, y.dtype) for y in graph.outputs]
        found = pullback(graph.outputs, slopes, [graph.inputs[i] for i in self._wanted()])
        inside, dtype, rows = set(graph.nodes), self.node.dtype, self.node.shape[0]
        costly: dict[Node, bool] = {}
        for node in graph.nodes:
            light = node.op.name in CHEAP or node.op.kind == "move" or not node.inputs
            costly[node] = not light or any(costly[x] for x in node.inputs)
        done, kept = set(graph.outputs), dict[Node, None]()
        for node in reversed(order([g for g in found if g is not None])):
            if node in inside:
                continue
            stack = [x for x in node.inputs if x in inside]
            while stack:
                one = stack.pop()
                if one in done or not costly[one]:
                    continue
                done.add(one)
                if one.op.name in CHEAP or one.dtype != dtype or one.shape[:1] != (rows,):
                    stack.extend(one.inputs)
                else:
                    kept[one] = None
        return list(kept)

    def _part(self, i: int, first: int, last: int) -> Node:
        part = (None, (first, last, 1), (self.ends[i], self.ends[i + 1], 1))
        shape = self.known[i].shape
        result: Node = reshape(
            slice_(self.wider, parts=part), (self.node.shape[0], last - first, *shape[1:])
        )
        return result

    # --- what comes in ----------------------------------------------------------------------------

    def _given(self) -> tuple[list[Node], list[Node | None]]:
        """Return the gradient of the last states, and of each output of all steps, or None."""
        m, count = len(self.ss), len(self.graph.outputs)
        last: list[Any] = [None] * m
        given: list[Any] = [None] * count
        for term in _terms(self.g):
            for i in range(count):
                part = (None, (1, self.length + 1, 1), (self.ends[i], self.ends[i + 1], 1))
                one = _taken(term, part)
                if one is None:
                    continue
                if i < m and one.op is put_ and _at_end(one, self.length):
                    value = reshape(one.inputs[0], self.ss[i].shape)
                    last[i] = value if last[i] is None else add(last[i], value)
                    continue
                shape = self.graph.outputs[i].shape
                value = reshape(one, (self.node.shape[0], self.length, *shape[1:]))
                given[i] = value if given[i] is None else add(given[i], value)
        return [zeros_like(s) if one is None else one
                for one, s in zip(last, self.ss, strict=True)], given  # fmt: skip


def _mapped(nodes: Sequence[Node], values: dict[Node, Node]) -> list[Node]:
    """Return the nodes with others in the place of those that `values` names."""
    made = dict(values)
    for node in order(nodes):
        if node not in made:
            made[node] = renewed(node, made)
    return [made[y] for y in nodes]


def _terms(g: Node) -> list[Node]:
    if g.op is add and g.inputs[0].shape == g.inputs[1].shape == g.shape:
        return [*_terms(g.inputs[0]), *_terms(g.inputs[1])]
    return [g]


def _taken(g: Node, parts: tuple[Any, ...]) -> Node | None:
    """Return a slice of a gradient, None where it holds but zeros."""
    if g.op is broadcast_ and number(g) == 0:
        return None
    if g.op is not put_:
        result: Node = slice_(g, parts=parts)
        return result
    inner, shifted = [], []
    for mine, want, size in zip(g.attrs["parts"], parts, g.shape, strict=True):
        low, high, step = mine if mine is not None else (0, size, 1)
        if want is None or size is None:
            inner.append(mine)
            shifted.append(size)
            continue
        if step != 1:
            return slice_(g, parts=parts)  # type: ignore[no-any-return]
        if high <= want[0] or low >= want[1]:
            return None
        if low < want[0] or high > want[1]:
            return slice_(g, parts=parts)  # type: ignore[no-any-return]
        inner.append((low - want[0], high - want[0], 1))
        shifted.append(want[1] - want[0])
    if tuple(shifted) == g.inputs[0].shape:
        return g.inputs[0]
    placed: Node = put_(g.inputs[0], shape=tuple(shifted), parts=tuple(inner))
    return placed


def _at_end(put: Node, length: int) -> bool:
    """Tell whether only the last step of a gradient is not zero, and all of it is there."""
    parts = put.attrs["parts"]
    whole = all(
        p is None or (p[0], p[1]) == (0, s) for p, s in zip(parts[2:], put.shape[2:], strict=True)
    )
    return parts[0] is None and parts[1] == (length - 1, length, 1) and whole
