"""Random functions in machine code draw the numbers of the reference engine, step after step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops, random
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.graph.trace import Trace
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold

SHAPE = (None, 7)
DRAWS: dict[str, tuple[Callable[..., Any], float]] = {
    # The second number: how far two engines may lie apart, log and cos being 2 ulp off.
    "uniform": (lambda x, s: random.uniform(SHAPE, -1, 1, seed=s), 0.0),
    "normal": (lambda x, s: random.normal(SHAPE, seed=s), 2e-6),
    "truncated_normal": (lambda x, s: random.truncated_normal(SHAPE, seed=s), 2e-6),
    "randint": (lambda x, s: ops.cast(random.randint(SHAPE, -3, 9, seed=s), "float32"), 0.0),
    "dropout": (lambda x, s: random.dropout(x, 0.3, seed=s), 0.0),
}


@pytest.mark.parametrize("name", sorted(DRAWS))
def test_engines_agree(name: str) -> None:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    draw, tolerance = DRAWS[name]
    results = []
    for engine in (ReferenceEngine(), NativeEngine()):
        generator = random.SeedGenerator(5)
        x = input_node("x", SHAPE, "float32")
        with Trace() as trace:
            drawn = ops.add(draw(x, generator), ops.multiply(x, 0.0))
        graph = dedupe(fold(Graph((x,), (drawn,), tuple(trace.updates.items()))))
        out = [np.zeros((20, 7), "float32")]
        data = np.linspace(1, 2, 140, dtype="float32").reshape(20, 7)
        engine.compile(graph, 8).run([data], np.arange(20), 8, out)
        assert generator.state.numpy().tolist() == [5, 3]
        results.append(out[0])
    np.testing.assert_allclose(results[1], results[0], 0, tolerance)
    assert len(np.unique(results[0])) > 5
