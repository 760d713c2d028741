"""The passes that every traced graph goes through, in their order."""

from __future__ import annotations

from ..graph.graph import Graph
from .dedupe import dedupe
from .fold import fold
from .join import join_loops


def simplify(graph: Graph) -> Graph:
    """Return the graph with loops joined, constants folded and equal nodes shared."""
    return dedupe(fold(join_loops(graph)))
