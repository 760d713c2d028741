"""Tests of regrouping: products of which only sums over their rows are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.graph import Graph
from ranvier.graph.node import Node, input_node
from ranvier.ops.contract import contract_
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients
from ranvier.transform.regroup import regroup

ROWS = 13
SHAPES = {"x": (None, 6), "w": (6, 5), "a": (6,), "b": (6,), "t": (5, 6), "c": (None, 5)}


def given(names: str) -> list[Node]:
    return [input_node(name, SHAPES[name], "float64") for name in names]


def products(graph: Graph) -> int:
    """Return how many products over rows and matrices there are; a row alone counts for nothing."""
    return sum(n.op is contract_ and 1 not in n.shape for n in graph.nodes)


def results(graph: Graph, engine: Any) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    data = [rng.normal(size=(ROWS, *n.shape[1:]) if None in n.shape[:1] else n.shape)
            for n in graph.inputs]  # fmt: skip
    out = [np.zeros((ROWS, *n.shape[1:]) if None in n.shape[:1] else n.shape)
           for n in graph.outputs]  # fmt: skip
    engine.compile(graph, ROWS).run(data, np.arange(ROWS), ROWS, out)
    return out


def check(inputs: Sequence[Node], outputs: Sequence[Node], before: int, after: int) -> None:
    """Check that numbers stay what they are while products become fewer, or stay as many."""
    graph = dedupe(fold(Graph(tuple(inputs), tuple(outputs))))
    new = regroup(graph)
    assert (products(graph), products(new)) == (before, after)
    assert after < before or new is graph
    want = results(graph, ReferenceEngine())
    for engine in (ReferenceEngine(), NativeEngine()):
        for a, b in zip(results(new, engine), want, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11)


def loss(y: Any) -> Any:
    return ops.sum(ops.square(ops.tanh(y)))


LINES: dict[str, tuple[str, Callable[..., Any], int]] = {
    # name: inputs, the line of x from which the product is made, products that go
    "scale and shift": ("xwab", lambda x, a, b: ops.add(ops.multiply(x, a), b), 1),
    "scale": ("xwa", lambda x, a: ops.multiply(a, x), 1),
    "shift": ("xwb", lambda x, b: ops.subtract(x, b), 1),
    "shift, then scale": ("xwab", lambda x, a, b: ops.multiply(ops.subtract(x, b), a), 0),
    "by parts": ("xwab", lambda x, a, b: ops.add(ops.add(ops.multiply(x, a), b), 2.0), 1),
    "no line": ("xwab", lambda x, a, b: ops.tanh(ops.add(ops.multiply(x, a), b)), 0),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("turned", [False, True])
def test_gradients_of_what_lies_before_the_first_matrix(name: str, turned: bool) -> None:
    names, line, gone = LINES[name]
    x, w, *rest = inputs = given(names.replace("w", "t") if turned else names)
    matrix = ops.transpose(w) if turned else w
    wanted = gradients(loss(ops.matmul(line(x, *rest), matrix)), [w, *rest])
    check(inputs, wanted, 3, 3 - gone)


def test_however_operands_and_results_lie() -> None:
    x, g, w, a = inputs = given("xcwa")
    scaled = ops.multiply(x, a)
    for product, twin in (
        (contract_(g, w, spec="yz,kz->yk"), contract_(scaled, g, spec="yk,yz->zk")),
        (contract_(w, g, spec="kz,yz->yk"), contract_(g, scaled, spec="bc,ba->ac")),
        (contract_(g, ops.transpose(w), spec="yz,zk->yk"), contract_(g, scaled, spec="yz,yk->zk")),
    ):
        sums = ops.sum(ops.multiply(x, product), axis=0, keepdims=True)
        check(inputs, [sums, ops.sum(product, axis=0), twin], 2, 1)


def test_products_that_are_read_otherwise_stay() -> None:
    x, g, w, a = inputs = given("xcwa")
    product, twin = contract_(g, w, spec="yz,kz->yk"), contract_(x, g, spec="yk,yz->kz")
    total = ops.sum(product, axis=0)
    for other in (
        product,
        ops.max(product, axis=0),
        ops.sum(product, axis=1),
        ops.sum(product),
        ops.sum(ops.multiply(product, a), axis=0),
        ops.sum(ops.multiply(product, product), axis=0),
        ops.multiply(product, x),
    ):
        check(inputs, [total, other, twin], 2, 2)


def test_a_sum_times_an_array_that_no_other_product_takes_stays() -> None:
    x, g, w = inputs = given("xcw")
    product = contract_(g, w, spec="yz,kz->yk")
    check(inputs, [ops.sum(ops.multiply(product, x), axis=0)], 1, 1)
    check(inputs, [ops.sum(product, axis=0)], 1, 0)


def test_several_twins_and_several_products() -> None:
    x, g, w, a, b = inputs = given("xcwab")
    product = contract_(g, w, spec="yz,kz->yk")
    twins = [contract_(ops.multiply(x, f), g, spec="yk,yz->kz") for f in (a, b)]
    check(inputs, [ops.sum(ops.multiply(product, x), axis=0), *twins], 3, 1)
    (z,) = [input_node("z", (None, 6), "float64")]
    other = [contract_(z, g, spec="yk,yz->kz"), ops.sum(ops.multiply(product, z), axis=0)]
    check([*inputs, z], [ops.sum(ops.multiply(product, x), axis=0), *twins, *other], 4, 2)


KERNELS: dict[str, tuple[Callable[..., Any], int]] = {
    # what the first kernel is made of a matrix and a row: products that go
    "scaled": (lambda m, row: ops.multiply(m, row), 1),
    "shifted": (lambda m, row: ops.add(m, row), 1),
    "scaled and shifted": (lambda m, row: ops.add(ops.multiply(m, row), row), 1),
    "repeated": (lambda m, row: ops.broadcast_to(row, m.shape), 1),
}


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("rows", [None, ROWS])
def test_a_kernel_of_which_a_row_alone_is_trained(name: str, rows: int | None) -> None:
    """The sum goes over inputs, and what it comes of depends on the twin: it is the forward way."""
    kernel, gone = KERNELS[name]
    shapes = {"x": (rows, 6), "m": (6, 5), "row": (5,), "top": (5, 3)}
    x, matrix, row, top = inputs = [input_node(n, s, "float64") for n, s in shapes.items()]
    hidden = ops.tanh(ops.matmul(x, kernel(matrix, row)))
    check(inputs, gradients(loss(ops.matmul(hidden, top)), [row, top]), 5, 5 - gone)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("center", [True, False])
def test_a_network_that_begins_with_batch_normalization(
    scale: bool, center: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(2.0, 3.0, (50, 37))
    y = rng.integers(0, 4, 50)
    found: list[list[np.ndarray]] = []
    sizes: list[int] = []

    def counted(graph: Graph) -> Graph:
        new = regroup(graph)
        sizes.append(products(new) - products(graph))
        return new

    for passes in (counted, lambda graph: graph):
        monkeypatch.setattr("ranvier.transform.simplify.regroup", passes)
        monkeypatch.setattr("ranvier.engines.native.program._CODE", {})
        monkeypatch.setenv("RANVIER_CACHE", "off")
        before = ranvier.config.floatx()
        ranvier.config.set_floatx("float64")
        try:
            ranvier.utils.set_random_seed(5)
            model = ranvier.Sequential([
                ranvier.layers.Input((37,)),
                ranvier.layers.BatchNormalization(scale=scale, center=center),
                ranvier.layers.Dense(29, activation="relu"),
                ranvier.layers.Dense(4, activation="softmax"),
            ])  # fmt: skip
            model.compile("adam", "sparse_categorical_crossentropy")
            model.fit(x, y, batch_size=16, epochs=3, verbose=0)
            found.append(model.get_weights())
        finally:
            ranvier.config.set_floatx(before)
    assert min(sizes) == (-1 if scale or center else 0)
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9)
