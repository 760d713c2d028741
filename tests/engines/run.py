"""How tests run one graph on several engines: from the same numbers, with fresh outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

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
