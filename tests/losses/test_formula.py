"""Losses against formulas in plain NumPy float64, on random rows and at the edges."""

import math
from typing import Any

import numpy as np
import pytest

from ranvier import losses
from ranvier.graph.errors import OpenBatchError, ShapeError

RNG = np.random.default_rng(0)
T, P = RNG.normal(size=(7, 5)), RNG.normal(size=(7, 5))
ODDS = RNG.dirichlet(np.ones(5), 7)
ONE_HOT = np.eye(5)[RNG.integers(0, 5, 7)]
BITS = RNG.integers(0, 2, (7, 5)).astype(float)
UNIT = RNG.uniform(0.01, 0.99, (7, 5))
COUNTS = RNG.poisson(3, (7, 5)).astype(float)
EPS = 1e-7


def _length(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _bce(t: np.ndarray, p: np.ndarray) -> np.ndarray:
    return -(t * np.log(p) + (1 - t) * np.log(1 - p))


def _huber(e: np.ndarray, d: float) -> np.ndarray:
    return np.where(abs(e) <= d, e * e / 2, d * abs(e) - d * d / 2)


SIGMOID = 1 / (1 + np.exp(-P))
SOFTMAX = np.exp(P) / np.exp(P).sum(-1, keepdims=True)
SMOOTH = ONE_HOT * 0.9 + 0.1 / 5
ODDS_T = UNIT * BITS + (1 - UNIT) * (1 - BITS)

CASES: list[tuple[str, np.ndarray, np.ndarray, dict[str, Any], np.ndarray]] = [
    ("mean_squared_error", T, P, {}, ((T - P) ** 2).mean(-1)),
    ("mean_absolute_error", T, P, {}, abs(T - P).mean(-1)),
    ("mean_absolute_percentage_error", T, P, {}, 100 * abs((T - P) / T).mean(-1)),
    ("mean_squared_logarithmic_error", UNIT, ODDS, {},
     ((np.log1p(UNIT) - np.log1p(np.maximum(ODDS, EPS))) ** 2).mean(-1)),
    ("cosine_similarity", T, P, {}, -(_length(T) * _length(P)).sum(-1)),
    ("huber", T, P, {}, _huber(P - T, 1.0).mean(-1)),
    ("huber", T, P, {"delta": 0.3}, _huber(P - T, 0.3).mean(-1)),
    ("log_cosh", T, P, {}, np.log(np.cosh(P - T)).mean(-1)),
    ("kl_divergence", UNIT, ODDS, {}, (UNIT * np.log(UNIT / np.maximum(ODDS, EPS))).sum(-1)),
    ("poisson", COUNTS, UNIT, {}, (UNIT - COUNTS * np.log(UNIT + EPS)).mean(-1)),
    ("hinge", BITS, P, {}, np.maximum(1 - (2 * BITS - 1) * P, 0).mean(-1)),
    ("hinge", 2 * BITS - 1, P, {}, np.maximum(1 - (2 * BITS - 1) * P, 0).mean(-1)),
    ("squared_hinge", BITS, P, {}, (np.maximum(1 - (2 * BITS - 1) * P, 0) ** 2).mean(-1)),
    ("categorical_hinge", ONE_HOT, P, {},
     np.maximum(((1 - ONE_HOT) * P).max(-1) - (ONE_HOT * P).sum(-1) + 1, 0)),
    ("binary_crossentropy", BITS, UNIT, {}, _bce(BITS, UNIT).mean(-1)),
    ("binary_crossentropy", BITS, P, {"from_logits": True}, _bce(BITS, SIGMOID).mean(-1)),
    ("binary_crossentropy", BITS, UNIT, {"label_smoothing": 0.2, "axis": 0},
     _bce(BITS * 0.8 + 0.1, UNIT).mean(0)),
    ("binary_focal_crossentropy", BITS, UNIT, {},
     ((1 - ODDS_T) ** 2 * _bce(BITS, UNIT)).mean(-1)),
    ("binary_focal_crossentropy", BITS, UNIT, {"apply_class_balancing": True, "gamma": 1.5},
     ((0.25 * BITS + 0.75 * (1 - BITS)) * (1 - ODDS_T) ** 1.5 * _bce(BITS, UNIT)).mean(-1)),
    ("categorical_crossentropy", ONE_HOT, ODDS, {}, -(ONE_HOT * np.log(ODDS)).sum(-1)),
    ("categorical_crossentropy", ONE_HOT, 3 * ODDS, {}, -(ONE_HOT * np.log(ODDS)).sum(-1)),
    ("categorical_crossentropy", ONE_HOT, P, {"from_logits": True, "label_smoothing": 0.1},
     -(SMOOTH * np.log(SOFTMAX)).sum(-1)),
    ("categorical_focal_crossentropy", ONE_HOT, ODDS, {},
     -(0.25 * (1 - ODDS) ** 2 * ONE_HOT * np.log(ODDS)).sum(-1)),
    ("categorical_focal_crossentropy", ONE_HOT, P, {"from_logits": True, "gamma": 3.0},
     -(0.25 * (1 - SOFTMAX) ** 3 * ONE_HOT * np.log(SOFTMAX)).sum(-1)),
    ("sparse_categorical_crossentropy", ONE_HOT.argmax(-1), ODDS, {},
     -(ONE_HOT * np.log(ODDS)).sum(-1)),
    ("sparse_categorical_crossentropy", ONE_HOT.argmax(-1), P, {"from_logits": True},
     -(ONE_HOT * np.log(SOFTMAX)).sum(-1)),
    ("categorical_generalized_cross_entropy", ONE_HOT.argmax(-1), ODDS, {"q": 0.7},
     (1 - (ONE_HOT * ODDS).sum(-1) ** 0.7) / 0.7),
    ("dice", BITS, UNIT, {},
     np.array(1 - 2 * (BITS * UNIT).sum() / (BITS.sum() + UNIT.sum() + EPS))),
    ("dice", BITS, UNIT, {"axis": 1},
     1 - 2 * (BITS * UNIT).sum(1) / (BITS.sum(1) + UNIT.sum(1) + EPS)),
    ("tversky", BITS, UNIT, {"alpha": 0.3, "beta": 0.6, "axis": [1]},
     1 - (BITS * UNIT).sum(1) / ((BITS * UNIT).sum(1) + 0.3 * (BITS * (1 - UNIT)).sum(1)
                                 + 0.6 * ((1 - BITS) * UNIT).sum(1) + EPS)),
]  # fmt: skip


@pytest.mark.parametrize("name, y_true, y_pred, arguments, want", CASES)
@pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-6), ("float64", 1e-11)])
def test_formula(
    name: str, y_true: np.ndarray, y_pred: np.ndarray, arguments: dict[str, Any],
    want: np.ndarray, dtype: str, tolerance: float,
) -> None:  # fmt: skip
    got = losses.get(name)(y_true, y_pred.astype(dtype), **arguments)  # type: ignore[misc]
    assert got.dtype == dtype and got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=20 * tolerance, atol=tolerance)


def test_every_function_has_a_formula() -> None:
    functions = {f.__name__ for f in losses.CATALOG.values() if not isinstance(f, type)}
    assert functions == {name for name, *_ in CASES} | {"circle"}


def _circle(labels: np.ndarray, x: np.ndarray, gamma: float, m: float) -> np.ndarray:
    out = []
    for i in range(len(x)):
        d = np.maximum(1 - x @ x[i], 0)
        near = [j for j in range(len(x)) if j != i and labels[j] == labels[i]]
        far = [j for j in range(len(x)) if labels[j] != labels[i]]
        a = sum(math.exp(gamma * (d[j] + m) * (d[j] - m)) for j in near)
        b = sum(math.exp(gamma * max(1 + m - d[j], 0) * (1 - m - d[j])) for j in far)
        out.append(math.log1p(a * b))
    return np.array(out)


def test_circle() -> None:
    labels = np.array([0, 1, 0, 1, 2, 0, 1])
    x = _length(P)
    got = losses.circle(labels, x, gamma=4.0, margin=0.3)
    np.testing.assert_allclose(got, _circle(labels, x, 4.0, 0.3), rtol=1e-10)
    assert got[4] == 0
    # The row without a partner does not count in the mean.
    whole = losses.Circle(gamma=4.0, margin=0.3, dtype="float64")(labels, x)
    np.testing.assert_allclose(whole, np.sum(got) / 6, rtol=1e-10)


def test_circle_of_nan_is_no_loss_of_0() -> None:
    x = _length(P)
    x[1, 0] = np.nan
    labels = np.array([0, 1, 0, 1, 2, 0, 1])
    assert np.isnan(losses.circle(labels, x)).all()
    assert np.isnan(losses.Circle()(labels, x))


def test_circle_needs_one_size() -> None:
    from ranvier.graph.node import input_node

    with pytest.raises(OpenBatchError, match="one size"):
        losses.circle(np.array([0]), input_node("x", (None, 2), "float32"))


def test_extreme_predictions_stay_finite() -> None:
    sure = np.array([[1.0, 0.0]], "float32")
    far = np.array([[-1e4, 1e4]], "float32")
    wrong = -math.log(EPS)
    for name in ("binary_crossentropy", "categorical_crossentropy"):
        function = losses.CATALOG[name]
        assert float(function(sure, sure)[0]) < 2e-7
        assert float(function(sure, sure[:, ::-1])[0]) == pytest.approx(wrong, rel=2e-2)
        assert np.isfinite(function(sure, far, from_logits=True)).all()
    sparse = losses.sparse_categorical_crossentropy
    assert float(sparse([0], far, from_logits=True)[0]) == 2e4
    assert float(sparse([0], sure[:, ::-1])[0]) == pytest.approx(wrong, rel=1e-5)
    assert float(losses.kl_divergence(sure, sure[:, ::-1])[0]) < 20
    assert np.isfinite(losses.log_cosh([[1e4]], [[-1e4]])).all()


@pytest.mark.parametrize("name", ["mse", "mae", "bce", "categorical_crossentropy", "huber",
                                  "hinge", "kld", "poisson", "log_cosh"])  # fmt: skip
def test_nan_is_kept(name: str) -> None:
    got = losses.CATALOG[name]([[0.0, 1.0]], np.array([[math.nan, 0.5]], "float32"))
    assert np.isnan(got).all()


def test_sparse_shapes_and_dtypes_of_labels() -> None:
    want = losses.sparse_categorical_crossentropy(np.arange(5), ODDS[:5])
    for y in (np.arange(5)[:, None], np.arange(5.0), np.arange(5, dtype="uint8"), list(range(5)),
              np.arange(5, dtype="int64")):  # fmt: skip
        assert (losses.sparse_categorical_crossentropy(y, ODDS[:5]) == want).all()
    over_axis_1 = losses.sparse_categorical_crossentropy(
        np.arange(5)[None] % 3, np.moveaxis(ODDS[None, :5, :3], -1, 1), axis=1
    )
    assert np.allclose(over_axis_1[0], -np.log((ODDS[:5, :3] / ODDS[:5, :3].sum(-1, keepdims=True))[
        np.arange(5), np.arange(5) % 3]))  # fmt: skip


def test_sparse_ignored_class() -> None:
    y = np.array([0, -1, 2])
    p = ODDS[:3].astype("float32")
    p[1] = np.nan
    got = losses.sparse_categorical_crossentropy(y, p, ignore_class=-1)
    assert got[1] == 0 and np.isfinite(got).all()
    loss = losses.SparseCategoricalCrossentropy(ignore_class=-1)(y, p)
    np.testing.assert_allclose(loss, (got[0] + got[2]) / 2, rtol=1e-6)


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ShapeError, match="y_true has shape .7, 5. and y_pred .7, 1.*sparse_cat"):
        losses.binary_crossentropy(BITS, P[:, :1])
    with pytest.raises(ShapeError, match="to_categorical"):
        losses.categorical_crossentropy(np.zeros(7), P)
    with pytest.raises(ShapeError, match="expected class numbers of shape .7,.*one-hot"):
        losses.sparse_categorical_crossentropy(ONE_HOT, P)


def test_one_class_warns() -> None:
    with pytest.warns(SyntaxWarning, match="one class.*binary_crossentropy"):
        losses.categorical_crossentropy([[1.0]], [[0.3]])
