"""Recurrences: the loop against the same steps written out, forward and back, on both engines."""

from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import ReferenceEngine, evaluate
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.graph.check import check
from ranvier.graph.errors import GradientError, OpenBatchError, ShapeError, TraceError
from ranvier.graph.node import Node
from ranvier.ops.recur import recur
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

ROWS, STEPS = 5, 6
RNG = np.random.default_rng(0)
DATA = [RNG.normal(size=s) for s in ((ROWS, STEPS, 3), (ROWS, 4), (ROWS, 4), (3, 8), (4, 8))]


def _step(w: Node, v: Node, keep: Any = None) -> Any:
    def step(xs: list[Any], states: list[Any]) -> tuple[list[Any], list[Any]]:
        h, c = states
        a, b = ops.split(ops.matmul(xs[0], w) + ops.matmul(h, v), 2, axis=1)
        c = ops.sigmoid(a) * c + ops.tanh(b)
        return [ops.square(c), h], [ops.tanh(c) if keep is None else ops.tanh(c) * keep, c]

    return step


def _graph(rows: int | None, unroll: bool, dtype: str = "float64") -> Graph:
    shapes = [(rows, *a.shape[1:]) for a in DATA[:3]] + [a.shape for a in DATA[3:]]
    nodes = [input_node("x", s, dtype) for s in shapes]
    x, h, c, w, v = nodes
    with Trace():
        (squares, old), last = recur(_step(w, v), [x], [h, c], unroll=unroll)
        loss = ops.sum(squares[:, 2]) + ops.sum(old * old) + ops.sum(ops.sin(last[0]) * last[1])
        slopes = gradients(loss, nodes)
        curved = gradients(ops.sum(slopes[3] * slopes[3]), [v])
    return check(Graph(tuple(nodes), (loss, squares, *slopes, *curved)))


def _run(engine: Any, graph: Graph, dtype: str = "float64") -> list[np.ndarray]:
    out = [np.zeros([ROWS if s is None else s for s in n.shape], dtype) for n in graph.outputs]
    engine.compile(graph, ROWS + 2 if graph.inputs[0].shape[0] is None else ROWS).run(
        [a.astype(dtype) for a in DATA], np.arange(ROWS), ROWS, out
    )
    return out


@pytest.mark.parametrize("rows", [None, ROWS])
def test_the_loop_is_its_steps_written_out(rows: int | None) -> None:
    loop, plain = _graph(rows, False), _graph(rows, True)
    assert sum(n.op.name == "recur" for n in loop.nodes) >= 2
    assert not any(n.op.name == "recur" for n in plain.nodes)
    for a, b in zip(_run(ReferenceEngine(), loop), _run(ReferenceEngine(), plain), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rows", [None, ROWS])
def test_the_native_loop_is_the_reference(rows: int | None) -> None:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    graph = check(dedupe(fold(_graph(rows, False))))
    for a, b in zip(_run(NativeEngine(), graph), _run(ReferenceEngine(), graph), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_products_of_the_input_are_computed_before_the_loop() -> None:
    graph = _graph(None, False)
    (first, *_) = [n for n in graph.nodes if n.op.name == "recur"]
    specs = [n.attrs["spec"] for n in first.attrs["body"].graph.nodes if n.op.name == "contract"]
    assert len(specs) == 1
    assert first.inputs[0].shape == (None, STEPS, 8)


def test_numbers_run_at_once() -> None:
    x, h, c, w, v = DATA
    (squares, _), last = recur(_step(w, v), [x], [h, c])  # type: ignore[arg-type]
    assert squares.shape == (ROWS, STEPS, 4)
    np.testing.assert_allclose(squares[:, -1], last[1] ** 2)


def test_what_a_loop_cannot_do_is_told() -> None:
    x = input_node("x", (None, 3, 2), "float32")
    h = input_node("h", (None, 4), "float32")
    count = Variable(np.zeros((4,), np.float32), name="count")

    def wider(xs: list[Any], states: list[Any]) -> Any:
        return xs, [ops.concatenate([states[0], xs[0]], axis=1)]

    def counts(xs: list[Any], states: list[Any]) -> Any:
        count.assign(ops.mean(states[0], 0))
        return xs, states

    with Trace(), pytest.raises(ShapeError, match="new state of shape"):
        recur(wider, [x], [h])
    with Trace(), pytest.raises(TraceError, match="changes the variable 'count'"):
        recur(counts, [x], [h])
    with Trace(), pytest.raises(OpenBatchError):
        recur(counts, [x], [input_node("h", (5, 4), "float32")])


#: What a cell may do with what all its steps share, and the shape of that.
SHARED: dict[str, tuple[tuple[int, ...], Any]] = {
    "a number a feature, used twice": ((4,), lambda h, s: ops.tanh(h * s) + s),
    "a number a row": ((ROWS, 4), lambda h, s: ops.tanh(h) * s - s),
    "one number": ((), lambda h, s: ops.sin(h * s)),
    "a line that repeats": ((1, 4), lambda h, s: ops.sin(h * s)),
    "a kernel and its transpose": ((4, 4), lambda h, s: ops.tanh(h @ s) @ ops.transpose(s) / 9),
    "a matrix a row": ((ROWS, 4, 4), lambda h, s: ops.tanh(ops.einsum("bij,bj->bi", s, h))),
    "before a kernel": ((ROWS, 4), lambda h, s: ops.tanh(ops.matmul(h + s, DATA[4][:, :4]))),
    "mixed rows": ((ROWS, 4), lambda h, s: ops.tanh(ops.matmul(DATA[2] @ DATA[2].T, h + s))),
}


@pytest.mark.parametrize("name", SHARED)
def test_gradients_of_what_all_steps_share(name: str) -> None:
    shape, cell = SHARED[name]
    x, h, s = DATA[0], DATA[1], RNG.normal(size=shape)
    nodes = [input_node("x", a.shape, "float64") for a in (x, h, s)]

    def step(xs: list[Any], states: list[Any]) -> tuple[list[Any], list[Any]]:
        new = cell(states[0], nodes[2]) + ops.mean(xs[0], axis=-1, keepdims=True)
        return [new], [new]

    found = []
    for unroll in (False, True):
        with Trace():
            (every,), _ = recur(step, [nodes[0]], [nodes[1]], unroll=unroll)
            slopes = gradients(ops.sum(every * every), nodes)
        graph = check(Graph(tuple(nodes), tuple(slopes)))
        assert any(n.op.name == "recur" for n in graph.nodes) is not unroll
        values = evaluate(graph, dict(zip(nodes, (x, h, s), strict=True)), ROWS)
        found.append([values[slope] for slope in slopes])
    for loop, plain in zip(*found, strict=True):
        np.testing.assert_allclose(loop, plain, rtol=1e-9, atol=1e-12)


def test_a_product_that_mixes_rows_by_what_is_shared_is_told() -> None:
    x, h = (input_node("x", a.shape, "float64") for a in DATA[:2])
    s = input_node("s", (ROWS, ROWS), "float64")
    with Trace():
        _, (last,) = recur(lambda xs, states: ([], [ops.tanh(s @ states[0])]), [x], [h])
        with pytest.raises(GradientError, match=r"cannot be summed over the steps.*unroll=True"):
            gradients(ops.sum(last), [s])
