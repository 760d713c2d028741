"""What the tests of layers share: a layer run as a traced graph, and its gradients."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Trace, input_node
from ranvier.graph.check import check
from ranvier.graph.naming import reset_names
from ranvier.graph.structure import flatten, mapped
from ranvier.transform.grad import gradients


@pytest.fixture(autouse=True)
def _fresh_names() -> Iterator[None]:
    reset_names()
    yield


def _nodes(inputs: Any) -> Any:
    return mapped(lambda x: input_node("x", (None, *x.shape[1:]), str(x.dtype)), inputs)


@pytest.fixture
def traced() -> Callable[..., Any]:
    """Run a layer the way a compiled step does: traced with an open batch, then evaluated."""

    def run(layer: Any, inputs: Any, **kwargs: Any) -> Any:
        nodes = _nodes(inputs)
        with Trace() as trace:
            outputs = layer(nodes, **kwargs)
        graph = check(Graph(tuple(flatten(nodes)), tuple(flatten(outputs)),
                            tuple(trace.updates.items())))  # fmt: skip
        rows = flatten(inputs)[0].shape[0]
        values = evaluate(graph, dict(zip(flatten(nodes), flatten(inputs), strict=True)), rows)
        for variable, node in graph.updates:
            variable.assign(values[node])
        return mapped(lambda y: values[y], outputs)

    return run


@pytest.fixture
def slopes() -> Callable[..., Any]:
    """Return d sum(layer(x) * factor) / d (inputs, then trained weights)."""

    def run(layer: Any, inputs: Any, factor: np.ndarray, **kwargs: Any) -> list[np.ndarray]:
        nodes = _nodes(inputs)
        with Trace() as trace:
            y = layer(nodes, **kwargs)
            loss = ops.sum(ops.multiply(y, input_node("factor", y.shape, str(factor.dtype))))
            wrt = [*flatten(nodes), *(trace.leaf(v) for v in layer.trainable_weights)]
            found = gradients(loss, wrt)
        graph = Graph((), tuple(found))
        feeds = dict(zip(flatten(nodes), flatten(inputs), strict=True))
        for node in graph.nodes:
            if node.op.name == "input" and node.attrs["name"] == "factor":
                feeds[node] = factor
        values = evaluate(graph, feeds, factor.shape[0])
        return [values[g] for g in found]

    return run
