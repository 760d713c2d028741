"""Every activation against Keras 3 on JAX: values and gradients, on both sides of every kink."""

from typing import Any

import numpy as np
import pytest

from ranvier import activations, ops
from ranvier.engines.reference import evaluate
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.transform.grad import gradients

pytestmark = pytest.mark.oracle

#: Bends lie at -3, -1, -0.5, 0, 0.5, 1, 3 and 6: each is met exactly, and from both sides.
BENDS = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0])
X = np.concatenate([
    BENDS, BENDS - 1e-3, BENDS + 1e-3, np.linspace(-9, 9, 24), [-80.0, -20.0, 20.0, 80.0, 1e-8],
]).reshape(8, 7)  # fmt: skip
WEIGHT = np.linspace(-1, 2, X.size).reshape(X.shape)

#: Keras has none; its own is wrong (docs/decisions/values-against-keras.md); below with arguments.
LEFT_OUT = ("heaviside", "sparsemax", "glu", "threshold")

CASES: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in sorted(activations.CATALOG) if name not in LEFT_OUT),
    ("relu", {"negative_slope": 0.1}),
    ("relu", {"max_value": 6.0}),
    ("relu", {"max_value": 2.0}),
    ("relu", {"threshold": 1.0}),
    ("relu", {"threshold": -1.0}),
    ("relu", {"threshold": -1.0, "max_value": 3.0}),
    ("relu", {"negative_slope": 0.1, "threshold": 1.0, "max_value": 3.0}),
    ("relu", {"negative_slope": 0.1, "max_value": 6.0}),
    ("leaky_relu", {"negative_slope": 0.3}),
    ("elu", {"alpha": 2.0}),
    ("celu", {"alpha": 2.0}),
    ("gelu", {"approximate": True}),
    ("squareplus", {"b": 1.0}),
    ("hard_shrink", {"threshold": 1.0}),
    ("soft_shrink", {"threshold": 1.0}),
    ("threshold", {"threshold": 1.0, "default_value": -2.0}),
    ("softmax", {"axis": 0}),
    ("log_softmax", {"axis": 0}),
    ("glu", {"axis": 0}),
]  # fmt: skip


@pytest.mark.parametrize("dtype, rtol, atol", [("float64", 1e-12, 1e-14), ("float32", 4e-6, 1e-6)])
@pytest.mark.parametrize("name, kwargs", CASES)
def test_value_and_gradient(
    keras64: Any, name: str, kwargs: dict[str, Any], dtype: str, rtol: float, atol: float
) -> None:
    x, weight = X.astype(dtype), WEIGHT.astype(dtype)
    if name == "exponential":
        x = np.minimum(x, 20).astype(dtype)
    keras, jax = keras64
    keras.config.set_floatx(dtype)
    theirs = getattr(keras.activations, name)
    want, pull = jax.vjp(lambda v: theirs(v, **kwargs), jax.numpy.asarray(x))
    node = input_node("x", x.shape, dtype)
    out = activations.get(name)(node, **kwargs)
    weight = weight[: out.shape[0]]
    (g,) = gradients(ops.sum(ops.multiply(out, ops.cast(weight, dtype))), [node])
    values = evaluate(Graph((node,), (out, g), ()), {node: x}, 8)
    # gelu: far below 0 Keras takes erfc, which keeps digits that 1 + erf loses.
    loose = 4e-7 if name == "gelu" and dtype == "float32" else 1e-15 if name == "gelu" else 0.0
    if kwargs.get("approximate") and dtype == "float32":
        loose = 2e-5  # XLA that does not optimise rounds tanh to 1e-6, and x is up to 9
    np.testing.assert_allclose(values[out], want, rtol, atol + loose)
    (slope,) = pull(jax.numpy.asarray(weight))
    np.testing.assert_allclose(values[g], slope, rtol, atol + loose)
