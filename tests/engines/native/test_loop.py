"""Loops over weights in the order in which these lie, and how threads share them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Graph, Node, Trace, Variable, input_node
from ranvier.plan import Loop, build
from tests.engines.run import agrees

#: Large enough to be shared; lanes along 257 elements are 16 vectors and one more.
SHAPE = (257, 150)

ALONG = {
    "sum": lambda w: ops.sum(w, axis=1),
    "sum of squares": lambda w: ops.sum(ops.square(w), axis=1, keepdims=True),
    "two sums": lambda w: ops.add(ops.sum(w, axis=1), ops.sum(ops.abs(w), axis=1)),
    "largest": lambda w: ops.max(ops.negative(w), axis=1),
    "where it is": lambda w: ops.cast(ops.argmax(w * 2.0, axis=1), "float32"),
    "other way": lambda w: ops.sum(ops.square(w), axis=0),
    "all": lambda w: ops.sum(ops.square(w)),
    "norms": lambda w: ops.sum(ops.square(w / ops.sqrt(ops.sum(ops.square(w), axis=1,
                                                               keepdims=True))), axis=0),
}  # fmt: skip


def weighted(function: Callable[[Any], Node]) -> Graph:
    """Return a step that multiplies by a weight, stored so, and computes something of it."""
    rng = np.random.default_rng(1)
    w = Variable(rng.normal(size=SHAPE).astype(np.float32))
    x = input_node("x", (None, SHAPE[0]), "float32")
    with Trace() as trace:
        product, other = ops.matmul(x, w), function(w)
        w.assign(w * 0.5)
    return Graph((x,), (product, other), tuple(trace.updates.items()))


@pytest.mark.parametrize("name", ALONG)
def test_what_is_computed_of_a_weight_runs_along_its_memory(
    name: str, threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = weighted(ALONG[name])
    loops = [k for k in build(graph, 40, 16).kernels if isinstance(k, Loop) and k.shape == SHAPE]
    assert loops and all(k.order == (1, 0) for k in loops)
    assert all(k.shared or k.reduced == (0, 1) for k in loops)
    agrees(graph, 2e-5, monkeypatch)


@pytest.mark.parametrize("size", [40_000, 40_001])
def test_threads_share_one_long_axis(
    size: int, threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    v = Variable(np.random.default_rng(1).normal(size=size).astype(np.float32))
    with Trace() as trace:
        v.assign(ops.tanh(v) * 0.5)
    graph = Graph((), (), tuple(trace.updates.items()))
    (kernel,) = build(graph, 40, 16).kernels
    assert isinstance(kernel, Loop) and kernel.shared and kernel.cut == 0
    agrees(graph, 1e-6, monkeypatch)
