"""The engines that every row of the op table runs on, and how a row becomes one program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine, evaluate
from ranvier.graph import Graph, Node, input_node
from ranvier.graph.check import check
from ranvier.graph.dtype import is_float
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold

#: A new engine joins here: all rows then run on it.
ENGINES: list[Any] = [ReferenceEngine(), NativeEngine()]

#: Rows of a batch: more than one vector, no multiple of one.
CAPACITY = 17


def weighted(out: Node) -> tuple[Node, Node]:
    """Return weights as a graph input, and the sum of out times them."""
    weights = input_node("weights", out.shape, out.dtype)
    return weights, ops.sum(ops.multiply(out, weights))


def step(outputs: Sequence[Node], inputs: Sequence[Node]) -> Graph:
    """Return a graph after every pass, each one checked."""
    graph = check(Graph(tuple(inputs), tuple(outputs)))
    return check(dedupe(check(fold(graph))))


def differentiable(outputs: Sequence[Node], inputs: Sequence[Node]) -> list[Node]:
    """Return the float inputs, if the outputs are floats too."""
    floats = [x for x in inputs if is_float(x.dtype)]
    return floats if all(is_float(o.dtype) for o in outputs) else []


def values(graph: Graph, data: Sequence[np.ndarray], rows: int) -> list[np.ndarray]:
    """Return the outputs of a graph for one batch, by the reference."""
    found = evaluate(graph, dict(zip(graph.inputs, data, strict=True)), rows)
    for node, value in found.items():
        sizes = tuple(rows if s is None else s for s in node.shape)
        assert (value.shape, value.dtype.name) == (sizes, node.dtype), node
    return [found[node] for node in graph.outputs]


def run(
    program: Any, graph: Graph, data: Sequence[np.ndarray], order: np.ndarray, batch: int
) -> list[np.ndarray]:
    """Run a program and return fresh outputs."""
    out = [
        np.full([len(order) if s is None else s for s in node.shape], 7, node.dtype)
        for node in graph.outputs
    ]
    program.run(list(data), order, batch, out)
    return out
