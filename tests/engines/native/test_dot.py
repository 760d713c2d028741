"""Products of one row: lanes along the sum, with tails on both axes and maps on the result."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.plan import Product, build
from tests.engines.run import close, run_from, starts

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
