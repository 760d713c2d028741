"""Sums of values on a product's result, which its tiles add up instead of writing them."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine, product, program
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.ops.contract import contract_
from ranvier.plan import Loop, Product, build, group
from tests.engines.run import close, run_from, same_bits, starts

TOLERANCE = {"float32": 3e-5, "float64": 1e-13}
SIZES = [(1, 1), (4, 3), (17, 5), (16, 8), (33, 31), (5, 70)]


def graph_of(inputs: int, units: int, dtype: str) -> Graph:
    """Return a step with sums over rows, over columns and of all, and an update of the kernel."""
    start = np.random.default_rng(5).normal(size=(inputs, units))
    kernel = Variable(start, dtype=dtype, name="w")
    with Trace() as trace:
        x, y = input_node("x", (None, inputs), dtype), input_node("y", (None, units), dtype)
        w = trace.leaf(kernel)
        g = contract_(x, y, spec="yk,yz->kz") * 0.5  # as the gradient of a dense kernel
        outputs = (
            ops.sum(g * w, axis=0), ops.sum(g, axis=0, keepdims=True), ops.sum(g * g),
            ops.sum(ops.abs(g), axis=1),
        )  # fmt: skip
        return Graph((x, y), outputs, ((kernel, w - 0.1 * g),))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_is_the_reference_on_any_number_of_threads(
    inputs: int, units: int, dtype: str, threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(inputs, units, dtype)
    start, rng = starts(graph), np.random.default_rng(1)
    data = [rng.normal(size=(20, n)).astype(dtype) for n in (inputs, units)]
    order = np.arange(20)
    want = run_from(start, ReferenceEngine().compile(graph, 11), graph, data, order, 11)
    compiled = NativeEngine().compile(graph, 11)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(SETTING, "threads", count)
        found.append(run_from(start, compiled, graph, data, order, 11))
    close(found[0], want, TOLERANCE[dtype])
    same_bits(found[1], found[0])
    same_bits(found[2], found[0])


def test_asking_ahead_for_a_large_update_changes_no_bit(
    threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_of(33, 31, "float32")
    start, rng = starts(graph), np.random.default_rng(2)
    data = [rng.normal(size=(20, n)).astype("float32") for n in (33, 31)]
    found = []
    for large in (0, 1 << 40):
        monkeypatch.setattr(product, "_LARGE", large)
        monkeypatch.setattr(program, "_CODE", {})
        compiled = NativeEngine().compile(graph, 11)
        found.append(run_from(start, compiled, graph, data, np.arange(20), 11))
    same_bits(*found)


def test_nothing_is_written_that_only_sums_over_rows_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for many, added in ((1, 3), (10**9, 0)):
        monkeypatch.setattr(group, "_MANY", many)
        plan = build(graph_of(33, 30, "float32"), 16, 16)
        (kernel,) = [k for k in plan.kernels if isinstance(k, Product)]
        names = sorted(node.op.name for node, _ in kernel.added)
        assert names == ["multiply"] * added
        assert kernel.height == (group.HEIGHT if added else 0)
        assert len(kernel.writes) == 2  # what a sum over columns reads, and the kernel
        loops = [k for k in plan.kernels if isinstance(k, Loop) and k.shape == (9, 30)]
        found = sorted((k.reduced, len(k.reductions)) for k in loops)
        assert found == ([((0,), 2), ((0, 1), 1)] if added else [])
