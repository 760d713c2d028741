"""Checks a whole graph: run by tests after every pass, and while developing one."""

from __future__ import annotations

from .errors import RanvierError
from .graph import Graph
from .node import INPUT
from .op import Aval


class GraphError(RanvierError, AssertionError):
    """A pass left a graph that breaks the rules: a fault of Ranvier, not of its user."""


def check(graph: Graph) -> Graph:
    """Return the graph if every node obeys its op's `infer`, else raise GraphError."""
    known = set()
    for node in graph.nodes:
        for x in node.inputs:
            if x not in known:
                raise GraphError(f"{node} uses {x} before it is made")
        known.add(node)
        if node.inputs and node.op.infer(*node.inputs, **node.attrs) != Aval(
            node.shape, node.dtype
        ):
            raise GraphError(f"{node}: infer says {node.op.infer(*node.inputs, **node.attrs)}")
        if node.op is INPUT and not any(node is x for x in graph.inputs):
            raise GraphError(f"{node} is no input of the graph")
    for variable, node in graph.updates:
        if (variable.shape, variable.dtype) != (node.shape, node.dtype):
            raise GraphError(f"{variable.path}: {variable.shape} is set to {node}")
    return graph
