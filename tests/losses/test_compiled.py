"""Every loss in machine code: values and gradients equal those of the reference engine."""

from typing import Any

import numpy as np
import pytest

from ranvier import losses, ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

RNG = np.random.default_rng(0)
CASES: list[tuple[str, dict[str, Any]]] = [
    *((c.__name__, {}) for c in sorted(
        {c for c in losses.CATALOG.values() if isinstance(c, type)}
        - {losses.LossFunctionWrapper, losses.Circle}, key=lambda c: c.__name__)),
    *((name, {"from_logits": True}) for name in (
        "BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy", "SparseCategoricalCrossentropy")),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2}),
    ("MeanSquaredError", {"reduction": "mean_with_sample_weight"}),
    ("MeanSquaredError", {"reduction": "none"}),
]  # fmt: skip


@pytest.fixture()
def native() -> Any:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    return NativeEngine()


@pytest.mark.parametrize("name, kwargs", CASES)
def test_value_and_gradient(native: Any, name: str, kwargs: dict[str, Any]) -> None:
    loss = getattr(losses, name)(**kwargs)
    labels = RNG.integers(0, 5, 11)
    data = [
        labels.astype("int32") if loss.takes_labels else np.eye(5, dtype="float32")[labels],
        RNG.dirichlet(np.ones(5), 11).astype("float32"),
        RNG.uniform(0.1, 2, 11).astype("float32"),
    ]
    y = input_node("y", (None, *data[0].shape[1:]), str(data[0].dtype))
    p, w = input_node("p", (None, 5), "float32"), input_node("w", (None,), "float32")
    out = loss(y, p, None if name in ("Dice", "Tversky") else w)
    (g,) = gradients(ops.sum(out), [p])
    graph = Graph((y, p, w), (out, g), ())
    results = []
    for engine, form in ((ReferenceEngine(), graph), (native, dedupe(fold(graph)))):
        arrays = [
            np.zeros(tuple(11 if s is None else s for s in out.shape), "float32"),
            np.zeros((11, 5), "float32"),
        ]
        engine.compile(form, 16).run(data, np.arange(11), 16, arrays)
        results.append(arrays)
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(b, a, 2e-5, 1e-6)
