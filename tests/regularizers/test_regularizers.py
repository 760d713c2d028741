"""Regularizers: values, gradients, arguments, configs and look-up."""

import math
from typing import Any

import numpy as np
import pytest

from ranvier import regularizers
from ranvier.engines.reference import evaluate
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.transform.grad import gradients

W = np.array([[1.0, -2.0, 0.0], [0.5, 3.0, -1.0]])


def _cosines(w: np.ndarray) -> float:
    unit = w / np.linalg.norm(w, axis=1, keepdims=True)
    pairs = [abs(unit[i] @ unit[j]) for i in range(len(w)) for j in range(i)]
    return sum(pairs) / len(pairs)


CASES: list[tuple[regularizers.Regularizer, float]] = [
    (regularizers.L1(0.1), 0.1 * 7.5),
    (regularizers.L2(0.1), 0.1 * 15.25),
    (regularizers.L1L2(0.1, 0.2), 0.1 * 7.5 + 0.2 * 15.25),
    (regularizers.L1L2(l1=0.1), 0.1 * 7.5),
    (regularizers.L1L2(l2=0.2), 0.2 * 15.25),
    (regularizers.L1L2(), 0.0),
    (regularizers.OrthogonalRegularizer(0.3), 0.3 * _cosines(W)),
    (regularizers.OrthogonalRegularizer(0.3, "columns"), 0.3 * _cosines(W[:, :2].T)),
]


@pytest.mark.parametrize("regularizer, want", CASES)
def test_value(regularizer: regularizers.Regularizer, want: float) -> None:
    w = W[:, :2] if getattr(regularizer, "mode", "") == "columns" else W
    assert float(regularizer(w)) == pytest.approx(want, rel=1e-12)
    assert float(regularizer(w.astype("float32"))) == pytest.approx(want, rel=1e-6)


def test_gradients() -> None:
    sign = np.where(W < 0, -1, 1)  # at 0 the slope of |w| is 1, as in Keras on JAX
    w = input_node("w", (2, 3), "float64")
    for regularizer, slope in (
        (regularizers.L1(0.1), 0.1 * sign),
        (regularizers.L2(0.1), 0.2 * W),
        (regularizers.L1L2(0.1, 0.2), 0.1 * sign + 0.4 * W),
    ):
        (g,) = gradients(regularizer(w), [w])
        graph = Graph((w,), (g,), ())
        assert np.allclose(evaluate(graph, {w: W}, 2)[g], slope)


def test_a_row_of_zeros_has_no_nan() -> None:
    w = input_node("w", (2, 2), "float64")
    loss = regularizers.OrthogonalRegularizer()(w)
    (g,) = gradients(loss, [w])
    values = evaluate(Graph((w,), (loss, g), ()), {w: np.array([[0.0, 0.0], [1.0, 2.0]])}, 2)
    assert np.isfinite(values[loss]) and np.isfinite(values[g]).all()


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, "0.1", True])
def test_bad_factors(value: Any) -> None:
    with pytest.raises(ArgumentError, match="L2, `l2`: got"):
        regularizers.L2(value)


def test_other_mistakes() -> None:
    with pytest.raises(ArgumentError, match="`mode`: got 'row'. Did you mean 'rows'"):
        regularizers.OrthogonalRegularizer(mode="row")
    with pytest.raises(ShapeError, match="got shape .3,., expected a matrix"):
        regularizers.OrthogonalRegularizer()(np.ones(3))
    with pytest.raises(ArgumentError, match="regularizer: got 'l3'. Known names: L1"):
        regularizers.get("l3")


@pytest.mark.parametrize("regularizer, want", CASES)
def test_config_round_trip(regularizer: regularizers.Regularizer, want: float) -> None:
    saved = regularizers.serialize(regularizer)
    assert saved["module"] == "keras.regularizers" and saved["registered_name"] is None
    again = regularizers.deserialize(saved)
    assert type(again) is type(regularizer) and again.get_config() == regularizer.get_config()


def test_get() -> None:
    assert regularizers.get(None) is None
    assert regularizers.get("l2").get_config() == {"l2": 0.01}  # type: ignore[union-attr]
    assert regularizers.get({"class_name": "L2", "config": {"l2": 0.5}}).l2 == 0.5  # type: ignore[union-attr]
    for name in ("l1_l2", "L1L2", "l1l2"):
        assert regularizers.get(name).get_config() == {"l1": 0.01, "l2": 0.01}  # type: ignore[union-attr]
    assert regularizers.l2(0.1).l2 == 0.1 and regularizers.L1(None).l1 == 0.01
    own = regularizers.get(lambda w: 0.0)
    assert own is not None and own(W) == 0
