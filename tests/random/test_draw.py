"""Random functions: ranges, moments, seeds, and the same numbers eagerly and in a step."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops, random
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DTypeError, ShapeError
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.graph.trace import Trace

SHAPE = (100, 200)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_uniform_moments_and_bounds(dtype: str) -> None:
    x = random.uniform(SHAPE, -2.0, 3.0, dtype, seed=1)
    assert x.shape == SHAPE and x.dtype == dtype
    assert x.min() >= -2 and x.max() < 3
    # Five standard errors of the mean and of the variance of 20,000 values.
    assert abs(x.mean() - 0.5) < 5 * 5 / 12**0.5 / 20000**0.5
    assert abs(x.var() - 25 / 12) < 0.1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normal_moments(dtype: str) -> None:
    x = random.normal(SHAPE, 1.0, 2.0, dtype, seed=2)
    assert x.dtype == dtype and np.isfinite(x).all()
    assert abs(x.mean() - 1) < 0.08 and abs(x.std() - 2) < 0.06


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_truncated_normal_bounds_and_moments(dtype: str) -> None:
    x = random.truncated_normal(SHAPE, 1.0, 2.0, dtype, seed=3)
    assert x.dtype == dtype
    assert x.min() >= -3 and x.max() <= 5
    assert abs(x.mean() - 1) < 0.08 and abs(x.std() - 2 * 0.8796) < 0.06


def test_randint_covers_its_range_evenly() -> None:
    x = random.randint(SHAPE, -3, 4, seed=4)
    values, counts = np.unique(x, return_counts=True)
    assert values.tolist() == list(range(-3, 4)) and x.dtype == "int32"
    assert abs(counts - 20000 / 7).max() < 300


def test_randint_over_a_wide_span() -> None:
    x = random.randint(SHAPE, -(2**30), 2**30 - 1, seed=4)
    assert x.min() < -(2**29) and x.max() > 2**29


@pytest.mark.parametrize("low, high", [(3, 3), (4, 3), (-(2**31), 2**31 - 1)])
def test_randint_refuses_bad_ranges(low: int, high: int) -> None:
    with pytest.raises(ArgumentError, match="minval"):
        random.randint((2,), low, high)


def test_dropout_scales_what_it_keeps() -> None:
    x = random.dropout(np.full(SHAPE, 3.0, "float32"), 0.25, seed=5)
    assert set(np.unique(x).tolist()) == {0.0, 4.0}
    assert abs((x == 0).mean() - 0.25) < 0.02


def test_dropout_of_nothing_of_all_and_by_rows() -> None:
    x = np.ones((50, 4), "float32")
    assert (random.dropout(x, 0.0) == 1).all() and (random.dropout(x, 1.0) == 0).all()
    y = np.asarray(random.dropout(x, 0.5, noise_shape=(None, 1), seed=1))
    assert (y == y[:, :1]).all() and 0 < (y == 0).mean() < 1
    with pytest.raises(ArgumentError, match="rate"):
        random.dropout(x, 1.5)


@pytest.mark.parametrize("draw", [random.uniform, random.normal, random.truncated_normal])
def test_one_size_is_a_shape(draw: Callable[..., Any]) -> None:
    assert (draw(5, seed=1) == draw((5,), seed=1)).all()
    assert random.randint(5, 0, 9, seed=1).shape == (5,)


def test_what_is_no_shape_is_told() -> None:
    with pytest.raises(ArgumentTypeError, match="shape: got None, expected whole numbers"):
        random.normal(None)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match=r"random, `shape`: got \(2, -1\), expected sizes of at"):
        random.uniform((2, -1))
    with pytest.raises(ArgumentTypeError, match="random.dropout, `rate`: got 'a' of type str"):
        random.dropout(np.ones(3), "a")  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match=r"`noise_shape`: got \(1,\) for inputs of shape \(2, 3\)"):
        random.dropout(np.ones((2, 3)), 0.5, noise_shape=(1,))
    with pytest.raises(ShapeError, match="`axis`: got 2 for an array of 2 axes"):
        random.shuffle(np.ones((2, 3)), axis=2)


def test_shuffle_keeps_rows_whole() -> None:
    x = np.arange(40).reshape(20, 2)
    y = np.asarray(random.shuffle(x, seed=6))
    assert (y != x).any() and (y[np.argsort(y[:, 0])] == x).all()


def test_categorical_odds() -> None:
    x = random.categorical(np.log([[0.2, 0.3, 0.5], [1e-9, 1.0, 1e-9]]), 5000, seed=7)
    assert x.shape == (2, 5000) and x.dtype == "int32"
    assert np.allclose(np.bincount(np.asarray(x[0])) / 5000, [0.2, 0.3, 0.5], atol=0.04)
    assert (x[1] == 1).all()
    with pytest.raises(ShapeError, match="two axes"):
        random.categorical(np.zeros(3), 2)


def test_categorical_never_draws_what_has_no_odds(monkeypatch: pytest.MonkeyPatch) -> None:
    least = lambda shape, *_: np.zeros(shape, np.float32)  # noqa: E731
    monkeypatch.setattr(random.draw.ops, "random_uniform", least)
    assert random.categorical([[-np.inf, 0.0]], 3).tolist() == [[1, 1, 1]]


def test_int_seed_repeats_and_generator_goes_on() -> None:
    assert (random.uniform((5,), seed=1) == random.uniform((5,), seed=1)).all()
    generator = random.SeedGenerator(1)
    first, second = random.uniform((5,), seed=generator), random.uniform((5,), seed=generator)
    assert (first == random.uniform((5,), seed=1)).all() and (first != second).any()
    assert (random.uniform((5,)) != random.uniform((5,))).any()


def test_bad_seed_and_dtype() -> None:
    with pytest.raises(ArgumentTypeError, match="random.normal, `seed`: got 'a'"):
        random.normal((2,), seed="a")
    with pytest.raises(DTypeError, match="random.uniform, `dtype`"):
        random.uniform((2,), dtype="int32")


def test_a_step_draws_what_eager_code_draws() -> None:
    eager, traced = random.SeedGenerator(9), random.SeedGenerator(9)
    x = input_node("x", (None, 3), "float32")
    with Trace() as trace:
        drawn = ops.add(random.normal((None, 3), seed=traced), ops.multiply(x, 0.0))
        kept = random.dropout(x, 0.5, seed=traced)
    graph = Graph((x,), (drawn, kept), tuple(trace.updates.items()))
    out = [np.zeros((6, 3), "float32"), np.zeros((6, 3), "float32")]
    data = np.ones((6, 3), "float32")
    ReferenceEngine().compile(graph, 4).run([data], np.arange(6), 3, out)
    for start in (0, 3):
        rows = slice(start, start + 3)
        assert (out[0][rows] == random.normal((3, 3), seed=eager)).all()
        assert (out[1][rows] == random.dropout(data[rows], 0.5, seed=eager)).all()
    assert traced.state.numpy().tolist() == eager.state.numpy().tolist() == [9, 4]
