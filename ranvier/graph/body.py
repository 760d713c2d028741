"""A graph kept as an attribute of a node: what a loop does at each step."""

from __future__ import annotations

from .graph import Graph
from .show import show


class Body:
    """A graph that hashes, compares and prints by its text, so that it can be an attribute.

    Attributes:
        graph: the graph; it reads no variables, what it needs are inputs.
        text: the same as text, a part of the key of compiled code.
    """

    __slots__ = ("graph", "text")

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.text = show(graph)

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self.text == other.text

    def __repr__(self) -> str:
        return "{\n" + self.text + "}"
