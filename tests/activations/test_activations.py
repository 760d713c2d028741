"""Activations: formulas, kinks, NaN, extreme values, and look-up."""

import math
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from ranvier import activations
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.graph.registry import custom_object_scope

X = np.array([-1e4, -20, -4, -3, -1.5, -1, -0.5, -0.1, 0, 0.1, 0.5, 1, 1.5, 3, 4, 6, 7, 20, 1e4])

#: Each formula for one float64 number, written from its paper or Keras' documentation.
FORMULAS: dict[str, Callable[[float], float]] = {
    "celu": lambda x: x if x > 0 else math.expm1(x),
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "gelu": lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)),
    "hard_shrink": lambda x: x if abs(x) > 0.5 else 0,
    "hard_sigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1),
    "hard_silu": lambda x: x * min(max(x / 6 + 0.5, 0), 1),
    "hard_tanh": lambda x: min(max(x, -1), 1),
    "heaviside": lambda x: float(x >= 0),
    "leaky_relu": lambda x: x if x >= 0 else 0.2 * x,
    "linear": lambda x: x,
    "log_sigmoid": lambda x: -math.log1p(math.exp(-x)) if x > -30 else x,
    "mish": lambda x: x * math.tanh(math.log1p(math.exp(x)) if x < 30 else x),
    "relu": lambda x: max(x, 0),
    "relu6": lambda x: min(max(x, 0), 6),
    "selu": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)) if x > -700 else 0,
    "silu": lambda x: x / (1 + math.exp(-x)) if x > -700 else 0,
    "soft_shrink": lambda x: math.copysign(max(abs(x) - 0.5, 0), x),
    "softplus": lambda x: math.log1p(math.exp(x)) if x < 30 else x,
    "softsign": lambda x: x / (1 + abs(x)),
    "sparse_plus": lambda x: 0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4,
    "sparse_sigmoid": lambda x: min(max((x + 1) / 2, 0), 1),
    "squareplus": lambda x: (x + math.sqrt(x * x + 4)) / 2,
    "tanh": math.tanh,
    "tanh_shrink": lambda x: x - math.tanh(x),
}
ALONG_AXIS = {"softmax", "log_softmax", "glu", "sparsemax"}
OTHER = {"swish", "hard_swish", "exponential", "threshold"}


@pytest.mark.parametrize("name", sorted(FORMULAS))
@pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-6), ("float64", 1e-13)])
def test_formula(name: str, dtype: str, tolerance: float) -> None:
    got = activations.get(name)(X.astype(dtype))
    assert got.dtype == dtype
    want = [FORMULAS[name](float(x)) for x in X.astype(dtype)]
    # squareplus and gelu subtract nearly equal numbers far below 0.
    loose = 1e4 if name == "squareplus" else 10 if name == "gelu" else 1
    np.testing.assert_allclose(got, want, rtol=tolerance, atol=tolerance * loose)


def test_every_name_has_a_formula() -> None:
    listed = set(FORMULAS) | ALONG_AXIS | OTHER
    assert set(activations.CATALOG) == listed, "FORMULAS has a formula for each"


@pytest.mark.parametrize("name", sorted(set(FORMULAS) | {"exponential", "softmax"}))
def test_nan_stays_nan(name: str) -> None:
    assert np.isnan(activations.get(name)(np.array([math.nan, math.nan], "float32"))).all()


@pytest.mark.parametrize(
    "arguments, formula",
    [
        ({"negative_slope": 0.1}, lambda x: x if x >= 0 else 0.1 * x),
        ({"max_value": 6.0}, lambda x: min(max(x, 0), 6)),
        ({"max_value": 2.5}, lambda x: min(max(x, 0), 2.5)),
        ({"threshold": 1.0}, lambda x: x if x > 1 else 0),
        ({"threshold": -1.0}, lambda x: x if x > -1 else 0),
        ({"negative_slope": 0.1, "threshold": 1.0}, lambda x: x if x > 1 else 0.1 * (x - 1)),
        ({"negative_slope": 0.1, "max_value": 3.0},
         lambda x: min(x, 3) if x >= 0 else 0.1 * x),
        ({"negative_slope": 0.1, "max_value": 6, "threshold": 1.0},
         lambda x: min(x, 6) if x > 1 else 0.1 * (x - 1)),
    ],
)  # fmt: skip
def test_relu_arguments(arguments: dict[str, float], formula: Callable[[float], float]) -> None:
    got = activations.relu(X, **arguments)  # type: ignore[arg-type]
    np.testing.assert_allclose(got, [formula(float(x)) for x in X], rtol=1e-12)


def test_other_arguments() -> None:
    x = np.linspace(-3, 3, 13)
    assert np.allclose(activations.elu(x, 2.0), np.where(x > 0, x, 2 * np.expm1(x)))
    assert np.allclose(activations.celu(x, 2.0), np.where(x > 0, x, 2 * np.expm1(x / 2)))
    assert np.allclose(activations.leaky_relu(x, 0.3), np.where(x > 0, x, 0.3 * x))
    assert np.allclose(activations.threshold(x, 1.0, -7.0), np.where(x > 1, x, -7))
    assert np.allclose(activations.squareplus(x, b=1), (x + np.sqrt(x * x + 1)) / 2)
    assert np.allclose(activations.hard_shrink(x, 1.0), np.where(abs(x) > 1, x, 0))
    assert np.allclose(activations.soft_shrink(x, 1.0), np.sign(x) * np.maximum(abs(x) - 1, 0))
    tanh = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    assert np.allclose(activations.gelu(x, approximate=True), 0.5 * x * (1 + tanh))


def test_infinity_has_no_nan() -> None:
    far = np.array([-math.inf, math.inf], "float32")
    for name in ("relu", "elu", "selu", "celu", "softplus", "sigmoid", "tanh", "log_sigmoid"):
        assert not np.isnan(activations.get(name)(far)).any(), name


def test_along_axis() -> None:
    x = np.array([[1000.0, 1000.0, -1000.0], [0.1, 0.2, 0.7]])
    soft = activations.softmax(x)
    assert np.allclose(soft.sum(-1), 1) and np.allclose(soft[0], [0.5, 0.5, 0])
    assert np.allclose(np.exp(activations.log_softmax(x)), soft)
    assert np.allclose(activations.softmax(x, axis=0).sum(0), 1)
    a, b = np.split(np.arange(8.0).reshape(2, 4), 2, -1)
    assert np.allclose(activations.glu(np.arange(8.0).reshape(2, 4)), a / (1 + np.exp(-b)))
    with pytest.raises(ShapeError, match="glu, `axis`: got size 3"):
        activations.glu(x)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_sparsemax_is_the_nearest_point_of_the_simplex(axis: int) -> None:
    x = np.random.default_rng(0).normal(size=(5, 6))
    p = np.asarray(activations.sparsemax(x, axis))
    assert np.allclose(p.sum(axis), 1) and (p >= 0).all() and (p == 0).any()
    # Where p is positive, x - p is one number; elsewhere x lies below it.
    gap = np.where(p > 0, x - p, np.nan)
    assert np.allclose(np.nanmax(gap, axis), np.nanmin(gap, axis))
    assert (np.where(p == 0, x, -np.inf).max(axis) <= np.nanmax(gap, axis) + 1e-12).all()


def test_get_and_names() -> None:
    assert activations.get(None) is activations.linear
    assert activations.get(math.sin) is math.sin
    assert activations.get("swish") is activations.silu
    with pytest.raises(ArgumentError, match="activation: got 'rellu'. Did you mean 'relu'"):
        activations.get("rellu")
    with pytest.raises(ArgumentError, match="activation: got 3, expected a name"):
        activations.get(3)


@pytest.mark.parametrize("name", sorted(activations.CATALOG))
def test_names_round_trip(name: str) -> None:
    function = activations.get(name)
    saved = activations.serialize(function)
    assert saved == function.__name__ and activations.deserialize(saved) is function
    assert getattr(activations, name) is function


def test_own_function_round_trip() -> None:
    def double(x: float) -> float:
        return 2 * x

    saved = activations.serialize(double)
    assert isinstance(saved, dict) and saved["class_name"] == "function"
    assert activations.deserialize(saved, {"double": double}) is double
    with custom_object_scope({"double": double}):
        assert activations.get("double") is double
    with pytest.raises(ArgumentError, match="double"):
        activations.deserialize(saved)


def test_every_name_can_be_pickled() -> None:
    for function in activations.CATALOG.values():
        assert pickle.loads(pickle.dumps(function)) is function
