"""Long sums in parts: a filter's gradient on the native engine, and its plan byte by byte.

And loops over time in parts of the batch, one or more for each thread.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, input_node
from ranvier.ops.recur import recur
from ranvier.plan import Product, Recur, build
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients
from tests.plan.check_plan import check_plan

ROWS = 37


def gradient(side: int, channels: int, filters: int) -> Graph:
    """Return the graph of a filter's gradient for rows of side x side places."""
    x = input_node("x", (None, side, side, channels), "float32")
    kernel = input_node("kernel", (3, 3, channels, filters), "float32")
    y = ops.conv(ops.tanh(x), kernel, padding="same")
    return fold(Graph((x, kernel), tuple(gradients(ops.sum(y * y), [x, kernel]))))


def parts(plan: Any) -> list[str]:
    return [k.part for k in plan.kernels if isinstance(k, Product) and k.part]


def test_only_long_sums_are_cut() -> None:
    assert parts(build(gradient(20, 16, 9), 40, 16)) == ["h"]
    assert parts(build(gradient(4, 3, 2), 40, 16)) == []


def test_sums_wait_where_nobody_else_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["ranvier.plan.build"], "_NEAR", 0)
    plan = build(gradient(4, 3, 18), 5, 4)
    assert parts(plan) == ["h"]
    check_plan(plan)


def recurrent(units: int) -> Graph:
    """Return the graph of a loop over three steps of so many units."""
    x, h, w = (
        input_node(name, shape, "float32")
        for name, shape in (("x", (None, 3, units)), ("h", (None, units)), ("w", (units, units)))
    )

    def step(xs: list[Any], states: list[Any]) -> tuple[list[Any], list[Any]]:
        new = ops.tanh(xs[0] + ops.matmul(states[0], w))
        return [new], [new]

    with Trace():
        (outputs,), _ = recur(step, [x], [h])
    return Graph((x, h, w), (outputs,))


@pytest.mark.parametrize(
    ("units", "rows", "count", "shared"),
    [(128, 32, 2, True), (128, 48, 3, True), (128, 64, 2, True), (128, 16, 1, False),
     (16, 32, 1, False), (16, 64, 2, False)],
)  # fmt: skip
def test_loops_fall_into_parts_of_the_batch(
    units: int, rows: int, count: int, shared: bool
) -> None:
    """Two vectors of rows a part, or one where threads gain by it."""
    kernels = build(recurrent(units), rows, 16).kernels
    (loop,) = (kernel for kernel in kernels if isinstance(kernel, Recur))
    assert (loop.parts, loop.shared) == (count, shared)


def test_native_is_the_reference() -> None:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    graph = gradient(20, 16, 9)
    rng = np.random.default_rng(0)
    data = [rng.normal(size=(ROWS, 20, 20, 16)), rng.normal(size=(3, 3, 16, 9)) / 12]
    data = [a.astype("float32") for a in data]
    found = []
    for engine in (NativeEngine(), ReferenceEngine()):
        out = [np.zeros([ROWS if s is None else s for s in n.shape], n.dtype)
               for n in graph.outputs]  # fmt: skip
        engine.compile(graph, ROWS).run(data, np.arange(ROWS), ROWS, out)
        found.append(out)
    for native, reference in zip(*found, strict=True):
        # Sums of 14,800 products in another order.
        np.testing.assert_allclose(native, reference, rtol=1e-4, atol=1e-5 * abs(reference).max())
