"""Loops over the same steps become one: the loop that gives more gives what the other does."""

from __future__ import annotations

from typing import Any

from ..graph.body import Body
from ..graph.graph import Graph
from ..graph.node import Node
from ..ops.recur import recur_
from ..ops.reshape import slice_
from .rebuild import substitute


def join_loops(graph: Graph) -> Graph:
    """Return the graph with each recurrence a part of one that begins with the same outputs.

    The gradient of a recurrence makes such a pair: its way back needs more of each step than
    the model does.
    """
    loops: dict[Any, list[Node]] = {}
    for node in graph.nodes:
        if node.op is recur_:
            rest = [value for name, value in node.attrs.items() if name != "body"]
            loops.setdefault((*(x.serial for x in node.inputs), *rest), []).append(node)
    for same in loops.values():
        widest = max(same, key=lambda node: node.shape[-1] or 0)
        for node in same:
            if node is not widest and _begins_with(widest, node):
                part: Node = slice_(widest, parts=(None, None, (0, node.shape[-1], 1)))
                return join_loops(substitute(graph, {node: part}))
    return graph


def _begins_with(wide: Node, node: Node) -> bool:
    """Tell whether the first outputs of a loop are those of another."""
    body, more = node.attrs["body"].graph, wide.attrs["body"].graph
    return Body(Graph(more.inputs, more.outputs[: len(body.outputs)])) == node.attrs["body"]
