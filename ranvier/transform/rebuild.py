"""Rebuilds a graph node by node: what every pass that replaces nodes shares."""

from __future__ import annotations

from collections.abc import Callable

from ..graph.graph import Graph
from ..graph.node import Node
from ..graph.op import Aval


def rebuild(graph: Graph, visit: Callable[[Node], Node]) -> Graph:
    """Return the graph with `visit` applied to each node after its inputs were replaced."""
    new: dict[Node, Node] = {}
    for node in graph.nodes:
        inputs = tuple(new[x] for x in node.inputs)
        if any(a is not b for a, b in zip(inputs, node.inputs, strict=True)):
            fresh = Node(node.op, inputs, node.attrs, Aval(node.shape, node.dtype))
        else:
            fresh = node
        new[node] = visit(fresh)
    return graph.replaced([new[r] for r in graph.roots])
