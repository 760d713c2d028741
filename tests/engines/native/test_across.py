"""Products whose lanes run along the sum, with tails on both axes and maps on the result."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.ops.window import windows_
from ranvier.plan import Product, build
from tests.engines.run import agrees, close, run_from, starts

TOLERANCE = {"float32": 2e-6, "float64": 1e-14}


def dense(inputs: int, units: int, dtype: str) -> Graph:
    """Return relu(x @ w + b) of one row."""
    rng = np.random.default_rng(inputs * 1000 + units)
    w, b = (
        Variable((rng.normal(size=shape) / inputs**0.5).astype(dtype), name=name)
        for name, shape in (("w", (inputs, units)), ("b", (units,)))
    )
    with Trace() as trace:
        x = input_node("x", (1, inputs), dtype)
        y = ops.relu(ops.matmul(x, trace.leaf(w)) + trace.leaf(b))
    return Graph((x,), (y,))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("inputs", "units"), [(1, 1), (2, 17), (15, 16), (16, 33), (33, 5), (784, 100), (100, 1)]
)
def test_is_the_reference(inputs: int, units: int, dtype: str) -> None:
    graph = dense(inputs, units, dtype)
    x = np.random.default_rng(1).normal(size=(1, inputs)).astype(dtype)
    got, want = (
        run_from(starts(graph), engine.compile(graph, 1), graph, [x], np.arange(1), 1)
        for engine in (NativeEngine(), ReferenceEngine())
    )
    close(got, want, TOLERANCE[dtype])


def test_weights_lie_as_training_wants_them() -> None:
    plan = build(dense(784, 100, "float32"), 1, 16)
    (product,) = [k for k in plan.kernels if isinstance(k, Product)]
    assert (product.vector, product.across) == ("z", "k")
    (weights,) = [b for b in plan.buffers if b.variable is not None and len(b.shape) == 2]
    assert weights.order == (1, 0)
    assert len(plan.kernels) == 1  # bias and activation on the sums, while in registers


def test_what_lies_past_a_row_is_not_read() -> None:
    """The last vector of 5 inputs reaches into memory that may hold anything."""
    graph = dense(5, 3, "float32")
    program = NativeEngine().compile(graph, 1)
    x, out = np.ones((1, 5), "float32"), np.zeros((1, 3), "float32")
    program.run([x], np.arange(1), 1, [out])
    want = out.copy()
    place = program.layout.inputs[0][0]
    for arena in program._arenas._free:
        arena.memory[place : place + 64].view(np.float32)[5:] = np.nan
    program.run([x], np.arange(1), 1, [out])
    assert np.array_equal(out, want)


def test_calls_of_one_row_do_not_mix() -> None:
    graph = dense(20, 4, "float32")
    program = NativeEngine().compile(graph, 1)
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(7, 1, 20)).astype("float32")
    first, again = ([_predicted(program, row) for row in rows] for _ in range(2))
    assert np.array_equal(first, again)
    assert len({a.tobytes() for a in first}) == 7


def _predicted(program: object, row: np.ndarray) -> np.ndarray:
    out = np.zeros((1, 4), "float32")
    program.run([row], np.arange(1), 1, [out])  # type: ignore[attr-defined]
    return out


def gradient(steps: int, inputs: int, units: int, dtype: str) -> Graph:
    """Return what the kernel of a recurrence gets: a sum over rows and steps, with maps on it."""
    x = input_node("x", (None, steps, inputs), dtype)
    slope = input_node("slope", (None, steps, units), dtype)
    w = Variable(np.ones((inputs, units), dtype), name="w")
    with Trace() as trace:
        total = ops.einsum("yak,yaz->kz", x, slope)
        w.assign(trace.leaf(w) - 0.1 * total)
    return Graph((x, slope), (), tuple(trace.updates.items()))


def filter_gradient(dtype: str) -> Graph:
    """Return what a filter on two channels gets: a sum over rows and places of windows."""
    x = input_node("x", (None, 9, 8, 2), dtype)
    slope = input_node("slope", (None, 7, 6, 5), dtype)
    with Trace():
        windows = windows_(x, axis=1, size=(3, 3), step=(1, 1), dilation=(1, 1))
        total = ops.einsum("nhwijc,nhwf->ijcf", windows, slope)
    return Graph((x, slope), (total * 0.5,))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("steps", "inputs", "units"), [(32, 1, 1), (33, 5, 17), (40, 16, 32), (100, 3, 24)]
)
def test_long_sums_over_rows(
    steps: int, inputs: int, units: int, dtype: str, threads: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    graph = gradient(steps, inputs, units, dtype)
    (product,) = [k for k in build(graph, 40, 16).kernels if isinstance(k, Product)]
    assert product.across == "y"
    agrees(graph, TOLERANCE[dtype] * steps, monkeypatch)


@pytest.mark.parametrize("near", [1, 1 << 30])
def test_long_sums_over_windows(near: int, threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In parts, as a large picture is summed, and in one go."""
    monkeypatch.setattr(sys.modules["ranvier.plan.build"], "_NEAR", near)
    graph = filter_gradient("float64")
    (product,) = [k for k in build(graph, 40, 8).kernels if isinstance(k, Product)]
    assert (product.across, product.part) == ("n", "h" if near == 1 else "")
    agrees(graph, 1e-12, monkeypatch)
