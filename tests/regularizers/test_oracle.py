"""Regularizers, constraints and initializers against Keras 3 on JAX: values, slopes, configs."""

import os
from typing import Any

import numpy as np
import pytest

from ranvier import constraints, initializers, regularizers
from ranvier.engines.reference import evaluate
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.random import set_random_seed
from ranvier.transform.grad import gradients

pytestmark = pytest.mark.oracle

W = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
W[2], W[:, 1] = 0, [0, 3, 0, 4, 0, 0]  # weights of exactly 0, where |w| bends
REGULARIZERS: list[tuple[str, dict[str, Any]]] = [
    ("L1", {"l1": 0.3}),
    ("L2", {"l2": 0.3}),
    ("L1L2", {"l1": 0.1, "l2": 0.2}),
    ("L1L2", {}),
    ("OrthogonalRegularizer", {"factor": 0.3, "mode": "columns"}),
]
CONSTRAINTS: list[tuple[str, dict[str, Any]]] = [
    ("MaxNorm", {"max_value": 1.5}),
    ("MaxNorm", {"max_value": 1, "axis": 1}),
    ("NonNeg", {}),
    ("UnitNorm", {}),
    ("MinMaxNorm", {"min_value": 0.5, "max_value": 1.5, "rate": 0.3}),
]
INITIALIZERS: list[tuple[str, dict[str, Any]]] = [
    ("Zeros", {}),
    ("Ones", {}),
    ("Constant", {"value": 0.3}),
    ("Identity", {"gain": 2.0}),
    ("Orthogonal", {"gain": 2.0}),
    ("RandomNormal", {"mean": 1.0, "stddev": 0.3}),
    ("TruncatedNormal", {"mean": 1.0, "stddev": 0.3}),
    ("RandomUniform", {"minval": -1.0, "maxval": 0.5}),
    ("VarianceScaling", {"scale": 0.7, "mode": "fan_out", "distribution": "untruncated_normal"}),
    *((f"{who}{how}", {}) for who in ("Glorot", "He", "Lecun") for how in ("Normal", "Uniform")),
]


@pytest.fixture(scope="module")
def keras() -> Any:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    return keras


def _same_config(their_room: Any, our_room: Any, theirs: Any, ours: Any) -> None:
    """Each side reads what the other writes; Keras rounds some factors to float32."""
    config = our_room.serialize(ours)
    again = our_room.deserialize(their_room.serialize(their_room.deserialize(config)))
    assert type(again) is type(ours)
    for key, value in theirs.get_config().items():
        assert config["config"][key] == (pytest.approx(value) if value else value)
        assert again.get_config()[key] == config["config"][key] or key in ("l1", "factor")


@pytest.mark.parametrize("name, kwargs", REGULARIZERS)
def test_regularizer(keras: Any, name: str, kwargs: dict[str, Any]) -> None:
    import jax

    theirs = getattr(keras.regularizers, name)(**kwargs)
    want, slope = jax.value_and_grad(theirs)(jax.numpy.asarray(W))
    node = input_node("w", W.shape, "float32")
    ours = getattr(regularizers, name)(**kwargs)
    out = ours(node)
    _same_config(keras.regularizers, regularizers, theirs, ours)
    if name == "L1L2" and not kwargs:
        assert float(ours(W)) == float(want) == 0
        return
    (g,) = gradients(out, [node])
    values = evaluate(Graph((node,), (out, g), ()), {node: W}, 6)
    np.testing.assert_allclose(values[out], want, 1e-5)
    np.testing.assert_allclose(values[g], slope, 1e-4, 1e-6)


@pytest.mark.parametrize("name, kwargs", CONSTRAINTS)
def test_constraint(keras: Any, name: str, kwargs: dict[str, Any]) -> None:
    theirs = getattr(keras.constraints, name)(**kwargs)
    ours = getattr(constraints, name)(**kwargs)
    np.testing.assert_allclose(ours(W), theirs(W), 1e-6, 1e-7)
    _same_config(keras.constraints, constraints, theirs, ours)


@pytest.mark.parametrize("name, kwargs", INITIALIZERS)
@pytest.mark.parametrize("shape", [(300, 100), (3, 5, 30, 40)])
def test_initializer(keras: Any, name: str, kwargs: dict[str, Any], shape: tuple[int, ...]) -> None:
    if name == "Identity" and len(shape) > 2:
        pytest.skip("a matrix only")
    theirs, ours = (getattr(m, name)(**kwargs) for m in (keras.initializers, initializers))
    _same_config(keras.initializers, initializers, theirs, ours)
    if name in ("Zeros", "Ones", "Constant", "Identity"):
        np.testing.assert_array_equal(ours(shape), theirs(shape))
        return
    set_random_seed(1)  # moments of other numbers may lie further apart, one time in some hundred
    keras.utils.set_random_seed(1)
    a, b = np.asarray(ours(shape)), np.asarray(theirs(shape))
    assert a.dtype == b.dtype and a.shape == b.shape
    # Other numbers of one distribution: moments and extremes of 18,000 to 30,000 of them.
    assert abs(a.mean() - b.mean()) < 0.05 * b.std()
    assert abs(a.std() / b.std() - 1) < 0.03
    if "Uniform" in name or name in ("TruncatedNormal", "HeNormal", "GlorotNormal"):
        assert a.max() == pytest.approx(b.max(), rel=0.02)
        assert a.min() == pytest.approx(b.min(), rel=0.02)
    assert np.allclose(np.quantile(a, [0.1, 0.5, 0.9]), np.quantile(b, [0.1, 0.5, 0.9]),
                       atol=0.05 * b.std())  # fmt: skip
