"""What part of a recurrent step needs no state: it is computed for all steps at once."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from ..graph.constant import number
from ..graph.node import ROWS, Node
from ..graph.shape import Shape
from .reshape import broadcast_to, expand_dims

#: What a node of a step depends on: nothing of the step; its slices alone; states too.
CONST, PARALLEL, SERIAL = range(3)

#: Maps of a word or two: done again rather than stored as one more sequence.
CHEAP = frozenset(
    ("add", "subtract", "multiply", "negative", "square", "select", "maximum", "minimum", "cast",
     "logical_not", "logical_and", "stop_gradient")
)  # fmt: skip


def spread_over(node: Node, rows: int | None, length: int) -> Any:
    """Return what is the same at all steps as a sequence."""
    if node.shape[:1] == (rows,):
        return broadcast_to(expand_dims(node, 1), (rows, length, *node.shape[1:]))
    return broadcast_to(node, (rows, length, *node.shape))


class Lifting:
    """Sorts the nodes of a step by what they depend on, and writes parallel ones over time.

    Args:
        nodes: the nodes of the step, inputs first.
        slices: placeholders of one step -> the sequences they are slices of.
        carried: placeholders of the states.
    """

    def __init__(
        self, nodes: Sequence[Node], slices: dict[Node, Node], carried: Sequence[Node]
    ) -> None:
        self.nodes, self._over = nodes, dict(slices)
        first = next(iter(slices.values()))
        self.rows, self.length = first.shape[0], first.shape[1] or 0
        self._kinds: dict[Node, int] = dict.fromkeys(slices, PARALLEL)
        self._kinds.update(dict.fromkeys(carried, SERIAL))
        for node in nodes:
            if node in self._kinds:
                continue
            kind = max((self._kinds[x] for x in node.inputs), default=CONST)
            if kind == PARALLEL:
                over = self._lift(node)
                if over is None:
                    kind = SERIAL
                else:
                    self._over[node] = over
            self._kinds[node] = kind

    def kind(self, node: Node) -> int:
        """Return what a node depends on."""
        return self._kinds[node]

    def lifted(self, node: Node) -> Node:
        """Return a parallel node for all steps: (rows, steps, ...)."""
        return self._over[node]

    def shared(self, node: Node) -> bool:
        """Tell whether a node is computed before the loop and read whole at each step."""
        return self._kinds[node] == CONST and number(node) is None and node.op is not ROWS

    def cut(self, results: Sequence[Node]) -> tuple[list[Node], list[Node]]:
        """Return which sequences the loop reads, and the nodes that it computes, inputs first."""
        inner = {n for n in self.nodes if self._kinds[n] == SERIAL and n.inputs}
        # What lies above a result alone is not the loop's.
        wanted = set(results)
        for node in reversed(self.nodes):
            if node in wanted and node in inner:
                wanted.update(node.inputs)
        inner &= wanted
        frontier = {x for n in inner for x in n.inputs if self._kinds[x] == PARALLEL}
        ends = set(results)
        frontier |= {y for y in results if self._kinds[y] == PARALLEL}
        for node in reversed(self.nodes):
            if node not in frontier or node in ends or node.op.name not in CHEAP:
                continue
            more = {x for x in node.inputs if self._kinds[x] == PARALLEL} - frontier
            if len(more) <= 1:
                frontier.remove(node)
                frontier |= more
                inner.add(node)
        place = {n: i for i, n in enumerate(self.nodes)}
        return sorted(frontier, key=place.__getitem__), sorted(inner, key=place.__getitem__)

    # --- one op over time ---------------------------------------------------------------------
    def _lift(self, node: Node) -> Any:
        """Return the node for all steps at once, or None where it has no such form."""
        if node.op.kind == "map":
            return self._map(node)
        if node.op.kind == "contract":
            return self._contract(node)
        rule = {"slice": self._slice, "put": self._put, "reshape": self._shaped,
                "broadcast": self._shaped, "transpose": self._transpose, "concat": self._concat,
                "sum": self._reduce, "max": self._reduce, "min": self._reduce,
                "take": self._take, "windows": self._windows}.get(node.op.name)  # fmt: skip
        return rule(node) if rule is not None else None

    def _has_rows(self, node: Node) -> bool:
        return bool(node.shape) and node.shape[0] == self.rows

    def _map(self, node: Node) -> Any:
        if not self._has_rows(node) or not node.inputs:
            return None
        inputs = []
        for x in node.inputs:
            if x in self._over:
                if len(x.shape) != len(node.shape):
                    return None
                inputs.append(self._over[x])
            else:
                inputs.append(expand_dims(x, 1) if len(x.shape) == len(node.shape) else x)
        return node.op(*inputs, **node.attrs)

    def _contract(self, node: Node) -> Any:
        spec = node.attrs["spec"]
        left, out = spec.split("->")
        if not out or not self._has_rows(node):
            return None
        t = next(c for c in string.ascii_letters if c not in spec)
        inputs, terms = [], []
        for x, letters in zip(node.inputs, left.split(","), strict=True):
            if x in self._over:
                if letters[:1] != out[0]:
                    return None
                letters, x = letters[0] + t + letters[1:], self._over[x]
            inputs.append(x)
            terms.append(letters)
        return node.op(*inputs, spec=f"{terms[0]},{terms[1]}->{out[0]}{t}{out[1:]}")

    def _slice(self, node: Node) -> Any:
        parts = node.attrs["parts"]
        if parts[0] is not None:
            return None
        return node.op(self._over[node.inputs[0]], parts=(None, None, *parts[1:]))

    def _put(self, node: Node) -> Any:
        parts, shape = node.attrs["parts"], node.attrs["shape"]
        if parts[0] is not None:
            return None
        return node.op(self._over[node.inputs[0]], parts=(None, None, *parts[1:]),
                       shape=self._longer(shape))  # fmt: skip

    def _longer(self, shape: Shape) -> Shape:
        return (shape[0], self.length, *shape[1:])

    def _shaped(self, node: Node) -> Any:
        x = node.inputs[0]
        if not (self._has_rows(node) and self._has_rows(x)):
            return None
        if node.op.name == "broadcast" and len(x.shape) != len(node.shape):
            return None
        return node.op(self._over[x], shape=self._longer(node.shape))

    def _windows(self, node: Node) -> Any:
        attrs = node.attrs
        if attrs["axis"] == 0:
            return None
        return node.op(self._over[node.inputs[0]], **{**attrs, "axis": attrs["axis"] + 1})

    def _transpose(self, node: Node) -> Any:
        axes = node.attrs["axes"]
        if axes[0] != 0:
            return None
        return node.op(self._over[node.inputs[0]], axes=(0, 1, *(a + 1 for a in axes[1:])))

    def _concat(self, node: Node) -> Any:
        if node.attrs["axis"] == 0:
            return None
        inputs = [
            self._over[x] if x in self._over else spread_over(x, self.rows, self.length)
            for x in node.inputs
        ]
        return node.op(*inputs, axis=node.attrs["axis"] + 1)

    def _reduce(self, node: Node) -> Any:
        axes = node.attrs["axis"]
        if 0 in axes:
            return None
        return node.op(self._over[node.inputs[0]], axis=tuple(a + 1 for a in axes),
                       keepdims=node.attrs["keepdims"])  # fmt: skip

    def _take(self, node: Node) -> Any:
        table, index = node.inputs
        if table in self._over or not self._has_rows(index):
            return None
        return node.op(table, self._over[index], **node.attrs)
