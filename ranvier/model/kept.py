"""Values that the user's code keeps in Python attributes while a step is traced: they are lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..graph import Graph, Node
from ..graph.errors import TraceError
from ..graph.node import INPUT


def whole(graph: Graph, owners: Iterable[Any]) -> Graph:
    """Return a graph that needs nothing but its own inputs.

    Raises:
        TraceError: if it needs a value of an earlier trace, with the owner and attribute that
            kept it.
    """
    own = set(graph.inputs)
    if any(node.op is INPUT and node not in own for node in graph.nodes):
        raise TraceError(lost(owners))
    return graph


def lost(owners: Iterable[Any]) -> str:
    """Return what to say of a value of a trace that is asked for after it, and who kept it."""
    place, name = "A layer, loss or metric", "x"
    for owner in owners:
        for key, value in vars(owner).items():
            if isinstance(value, Node):
                called = getattr(owner, "name", "")
                place, name = f"{type(owner).__name__} '{called}', attribute `{key}`", key
    return (
        f"{place}: keeps a value of a traced step, which has no number once the step is traced. "
        "Python attributes take nothing from step to step. Keep it in a weight, made in __init__ "
        f"or build by self.{name} = self.add_weight(name='{name}', initializer='zeros'), and "
        f"change it by self.{name}.assign(...)."
    )
