"""Tests of the graph checker: each rule, broken."""

from __future__ import annotations

import pytest

from ranvier import ops
from ranvier.graph import Aval, Graph, Node, Variable, input_node
from ranvier.graph.check import GraphError, check


def test_a_sound_graph_passes() -> None:
    x = input_node("x", (None, 3), "float32")
    graph = Graph((x,), (ops.exp(x),))
    assert check(graph) is graph


def test_a_wrong_shape_is_found() -> None:
    x = input_node("x", (None, 3), "float32")
    wrong = Node(ops.exp, (x,), {}, Aval((None, 4), "float32"))
    with pytest.raises(GraphError, match="infer says"):
        check(Graph((x,), (wrong,)))


def test_a_stray_input_is_found() -> None:
    x = input_node("x", (None, 3), "float32")
    with pytest.raises(GraphError, match="no input of the graph"):
        check(Graph((), (ops.exp(x),)))


def test_an_update_of_another_shape_is_found() -> None:
    x = input_node("x", (3,), "float32")
    with pytest.raises(GraphError, match="is set to"):
        check(Graph((x,), (), ((Variable([1.0, 2.0]), x),)))
