"""Folding: what is known before the step runs, or changes nothing, leaves the graph."""

from __future__ import annotations

import numpy as np

from ..graph.graph import Graph
from ..graph.node import CONST, Node, const_node
from ..graph.op import Aval
from .rebuild import rebuild

#: Constants grow no larger than this many elements by folding.
_LIMIT = 4096


def fold(graph: Graph) -> Graph:
    """Return the graph with constants computed and x + 0, x * 1, x / 1 replaced by x."""
    return rebuild(graph, lambda node: _constant(_neutral(node)))


def constant(node: Node) -> float | None:
    """Return the one number that a constant (repeated or not) holds, or None."""
    while node.op.name in ("broadcast", "reshape"):
        node = node.inputs[0]
    if node.op is CONST and node.attrs["value"].array.size == 1:
        return node.attrs["value"].array.item()
    return None


def _neutral(node: Node) -> Node:
    name, inputs = node.op.name, node.inputs
    if name in ("add", "multiply", "subtract", "divide"):
        neutral = 0 if name in ("add", "subtract") else 1
        for here, other in ((1, 0), (0, 1))[: 2 if name in ("add", "multiply") else 1]:
            if constant(inputs[here]) == neutral and inputs[other].shape == node.shape:
                return inputs[other]
    if name in ("reshape", "broadcast", "cast", "stop_gradient"):
        x = inputs[0]
        if (x.shape, x.dtype) == (node.shape, node.dtype):
            return x
        if name == "reshape" and x.op.name == "reshape":
            return _neutral(Node(node.op, x.inputs, node.attrs, Aval(node.shape, node.dtype)))
    if node.op.kind == "map" and len(inputs) > 1:
        return _thin(node)
    return node


def _thin(node: Node) -> Node:
    """Let a map broadcast a number itself instead of reading it repeated."""
    thin = []
    for i, x in enumerate(node.inputs):
        rest = [y.shape for j, y in enumerate(node.inputs) if j != i]
        wide = x.op.name == "broadcast" and x.inputs[0].shape == () and node.shape in rest
        thin.append(x.inputs[0] if wide else x)
    if any(a is not b for a, b in zip(thin, node.inputs, strict=True)):
        return Node(node.op, tuple(thin), node.attrs, Aval(node.shape, node.dtype))
    return node


def _constant(node: Node) -> Node:
    if not node.inputs or any(x.op is not CONST for x in node.inputs) or None in node.shape:
        return node
    if int(np.prod(node.shape, dtype=np.int64)) > _LIMIT or node.op.name == "broadcast":
        return node
    with np.errstate(all="ignore"):
        value = node.op.eval(*(x.attrs["value"].array for x in node.inputs), **node.attrs)
    return const_node(value, node.dtype)


