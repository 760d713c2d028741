"""Sharing: nodes that compute the same become one."""

from __future__ import annotations

from typing import Any

from ..graph.graph import Graph
from ..graph.node import INPUT, Node
from .rebuild import rebuild


def dedupe(graph: Graph) -> Graph:
    """Return the graph with equal nodes (same op, inputs and attributes) joined."""
    seen: dict[Any, Node] = {}

    def visit(node: Node) -> Node:
        if node.op is INPUT:
            return node
        key = (node.op, tuple([x.serial for x in node.inputs]), *node.attrs.items())
        return seen.setdefault(key, node)

    return rebuild(graph, visit)
