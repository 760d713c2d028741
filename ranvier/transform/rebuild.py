"""Rebuilds a graph node by node: what every pass that replaces nodes shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import is_

from ..graph.graph import Graph
from ..graph.node import Node, order
from ..graph.op import Aval


def rebuild(graph: Graph, visit: Callable[[Node], Node]) -> Graph:
    """Return the graph with `visit` applied to each node after its inputs were replaced."""
    new: dict[Node, Node] = {}
    for node in graph.nodes:
        new[node] = visit(renewed(node, new))
    return graph.replaced([new[r] for r in graph.roots])


def substitute(graph: Graph, values: Mapping[Node, Node]) -> Graph:
    """Return the graph with values in place of nodes, and in what these values are made of.

    A value may be made of whatever comes before the node that it takes the place of.
    """
    new: dict[Node, Node] = {}
    for node in graph.nodes:
        for part in order([values[node]]) if node in values else [node]:
            if part not in new:
                new[part] = renewed(part, new)
        new[node] = new[values.get(node, node)]
    return graph.replaced([new[r] for r in graph.roots])


def renewed(node: Node, new: Mapping[Node, Node]) -> Node:
    """Return the node on new inputs."""
    inputs = tuple([new[x] for x in node.inputs])
    if all(map(is_, inputs, node.inputs)):
        return node
    return Node(node.op, inputs, node.attrs, Aval(node.shape, node.dtype))
