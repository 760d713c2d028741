"""Filters: the first of equal values, convolutions turned round, and what is never computed."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Node, input_node
from ranvier.graph.errors import RanvierError
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

RNG = np.random.default_rng(0)


def slopes(function: Any, *arrays: np.ndarray) -> tuple[Graph, list[np.ndarray]]:
    """Return the folded graph of d sum(function^2) / d arrays, and its values."""
    nodes = [input_node(f"x{i}", (None, *x.shape[1:]) if i == 0 else x.shape, "float64")
             for i, x in enumerate(arrays)]  # fmt: skip
    y = function(*nodes)
    graph = fold(Graph(tuple(nodes), tuple(gradients(ops.sum(y * y), nodes))))
    found = evaluate(graph, dict(zip(nodes, arrays, strict=True)), len(arrays[0]))
    return graph, [found[n] for n in graph.outputs]


def names(graph: Graph) -> list[str]:
    return [n.op.name for n in graph.nodes]


def test_the_first_of_equal_values_takes_the_gradient() -> None:
    x = np.array([[1.0, 3.0, 3.0, 2.0, 0.0, 0.0]])[:, :, None]
    _, (side_by_side,) = slopes(lambda x: ops.max_pool(x, 3), x)
    np.testing.assert_array_equal(side_by_side[0, :, 0], [0, 6, 0, 4, 0, 0])
    _, (over,) = slopes(lambda x: ops.max_pool(x, 3, 1), x)
    np.testing.assert_array_equal(over[0, :, 0], [0, 12, 6, 4, 0, 0])


def test_relu_before_a_pool_is_computed_behind_it() -> None:
    x = RNG.normal(size=(2, 6, 6, 3))
    graph, (got,) = slopes(lambda x: ops.max_pool(ops.relu(x), 2), x)
    relus = [n for n in graph.nodes if n.op.name == "relu"]
    assert [n.shape for n in relus] == [(None, 3, 3, 3)]
    # The same as relu of every place, the first of equal ones winning.
    _, (want,) = slopes(lambda x: ops.max_pool(ops.maximum(x, 0.0), 2), x)
    np.testing.assert_allclose(got, want)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_gradient_of_a_convolution_is_a_convolution(padding: str, dilation: int) -> None:
    x, kernel = RNG.normal(size=(2, 7, 6, 3)), RNG.normal(size=(3, 2, 3, 4))

    def function(x: Node, kernel: Node) -> Node:
        return ops.conv(x, kernel, 1, padding, None, dilation)

    graph, (got, _) = slopes(function, x, kernel)
    assert "overlap" not in names(graph)
    # No place of the padding takes part: every product is of the input's size.
    widest = [n.shape for n in graph.nodes if n.op.name == "contract" and n.shape[:1] == (None,)]
    assert all(shape[1:3] <= (7, 6) for shape in widest)
    y = ops.convert_to_numpy(ops.conv(x, kernel, 1, padding, None, dilation))
    seen = np.zeros_like(x)
    h = 1e-6
    for place in ((0, 0, 0, 0), (1, 6, 5, 2), (0, 3, 2, 1)):
        moved = x.copy()
        moved[place] += h
        other = ops.convert_to_numpy(ops.conv(moved, kernel, 1, padding, None, dilation))
        seen[place] = ((other**2).sum() - (y**2).sum()) / h
        np.testing.assert_allclose(got[place], seen[place], rtol=1e-3, atol=1e-3)


def test_windows_that_step_are_added_up() -> None:
    x, kernel = RNG.normal(size=(2, 7, 3)), RNG.normal(size=(3, 3, 4))
    graph, _ = slopes(lambda x, k: ops.conv(x, k, 2), x, kernel)
    assert "overlap" in names(graph)


BAD: list[tuple[str, tuple[Any, ...], str]] = [
    ("conv", (np.ones((2, 5, 3)), np.ones((2, 2, 3, 4))), r"`kernel`: got shape \(2, 2, 3, 4\)"),
    ("conv", (np.ones((2, 5, 3)), np.ones((2, 2, 4))), "2 input channels and 4 filters for an"),
    ("conv", (np.ones((5, 3)), np.ones((2, 3, 4))), r"expected 3 to 5 axes.*x\[..., None\]"),
    (
        "conv",
        (np.ones((2, 5, 3)), np.ones((6, 3, 4))),
        r"conv, `kernel`: windows of \(6,\) do not fit into.*padding='same'",
    ),
    ("conv", (np.ones((2, 5, 3)), np.ones((2, 3, 4)), 0), "`strides`: got 0"),
    ("depthwise_conv", (np.ones((2, 5, 3)), np.ones((2, 2, 1))), "got 2 channels for an input of"),
    ("conv_transpose", (np.ones((2, 5, 3)), np.ones((2, 3, 2))), "the input's 3 channels"),
    ("max_pool", (np.ones((2, 5, 3)), 2, None, "full"), "`padding`: got 'full'"),
    ("max_pool", (np.ones((2, 5, 3)), 6), r"max_pool, `pool_size`: windows of \(6,\) do not fit"),
    ("average_pool", (np.ones((2, 5, 3)), 6), "average_pool, `pool_size`: windows"),
]


@pytest.mark.parametrize(("name", "arguments", "words"), BAD)
def test_mistakes_are_told(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(RanvierError, match=words):
        getattr(ops, name)(*arguments)


@pytest.mark.oracle
def test_ties_share_as_in_keras() -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    import jax

    x = RNG.integers(0, 3, size=(2, 6, 7, 2)).astype("float64")
    for arguments in ((2, 2), (3, 2, "same"), (3, 1, "valid")):
        want = jax.grad(lambda v, a=arguments: (keras.ops.max_pool(v, *a) ** 2).sum())(x)
        _, (got,) = slopes(lambda v, a=arguments: ops.max_pool(v, *a), x)
        np.testing.assert_allclose(got, np.asarray(want), rtol=1e-6)
