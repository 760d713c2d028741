"""How tests run one graph on several engines: from the same numbers, with fresh outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING
from ranvier.graph import Graph

Numbers = list[np.ndarray]


def starts(graph: Graph) -> Numbers:
    """Return the numbers of a graph's variables."""
    return [v.numpy() for v in graph.variables]


def run_from(
    start: Numbers, program: Any, graph: Graph, data: Sequence[np.ndarray], order: np.ndarray,
    batch: int,
) -> Numbers:  # fmt: skip
    """Set the variables, run a program; return outputs, then the variables' new numbers."""
    for variable, value in zip(graph.variables, start, strict=True):
        variable.assign(value)
    out = [
        np.full([len(order) if s is None else s for s in node.shape], 7, node.dtype)
        for node in graph.outputs
    ]
    program.run(list(data), order, batch, out)
    return [*out, *starts(graph)]


def same_bits(got: Numbers, want: Numbers) -> None:
    """Check that arrays are equal to the last bit, NaN included."""
    for i, (a, b) in enumerate(zip(got, want, strict=True)):
        assert (a.dtype, a.shape) == (b.dtype, b.shape), i
        assert a.tobytes() == b.tobytes(), f"array {i} differs in its bits"


def close(got: Numbers, want: Numbers, tolerance: float) -> None:
    """Check that arrays are equal within rounding."""
    for i, (a, b) in enumerate(zip(got, want, strict=True)):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=f"array {i}")


def agrees(graph: Graph, tolerance: float, monkeypatch: Any) -> None:
    """Compare with the reference, and the bits of 1, 2 and 3 threads, for batches of any size."""
    program = NativeEngine().compile(graph, 40)
    rng = np.random.default_rng(3)
    data = [rng.normal(size=(40, *n.shape[1:])).astype(n.dtype) for n in graph.inputs]
    start = starts(graph)
    for rows in (1, 7, 16, 17, 40):
        order = rng.permutation(40)[:rows].astype(np.int64)
        want = run_from(start, ReferenceEngine().compile(graph, 40), graph, data, order, 40)
        results = []
        for count in (1, 2, 3):
            monkeypatch.setattr(SETTING, "threads", count)
            results.append(run_from(start, program, graph, data, order, 40))
        close(results[0], want, tolerance)
        same_bits(results[1], results[0])
        same_bits(results[2], results[0])
