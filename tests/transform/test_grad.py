"""Tests of gradients: golden text, sums over uses, second order, zeros and refusals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Node, Trace, Variable, input_node
from ranvier.graph.check import check
from ranvier.graph.errors import GradientError
from ranvier.graph.show import show
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients
from tests.golden import step
from tests.golden.text import golden

RNG = np.random.default_rng(0)


def value(node: Node, **feeds: np.ndarray) -> np.ndarray:
    """Return a node's value for four rows, which no pass may change."""
    inputs = {n: feeds[n.attrs["name"]] for n in Graph((), (node,)).nodes if n.op.name == "input"}
    graph = check(Graph(tuple(inputs), (node,)))
    plain = evaluate(graph, inputs, 4)[node]
    whole = check(dedupe(check(fold(graph))))
    after = evaluate(whole, inputs, 4)[whole.outputs[0]]
    np.testing.assert_allclose(after, plain, rtol=1e-12, atol=1e-12)
    return plain


def data(name: str = "x", shape: tuple[int | None, ...] = (None, 3)) -> Node:
    return input_node(name, shape, "float64")


@pytest.mark.parametrize("name", ["dense_step", "regression"])
def test_golden(name: str) -> None:
    golden(f"grad-{name}", show(check(getattr(step, name)())))


def test_a_value_used_twice_gets_both_gradients() -> None:
    x = data()
    g = gradients(ops.sum(x * x + x), [x])[0]
    a = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(value(g, x=a), 2 * a + 1)


def test_a_mean_over_an_open_batch_divides_by_its_rows() -> None:
    x = data()
    g = gradients(ops.mean(x), [x])[0]
    np.testing.assert_allclose(value(g, x=np.ones((4, 3))), np.full((4, 3), 1 / 12))


def test_independence_gives_zeros() -> None:
    x, y = data(), data("y", (2, 2))
    g = gradients(ops.sum(x), [y])[0]
    assert value(g).tolist() == [[0, 0], [0, 0]]


def test_constants_to_gradients() -> None:
    x = data()
    loss = ops.sum(ops.stop_gradient(x) * x + ops.floor(x) + ops.cast(x > 0, "float64"))
    g = gradients(loss, [x])[0]
    a = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(value(g, x=a), a)


def test_only_floats_have_gradients() -> None:
    with pytest.raises(GradientError, match="int32; only floats"):
        gradients(input_node("k", (3,), "int32"), [])


def test_a_gradient_with_respect_to_an_inner_value() -> None:
    x = data()
    inner = ops.exp(x)
    g = gradients(ops.sum(inner**2), [inner])[0]
    a = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(value(g, x=a), 2 * np.exp(a))


def test_variables_are_differentiated_at_the_start_of_the_step() -> None:
    v = Variable(np.array([2.0]), dtype="float64")
    with Trace() as trace:
        v.assign(v * 3.0)
        g = gradients(ops.sum(v * v), [trace.leaf(v)])[0]
    np.testing.assert_allclose(evaluate(Graph((), (g,)), {}, 1)[g], [2 * 9 * 2.0])


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


SECOND: list[tuple[str, Callable[[Node], Node], Callable[[np.ndarray], np.ndarray]]] = [
    ("cube", lambda x: x**3, lambda x: 6 * x),
    ("exp", ops.exp, np.exp),
    ("log", lambda x: ops.log(x + 5.0), lambda x: -1 / (x + 5) ** 2),
    ("tanh", ops.tanh, lambda x: -2 * np.tanh(x) * (1 - np.tanh(x) ** 2)),
    ("sigmoid", ops.sigmoid, lambda x: (s := _sigmoid(x)) * (1 - s) * (1 - 2 * s)),
    ("softplus", ops.softplus, lambda x: (s := _sigmoid(x)) * (1 - s)),
    ("sqrt", lambda x: ops.sqrt(x + 5.0), lambda x: -0.25 * (x + 5) ** -1.5),
    ("divide", lambda x: 1.0 / (x + 5.0), lambda x: 2 / (x + 5) ** 3),
    ("power", lambda x: (x + 5.0) ** 2.5, lambda x: 3.75 * (x + 5) ** 0.5),
    ("sin", ops.sin, lambda x: -np.sin(x)),
    ("maximum", lambda x: ops.maximum(x, 0.0) ** 2, lambda x: 2.0 * (x > 0)),
    ("relu", lambda x: ops.relu(x) ** 2, lambda x: 2.0 * (x > 0)),
    ("erf", ops.erf, lambda x: -4 * x / np.sqrt(np.pi) * np.exp(-x * x)),
]


@pytest.mark.parametrize(("name", "function", "second"), SECOND, ids=[s[0] for s in SECOND])
def test_gradients_of_gradients(
    name: str, function: Callable[[Node], Node], second: Callable[[np.ndarray], np.ndarray]
) -> None:
    x = data()
    first = gradients(ops.sum(function(x)), [x])[0]
    g = gradients(ops.sum(first), [x])[0]
    a = RNG.normal(size=(4, 3))
    np.testing.assert_allclose(value(g, x=a), second(a), rtol=1e-10, atol=1e-10)


def test_a_gradient_penalty_through_a_net() -> None:
    """The slope of |d loss / d x|^2, against central differences."""
    x, w = data(), data("w", (3, 2))
    scores = ops.softmax(ops.tanh(x @ w))
    slope = gradients(ops.sum(ops.log(scores)[:, 0]), [x])[0]
    penalty = ops.mean(ops.sum(slope**2, -1))
    g = gradients(penalty, [w])[0]
    a, b = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))
    got, want = value(g, x=a, w=b), np.zeros(6)
    for i in range(6):
        move = 1e-5 * np.eye(6)[i].reshape(3, 2)
        want[i] = (value(penalty, x=a, w=b + move) - value(penalty, x=a, w=b - move)) / 2e-5
    np.testing.assert_allclose(got.reshape(-1), want, rtol=1e-5, atol=1e-8)


def test_ties_share_as_in_jax() -> None:
    x = data("x", (4,))
    a = np.array([1.0, 3.0, 3.0, 2.0])
    assert value(gradients(ops.max(x), [x])[0], x=a).tolist() == [0, 0.5, 0.5, 0]
    assert value(gradients(ops.sum(ops.maximum(x, 3.0)), [x])[0], x=a).tolist() == [0, 0.5, 0.5, 0]
    assert value(gradients(ops.sum(ops.relu(x - 3.0)), [x])[0], x=a).tolist() == [0, 0, 0, 0]


def test_the_slope_of_a_product_beside_zeros() -> None:
    x = data("x", (3,))
    g = gradients(ops.prod(x), [x])[0]
    assert value(g, x=np.array([2.0, 3.0, 4.0])).tolist() == [12, 8, 6]
    assert value(g, x=np.array([2.0, 0.0, 4.0])).tolist() == [0, 8, 0]
    assert value(g, x=np.array([0.0, 0.0, 4.0])).tolist() == [0, 0, 0]


def test_a_branch_not_taken_has_no_slope() -> None:
    x = data("x", (3,))
    g = gradients(ops.sum(ops.where(x > 0, x, 0.0) + ops.elu(x)), [x])[0]
    assert np.isfinite(value(g, x=np.array([-800.0, 1.0, 900.0]))).all()
