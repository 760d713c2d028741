"""Regrouping: sums over the rows of a product of which nothing else is needed.

    sum_y x[y,k] sum_z g[y,z] w[k,z]  =  sum_z w[k,z] sum_y g[y,z] x[y,k]

Where a network begins with BatchNormalization, the gradient at the input of its first kernel w is
needed in such sums alone: for gamma and beta. The inner sum on the right is the gradient of w but
for a factor and an offset of each k. So two large products take the place of three.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..graph.graph import Graph
from ..graph.node import Node
from ..graph.shape import is_open, size
from ..ops.contract import contract_, split_spec
from ..ops.elementwise import add, multiply, negative, subtract
from ..ops.reduce import sum_
from ..ops.reshape import reshape, transpose_
from .dedupe import dedupe
from .rebuild import substitute

#: Who reads each node; None stands for the caller of the step.
Users = dict[Node, list[Node | None]]


def regroup(graph: Graph) -> Graph:
    """Return the graph without products of two matrices that only sums over their rows read."""
    while new := _regrouped(graph):
        graph = dedupe(substitute(graph, new))
    return graph


def _regrouped(graph: Graph) -> dict[Node, Node]:
    """Return what takes the place of nodes so that one product goes; nothing where none does."""
    users: Users = {node: [] for node in graph.nodes}
    for node in graph.nodes:
        for x in set(node.inputs):
            users[x].append(node)
    for root in graph.roots:
        users[root].append(None)
    products = filter(_multiplies_matrices, graph.nodes)
    return next(filter(None, (_Product(node, users).replaced() for node in products)), {})


def _multiplies_matrices(node: Node) -> bool:
    """Tell whether node is [y,k], of the operands [y,z] and [k,z], however they lie."""
    if node.op is not contract_:
        return False
    a, b, out = split_spec(node.attrs["spec"])
    return len(a) == len(b) == len(out) == 2 and len({*a, *b}) == 3


class _Line(NamedTuple):
    """x * factor + offset, each the same for all rows; None for 1 and for 0."""

    factor: Node | None = None
    offset: Node | None = None


class _Product:
    """A product [y,k] of `rows` [y,z] and `other` [k,z], however these lie."""

    def __init__(self, node: Node, users: Users) -> None:
        self.node, self.users = node, users
        *sides, self.out = split_spec(node.attrs["spec"])
        at = 0 if self.out[0] in sides[0] else 1
        self.rows, self.other = node.inputs[at], node.inputs[1 - at]
        self.letters, self.kept = sides[at], sides[1 - at]
        (self.summed,) = {*self.letters} - {*self.out}

    def replaced(self) -> dict[Node, Node]:
        """Return what takes the place of the sums, and of products that come of the same sums."""
        new: dict[Node, Node] = {}
        for total, factor in self._sums():
            value = None
            if factor is None:
                value = self._over_other(
                    _along(self.summed, self._over_rows(), self.kept), self.kept
                )
            else:
                for twin, layout, inner, line in self._twins(factor):
                    new[twin] = self._on(line, inner, layout)
                    value = self._over_other(inner, layout)
            if value is None:
                return {}
            new[total] = reshape(value, total.shape)
        return new

    def _sums(self) -> Iterator[tuple[Node, Node | None]]:
        """Yield the sums over rows of the product, each times an array or not; or none at all."""
        found: list[tuple[Node, Node | None]] = []
        for user in self.users[self.node]:
            factor, ends = None, [user]
            if user is not None and user.op is multiply:
                factor, ends = user.inputs[user.inputs[0] is self.node], self.users[user]
                if factor.shape != self.node.shape:
                    return
            for end in ends:
                if end is None or end.op is not sum_ or end.attrs["axis"] != (0,):
                    return
                found.append((end, factor))
        yield from found

    def _twins(self, x: Node) -> Iterator[tuple[Node, str, Node, _Line]]:
        """Yield products of `rows` and a line of x, how they lie, and the product of rows and x."""
        for twin in self.users[self.rows]:
            if twin is None or twin is self.node or not _multiplies_matrices(twin):
                continue
            *sides, out = split_spec(twin.attrs["spec"])
            at = int(twin.inputs[1] is self.rows)
            line = _line(twin.inputs[1 - at], x)
            names = dict(zip(sides[at], self.letters, strict=True))
            names |= zip(sides[1 - at], self.out, strict=True)
            layout = "".join(names[c] for c in out)
            if line is not None and {*layout} == {self.out[1], self.summed}:
                operands = [x, x]
                operands[at] = self.rows
                yield twin, layout, contract_(*operands, spec=twin.attrs["spec"]), line

    def _on(self, line: _Line, inner: Node, layout: str) -> Node:
        """Return the product of rows and a line of x, given that of rows and x."""
        if line.factor is not None:
            inner = multiply(inner, _along(self.out[1], line.factor, layout))
        if line.offset is not None:
            totals = _along(self.summed, self._over_rows(), layout)
            inner = add(inner, multiply(_along(self.out[1], line.offset, layout), totals))
        return inner

    def _over_other(self, matrix: Node, layout: str) -> Node:
        """Return the sums over z of a matrix that lies as `layout` times `other`."""
        other = self.other if layout == self.kept else transpose_(self.other, axes=(1, 0))
        at = layout.index(self.summed)
        total: Node = sum_(multiply(other, matrix), axis=(at,), keepdims=False)
        return total

    def _over_rows(self) -> Node:
        at = self.letters.index(self.out[0])
        total: Node = sum_(self.rows, axis=(at,), keepdims=False)
        return total


def _line(node: Node, x: Node) -> _Line | None:
    """Return how node comes of x, if it does so by factors and offsets that rows share."""
    if node is x:
        return _Line()
    if node.op not in (add, subtract, multiply):
        return None
    for one, other in (node.inputs, node.inputs[::-1]):
        shared = None not in other.shape and (len(other.shape) < 2 or other.shape[0] == 1)
        found = _line(one, x) if shared and one.shape == x.shape else None
        if found is None:
            continue
        factor, offset = found
        if node.op is multiply:
            offset = None if offset is None else multiply(offset, other)
            return _Line(other if factor is None else multiply(factor, other), offset)
        if node.op is subtract and one is not node.inputs[0]:
            return None
        other = negative(other) if node.op is subtract else other
        return _Line(factor, other if offset is None else add(offset, other))
    return None


def _along(letter: str, x: Node, layout: str) -> Node:
    """Return x, one number for each place along a letter, as a matrix that repeats for others."""
    count = None if is_open(x.shape) else size(x.shape)
    shaped: Node = reshape(x, tuple(count if c == letter else 1 for c in layout))
    return shaped
