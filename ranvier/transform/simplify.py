"""The passes that every traced graph goes through, in their order."""

from __future__ import annotations

from ..graph.graph import Graph
from .dedupe import dedupe
from .fold import fold
from .join import join_loops
from .regroup import regroup


def simplify(graph: Graph) -> Graph:
    """Return the graph with loops joined, constants folded, equal nodes shared, sums regrouped."""
    return regroup(dedupe(fold(join_loops(graph))))
