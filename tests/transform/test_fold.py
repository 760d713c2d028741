"""Tests of folding: golden texts, equal numbers, and rules one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Node, input_node
from ranvier.graph.check import check
from ranvier.graph.show import show
from ranvier.transform.fold import fold
from tests.golden import step
from tests.golden.text import golden


@pytest.mark.parametrize("name", ["constants", "dense_step", "regression"])
def test_golden(name: str) -> None:
    golden(f"fold-{name}", show(check(fold(check(getattr(step, name)())))))


def test_numbers_stay_the_same() -> None:
    graph = step.constants()
    x = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    folded = fold(graph)
    before, after = (evaluate(g, {g.inputs[0]: x}, 5) for g in (graph, folded))
    for a, b in zip(graph.outputs, folded.outputs, strict=True):
        np.testing.assert_allclose(before[a], after[b], rtol=1e-6, atol=1e-6)


X = input_node("x", (None, 3), "float32")
S = input_node("s", (), "float32")
B = input_node("b", (None, 3), "bool")
K = input_node("k", (None, 3), "int32")


def turned(x: Node) -> Node:
    """Return a batch of matrices with its last axes exchanged."""
    return ops.transpose(ops.reshape(x, (None, 3, 1)), (0, 2, 1))


RULES: list[tuple[str, Callable[[], Node], str]] = [
    ("x + 0", lambda: X + 0.0, "input"),
    ("0 + x", lambda: 0.0 + X, "input"),
    ("x - 0", lambda: X - 0.0, "input"),
    ("0 - x is not x", lambda: 0.0 - X, "subtract const input"),
    ("x * 1", lambda: X * 1.0, "input"),
    ("x * -1", lambda: X * -1.0, "negative input"),
    ("x / 1", lambda: X / 1.0, "input"),
    ("1 / x is not x", lambda: 1.0 / X, "divide const input"),
    ("x / 4", lambda: X / 4.0, "multiply input const"),
    ("x / 3 is rounded otherwise", lambda: X / 3.0, "divide input const"),
    ("--x", lambda: ops.negative(-X), "input"),
    ("x + -y", lambda: X + -S, "subtract input input"),
    ("-x + y", lambda: -X + S, "subtract input input"),
    ("x - -y", lambda: X - -S, "add input input"),
    ("-(x - y)", lambda: -(X - S), "subtract input input"),
    ("-x * -y", lambda: -X * -S, "multiply input input"),
    ("x * 2 * 3", lambda: X * 2.0 * 3.0, "multiply input const"),
    ("x * huge * huge stays", lambda: X * 1e30 * 1e30, "multiply multiply const"),
    ("k * 2 * 3 of ints stays", lambda: K * 2 * 3, "multiply multiply const"),
    ("reshape of reshape", lambda: ops.reshape(ops.reshape(X, (None, 3, 1)), (None, 3)), "input"),
    ("transpose of transpose", lambda: ops.transpose(turned(X), (0, 2, 1)), "reshape input"),
    ("cast to its own type", lambda: ops.cast(X, "float32"), "input"),
    ("bool by way of float", lambda: ops.cast(ops.cast(B, "float32"), "float64"), "cast input"),
    ("float by way of int stays", lambda: ops.cast(ops.cast(X, "int32"), "float32"), "cast cast"),
    ("back from float64", lambda: ops.cast(ops.cast(X, "float64"), "float32"), "input"),
    ("int by way of float64", lambda: ops.cast(ops.cast(K, "float64"), "float32"), "cast input"),
    ("int by way of float32 stays", lambda: ops.cast(ops.cast(K, "float32"), "float64"), "cast c"),
    ("sum of -x", lambda: ops.sum(-X, -1), "negative sum"),
    ("sum over one", lambda: ops.sum(ops.reshape(X, (None, 1, 3)), 1), "input"),
    ("spread number", lambda: X * ops.broadcast_to(S, (None, 3)), "multiply input input"),
    ("map of spread number", lambda: ops.exp(ops.broadcast_to(S, (None, 3))), "broadcast exp"),
    ("stopped gradient", lambda: ops.stop_gradient(X), "input"),
    ("x * (y * 0 + 1) keeps NaN", lambda: X * (X * 0.0 + 1.0), "multiply input add"),
]


@pytest.mark.parametrize(("rule", "build", "result"), RULES, ids=[r[0] for r in RULES])
def test_rule(rule: str, build: Callable[[], Node], result: str) -> None:
    before = check(Graph((X, S, B, K), (build(),)))
    after = check(fold(before))
    node = after.outputs[0]
    found = " ".join([node.op.name, *(x.op.name for x in node.inputs)])
    assert found.startswith(result)
    rng = np.random.default_rng(2)
    feeds = {
        X: rng.normal(size=(4, 3)).astype("float32"), S: np.array(1.5, np.float32),
        B: rng.random((4, 3)) > 0.5, K: rng.integers(-5, 5, (4, 3)).astype("int32"),
    }  # fmt: skip
    a = evaluate(before, feeds, 4)[before.outputs[0]]
    b = evaluate(after, feeds, 4)[node]
    np.testing.assert_allclose(a, b, rtol=1e-6)


def test_nan_and_infinity_survive() -> None:
    x = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    for build in (lambda: X * 0.0, lambda: X - X, lambda: -(X - 1.0), lambda: X * 2.0 * 3.0):
        graph = Graph((X,), (build(),))
        folded = fold(graph)
        before, after = (evaluate(g, {X: x}, 1)[g.outputs[0]] for g in (graph, folded))
        np.testing.assert_array_equal(before, after)


def test_large_constants_are_not_computed() -> None:
    line = np.ones((1, 5000), np.float32)
    with_sum = ops.add(S * 0.0 + line, 1.0)
    assert "exp" in show(fold(Graph((S,), (ops.exp(with_sum),))))
