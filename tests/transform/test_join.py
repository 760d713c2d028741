"""Tests of joining loops: the way back of a recurrence makes its way forward give more."""

from __future__ import annotations

import numpy as np

from ranvier import ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.graph import Graph
from ranvier.graph.node import Node, input_node
from ranvier.ops.recur import recur, recur_
from ranvier.transform.grad import gradients
from ranvier.transform.join import join_loops

STEPS = 5


def _step(values, states):
    (x,), (h,) = values, states
    gate = ops.sigmoid(ops.add(x, h))
    new = ops.add(ops.multiply(gate, h), ops.tanh(x))
    return [new], [new]


def _graph() -> Graph:
    x, h = input_node("x", (None, STEPS, 3), "float32"), input_node("h", (None, 3), "float32")
    (outputs,), (last,) = recur(_step, [x], [h])
    loss = ops.sum(ops.multiply(outputs, outputs))
    return Graph((x, h), (last, *gradients(loss, [x, h])))


def _loops(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes if node.op is recur_]


def _results(graph: Graph) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    data = [rng.normal(size=(4, *n.shape[1:])).astype("float32") for n in graph.inputs]
    out = [np.zeros((4, *n.shape[1:]), n.dtype) for n in graph.outputs]
    ReferenceEngine().compile(graph, 4).run(data, np.arange(4), 4, out)
    return out


def test_the_loop_forward_gives_what_the_way_back_needs():
    graph = _graph()
    joined = join_loops(graph)
    assert len(_loops(graph)) == 3
    forward, back = _loops(joined)
    names = {y.op.name for y in forward.attrs["body"].graph.outputs}
    assert "sigmoid" in names
    assert "sigmoid" not in {n.op.name for n in back.attrs["body"].graph.nodes}
    for got, want in zip(_results(joined), _results(graph), strict=True):
        np.testing.assert_array_equal(got, want)


def test_loops_over_other_sequences_stay():
    x, y = (input_node(n, (None, STEPS, 3), "float32") for n in "xy")
    h = input_node("h", (None, 3), "float32")
    first, second = (recur(_step, [one], [h])[0][0] for one in (x, y))
    graph = Graph((x, y, h), (first, second))
    assert join_loops(graph) is graph
