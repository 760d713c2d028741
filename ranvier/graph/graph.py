"""A whole graph: what goes in, what comes out, and which variables it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from .node import VARIABLE, Node, order
from .variable import Variable


@dataclass(frozen=True, eq=False)
class Graph:
    """One step as data.

    Attributes:
        inputs: input nodes, in the order in which a program takes its arrays.
        outputs: nodes whose values a program hands back.
        updates: (variable, node): the numbers the variable holds after the step.
    """

    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...] = ()
    updates: tuple[tuple[Variable, Node], ...] = ()

    @cached_property
    def nodes(self) -> list[Node]:
        """Every node that the outputs and updates need, inputs before users."""
        return order([*self.outputs, *(node for _, node in self.updates)])

    @cached_property
    def variables(self) -> list[Variable]:
        """Every variable that is read or written, each once, in a stable order."""
        found = {n.attrs["variable"]: None for n in self.nodes if n.op is VARIABLE}
        found.update((v, None) for v, _ in self.updates)
        return list(found)

    def replaced(self, outputs: list[Node]) -> Graph:
        """Return the graph with its outputs and update values, in `roots` order, replaced."""
        n = len(self.outputs)
        updates = tuple((v, node) for (v, _), node in zip(self.updates, outputs[n:], strict=True))
        return Graph(self.inputs, tuple(outputs[:n]), updates)

    @property
    def roots(self) -> list[Node]:
        """Outputs, then update values."""
        return [*self.outputs, *(node for _, node in self.updates)]


#: What a graph goes through before code is made of it: graph in, graph out.
Pass = Callable[[Graph], Graph]


def unchanged(graph: Graph) -> Graph:
    """Return the graph itself: the pass that does nothing."""
    return graph
