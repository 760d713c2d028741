"""Rebuilds a graph node by node: what every pass that replaces nodes shares."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_

from ..graph.graph import Graph
from ..graph.node import Node
from ..graph.op import Aval


def rebuild(graph: Graph, visit: Callable[[Node], Node]) -> Graph:
    """Return the graph with `visit` applied to each node after its inputs were replaced."""
    new: dict[Node, Node] = {}
    for node in graph.nodes:
        inputs = tuple([new[x] for x in node.inputs])
        if all(map(is_, inputs, node.inputs)):
            new[node] = visit(node)
        else:
            aval = Aval(node.shape, node.dtype)
            new[node] = visit(Node(node.op, inputs, node.attrs, aval))
    return graph.replaced([new[r] for r in graph.roots])
