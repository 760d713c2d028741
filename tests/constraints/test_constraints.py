"""Constraints: values, zero weights, axes, configs and look-up."""

import numpy as np
import pytest

from ranvier import constraints
from ranvier.graph.errors import ArgumentError, ArgumentTypeError

W = np.array([[3.0, 0.3, 0.0, -1.0], [4.0, 0.4, 0.0, 0.0]])
LENGTH = np.array([5.0, 0.5, 0.0, 1.0])
CASES: list[tuple[constraints.Constraint, np.ndarray]] = [
    (constraints.MaxNorm(), np.minimum(LENGTH, 2)),
    (constraints.MaxNorm(0.8), np.minimum(LENGTH, 0.8)),
    (constraints.UnitNorm(), np.ones(4)),
    (constraints.MinMaxNorm(0.7, 2.0), np.clip(LENGTH, 0.7, 2)),
    (constraints.MinMaxNorm(0.7, 2.0, rate=0.5), (np.clip(LENGTH, 0.7, 2) + LENGTH) / 2),
]


@pytest.mark.parametrize("constraint, want", CASES)
def test_length(constraint: constraints.Constraint, want: np.ndarray) -> None:
    w = np.asarray(constraint(W))
    # A unit of zeros has no direction and stays as it is.
    want = np.where(LENGTH == 0, 0, want)
    assert np.allclose(np.linalg.norm(w, axis=0), want, atol=3e-7)
    assert (w * W >= 0).all()
    assert constraint(W.astype("float32")).dtype == "float32"


def test_other_axes() -> None:
    w = np.ones((2, 3, 4, 5))
    long = np.sqrt((np.asarray(constraints.MaxNorm(1, axis=[0, 1, 2])(w)) ** 2).sum((0, 1, 2)))
    assert np.allclose(long, 1, atol=1e-6)
    assert np.allclose(np.linalg.norm(constraints.UnitNorm(axis=1)(W), axis=1), 1)


def test_one_unit_of_all_weights() -> None:
    whole = np.linalg.norm(W)
    assert np.allclose(constraints.UnitNorm(axis=None)(W), W / whole)
    assert np.allclose(constraints.MaxNorm(0.5, axis=None)(W), W * 0.5 / whole)
    assert np.allclose(constraints.MinMaxNorm(9.0, 9.0, axis=None)(W), W * 9 / whole)
    saved = constraints.serialize(constraints.MaxNorm(0.5, axis=None))
    assert constraints.deserialize(saved).axis is None


def test_non_neg() -> None:
    assert (constraints.NonNeg()(W) == np.maximum(W, 0)).all()
    assert np.isnan(constraints.NonNeg()(np.array([np.nan]))).all()


def test_mistakes() -> None:
    with pytest.raises(ArgumentError, match="MaxNorm, `max_value`: got -1"):
        constraints.MaxNorm(-1)
    with pytest.raises(ArgumentTypeError, match="MaxNorm, `max_value`: got None of type NoneType"):
        constraints.MaxNorm(None)  # type: ignore[arg-type]
    with pytest.raises(ArgumentTypeError, match="MinMaxNorm, `rate`: got '1' of type str"):
        constraints.MinMaxNorm(rate="1")  # type: ignore[arg-type]
    with pytest.raises(ArgumentTypeError, match="UnitNorm, `axis`: got 'a', expected an int, or"):
        constraints.UnitNorm(axis="a")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="min_value=2.0 above max_value=1.0"):
        constraints.MinMaxNorm(2.0, 1.0)
    with pytest.raises(ArgumentError, match="constraint: got 'maxx_norm'. Did you mean"):
        constraints.get("maxx_norm")


@pytest.mark.parametrize("constraint", [c for c, _ in CASES] + [constraints.NonNeg()])
def test_config_round_trip(constraint: constraints.Constraint) -> None:
    saved = constraints.serialize(constraint)
    assert saved["module"] == "keras.constraints" and saved["registered_name"] is None
    again = constraints.deserialize(saved)
    assert type(again) is type(constraint) and again.get_config() == constraint.get_config()


def test_get() -> None:
    assert constraints.get(None) is None
    assert isinstance(constraints.get("non_neg"), constraints.NonNeg)
    assert constraints.max_norm(1.0).max_value == 1.0

    class Half(constraints.Constraint):
        def __call__(self, w: np.ndarray) -> np.ndarray:
            return w / 2

    own = constraints.get(Half())
    assert own is not None and (own(W) == W / 2).all()
