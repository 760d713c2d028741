"""Every activation in machine code: values and gradients equal those of the reference engine."""

from typing import Any

import numpy as np
import pytest

from ranvier import activations, ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

# 11 rows of 8: neither is a multiple of a vector, and every bend is met and straddled.
X = np.concatenate([
    [-3, -1, -0.5, 0, 0.5, 1, 3, 6], np.linspace(-9, 9, 76), [-80, 80, -20, 20],
]).astype("float32").reshape(11, 8)  # fmt: skip


@pytest.fixture()
def native() -> Any:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    return NativeEngine()


@pytest.mark.parametrize("name", sorted(activations.CATALOG))
def test_value_and_gradient(native: Any, name: str) -> None:
    kwargs = {"threshold": 1.0, "default_value": -2.0} if name == "threshold" else {}
    data = np.minimum(X, 10) if name == "exponential" else X
    x = input_node("x", (None, 8), "float32")
    out = activations.get(name)(x, **kwargs)
    weight = np.linspace(1, 2, out.shape[1]).astype("float32")
    (g,) = gradients(ops.sum(ops.multiply(out, weight)), [x])
    graph = Graph((x,), (out, g), ())
    results = []
    for engine, form in ((ReferenceEngine(), graph), (native, dedupe(fold(graph)))):
        arrays = [np.zeros((11, out.shape[1]), "float32"), np.zeros((11, 8), "float32")]
        engine.compile(form, 16).run([data], np.arange(11), 16, arrays)
        results.append(arrays)
    for a, b in zip(*results, strict=True):
        # float32 functions differ by 2 ulp, and sums along an axis by their order.
        np.testing.assert_allclose(b, a, 1e-5, 2e-6)
