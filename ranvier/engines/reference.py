"""The reference engine: a graph interpreted with NumPy. Slow, plain, right by definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.dtype import converted
from ..graph.graph import Graph, Pass, unchanged
from ..graph.node import INPUT, ROWS, VARIABLE, Node
from ..graph.shape import is_open


class ReferenceProgram:
    """Runs each node's own NumPy definition, in order."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run the steps; see `engines.api.Program.run`."""
        for start in range(0, len(order), batch):
            rows = np.asarray(order[start : start + batch])
            feeds = {
                node: np.asarray(array[rows] if is_open(node.shape) else array)
                for node, array in zip(self.graph.inputs, data, strict=True)
            }
            values = evaluate(self.graph, feeds, len(rows))
            for node, target in zip(self.graph.outputs, out, strict=bool(out)):
                if is_open(node.shape):
                    target[start : start + len(rows)] = values[node]
                else:
                    target[...] = values[node]
            for variable, node in self.graph.updates:
                variable.assign(values[node])


def evaluate(graph: Graph, feeds: dict[Node, np.ndarray], rows: int) -> dict[Node, np.ndarray]:
    """Return the value of every node for one batch."""
    values: dict[Node, np.ndarray] = {}
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.op is INPUT:
                values[node] = converted(feeds[node].reshape(_sized(node.shape, rows)), node.dtype)
            elif node.op is VARIABLE:
                values[node] = node.attrs["variable"].numpy()
            elif node.op is ROWS:
                values[node] = np.asarray(rows, np.int32)
            else:
                args = (values[x] for x in node.inputs)
                values[node] = np.asarray(node.op.eval(*args, **_concrete(node.attrs, rows)))
    return values


def _sized(shape: tuple[int | None, ...], rows: int) -> tuple[int, ...]:
    return tuple(rows if s is None else s for s in shape)


def _concrete(attrs: dict[str, Any], rows: int) -> dict[str, Any]:
    """Attributes with the open batch size of a `shape` filled in."""
    shape = attrs.get("shape")
    if shape is None or None not in shape:
        return attrs
    return {**attrs, "shape": _sized(shape, rows)}


class ReferenceEngine:
    """Compiles nothing: the program is the graph."""

    name = "reference"

    def compile(self, graph: Graph, capacity: int, passes: Pass = unchanged) -> ReferenceProgram:
        """Return a program for batches of any size."""
        return ReferenceProgram(passes(graph))
