"""Every loss against Keras 3 on JAX: values, gradients, reductions, weights and masks."""

from typing import Any

import numpy as np
import pytest

from ranvier import losses
from ranvier.engines.reference import evaluate
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.transform.grad import gradients

pytestmark = pytest.mark.oracle

RNG = np.random.default_rng(3)
N, C = 9, 5
LABELS = RNG.integers(0, C, N)
ONE_HOT = np.eye(C)[LABELS]
BITS = RNG.integers(0, 2, (N, C)).astype(float)
REAL, REAL_P = RNG.normal(size=(N, C)), RNG.normal(size=(N, C))
# Errors of exactly 0, 0.5 and 1, where absolute values and Huber's loss bend.
REAL_P[0] = REAL[0] + [0.0, 0.5, -0.5, 1.0, -1.0]
# Rows that are certain, that sum to something else than 1, and that lie outside [0, 1].
ODDS = RNG.dirichlet(np.ones(C), N)
ODDS[0], ODDS[1], ODDS[2] = ONE_HOT[0], 3 * ODDS[1], 1 - ONE_HOT[2]
SHARES = np.clip(RNG.uniform(-0.1, 1.1, (N, C)), 0, 1)
LOGITS = np.concatenate([RNG.normal(size=(N - 2, C)), [[60, -60, 0, 1, 2]], [[0] * C]])
MARGIN = np.concatenate([RNG.normal(size=(N - 1, C)), [[1.0, -1.0, 0.0, 2.0, -2.0]]])
UNIT = REAL_P / np.linalg.norm(REAL_P, axis=-1, keepdims=True)
WEIGHT = np.array([1.0, 0.0, 2.0, 0.5, 1.0, 3.0, 0.0, 1.0, 0.25])

CASES: list[tuple[str, dict[str, Any], np.ndarray, np.ndarray]] = [
    ("MeanSquaredError", {}, REAL, REAL_P),
    ("MeanAbsoluteError", {}, REAL, REAL_P),
    ("MeanAbsolutePercentageError", {}, REAL, REAL_P),
    ("MeanAbsolutePercentageError", {}, BITS, SHARES),
    ("MeanSquaredLogarithmicError", {}, SHARES, REAL_P),
    ("CosineSimilarity", {}, REAL, REAL_P),
    ("CosineSimilarity", {"axis": 0}, REAL, REAL_P),
    ("Huber", {}, REAL, REAL_P),
    ("Huber", {"delta": 0.5}, REAL, REAL_P),
    ("LogCosh", {}, REAL, 5 * REAL_P),
    ("Hinge", {}, BITS, MARGIN),
    ("Hinge", {}, 2 * BITS - 1, MARGIN),
    ("SquaredHinge", {}, BITS, MARGIN),
    ("CategoricalHinge", {}, ONE_HOT, MARGIN),
    ("KLDivergence", {}, ODDS, SHARES),
    ("Poisson", {}, BITS * 3, np.abs(REAL_P)),
    ("BinaryCrossentropy", {}, BITS, SHARES),
    ("BinaryCrossentropy", {"label_smoothing": 0.1}, BITS, SHARES),
    ("BinaryCrossentropy", {"from_logits": True}, BITS, LOGITS),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, BITS, LOGITS),
    ("BinaryFocalCrossentropy", {}, BITS, SHARES),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "gamma": 3.0}, BITS, SHARES),
    ("BinaryFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, BITS, LOGITS),
    ("CategoricalCrossentropy", {}, ONE_HOT, ODDS),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, ONE_HOT, ODDS),
    ("CategoricalCrossentropy", {"from_logits": True}, ONE_HOT, LOGITS),
    ("CategoricalFocalCrossentropy", {}, ONE_HOT, ODDS),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, ONE_HOT,
     LOGITS),
    ("SparseCategoricalCrossentropy", {}, LABELS, ODDS),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, LABELS, LOGITS),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2}, LABELS, ODDS),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2, "from_logits": True}, LABELS, LOGITS),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.7}, LABELS, SHARES + 0.05),
    ("Dice", {}, BITS, SHARES),
    ("Dice", {"axis": 1}, BITS, SHARES),
    ("Tversky", {"alpha": 0.3, "beta": 0.6}, BITS, SHARES),
    ("Tversky", {"axis": [1]}, BITS, SHARES),
    ("Circle", {"gamma": 8.0}, LABELS, UNIT),
]  # fmt: skip


def _compared(
    keras64: Any, name: str, kwargs: dict[str, Any], y: np.ndarray, p: np.ndarray, dtype: str,
    weight: np.ndarray | None = None,
) -> None:  # fmt: skip
    """Compare value and gradient of one loss, to 1e-9 in float64 and 1e-4 in float32."""
    keras, jax = keras64
    keras.config.set_floatx(dtype)
    rtol, atol = (1e-9, 1e-12) if dtype == "float64" else (1e-4, 2e-6)
    p = p.astype(dtype)
    y = y.astype(dtype) if y.dtype.kind == "f" else y.astype("int32")
    w = None if weight is None else weight.astype(dtype)
    theirs = getattr(keras.losses, name)(dtype=dtype, **kwargs)
    want, slope = jax.value_and_grad(lambda v: theirs(y, v, w))(jax.numpy.asarray(p))
    ours = getattr(losses, name)(dtype=dtype, **kwargs)
    a = input_node("y", y.shape, str(y.dtype))
    b = input_node("p", p.shape, dtype)
    out = ours(a, b, w)
    (g,) = gradients(out, [b])
    values = evaluate(Graph((a, b), (out, g), ()), {a: y, b: p}, N)
    np.testing.assert_allclose(values[out], want, rtol, atol)
    slope = np.asarray(slope)
    # Keras' gradient of the circle loss is NaN in rows without a pair.
    known = np.isfinite(slope)
    assert known.all() or name == "Circle"
    assert np.isfinite(values[g]).all()
    scale = max(1.0, abs(slope[known]).max(initial=0))
    np.testing.assert_allclose(values[g][known], slope[known], rtol, atol * scale)


@pytest.mark.parametrize("name, kwargs, y, p", CASES)
def test_value_and_gradient(
    keras64: Any, name: str, kwargs: dict[str, Any], y: np.ndarray, p: np.ndarray
) -> None:
    _compared(keras64, name, kwargs, y, p, "float64")


# 1 - epsilon is another number in float32, so what is clipped there is compared there too.
@pytest.mark.parametrize("name, kwargs, y, p", [c for c in CASES if "rossentropy" in c[0]])
def test_clipping_in_float32(
    keras64: Any, name: str, kwargs: dict[str, Any], y: np.ndarray, p: np.ndarray
) -> None:
    _compared(keras64, name, kwargs, y, p, "float32")


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight"])
@pytest.mark.parametrize("weight", [None, WEIGHT, WEIGHT[:, None]])
def test_reductions(keras64: Any, reduction: str, weight: np.ndarray | None) -> None:
    kwargs: dict[str, Any] = {"reduction": reduction}
    _compared(keras64, "MeanSquaredError", kwargs, REAL, REAL_P, "float64", weight)
    kwargs["ignore_class"] = 2
    _compared(keras64, "SparseCategoricalCrossentropy", kwargs, LABELS, ODDS, "float64", weight)

    keras, jax = keras64
    keras.config.set_floatx("float64")
    masked = jax.numpy.asarray(REAL_P)
    masked._keras_mask = jax.numpy.asarray(WEIGHT < 2)
    want = keras.losses.MeanSquaredError(reduction=reduction, dtype="float64")(REAL, masked, weight)
    ours = losses.MeanSquaredError(reduction=reduction, dtype="float64")
    np.testing.assert_allclose(ours(REAL, REAL_P, weight, WEIGHT < 2), want, 1e-12)


@pytest.mark.parametrize("name", ["mse", "mae", "mape", "msle", "kld", "bce", "MSE", "BCE"])
def test_names(keras64: Any, name: str) -> None:
    keras, _ = keras64
    assert losses.get(name).__name__ == keras.losses.get(name).__name__  # type: ignore[union-attr]


def test_configs_open_in_keras(keras64: Any) -> None:
    keras, _ = keras64
    for name, kwargs, _y, _p in CASES:
        if name == "CategoricalGeneralizedCrossEntropy":
            continue  # Keras does not know its own class by name
        saved = losses.serialize(getattr(losses, name)(name="mine", **kwargs))
        again = keras.losses.deserialize(saved)
        assert type(again).__name__ == name and again.name == "mine"
        back = losses.deserialize(keras.losses.serialize(again))
        assert type(back).__name__ == name and back.name == "mine"


def test_every_class_has_a_case() -> None:
    classes = {c.__name__ for c in losses.CATALOG.values() if isinstance(c, type)}
    assert classes == {name for name, *_ in CASES} | {"LossFunctionWrapper"}
