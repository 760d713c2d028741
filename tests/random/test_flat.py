"""Flat draws: moments and bounds, words used in order, and permutations."""

import numpy as np
import pytest

from ranvier import random
from ranvier.graph.errors import ArgumentError
from ranvier.random.flat import flat_bits
from ranvier.random.seed import PERMUTATION_STREAM

STATE = np.array([11, 2], np.uint32)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "draw, mean, std",
    [
        (random.flat_uniform, 0.5, 12**-0.5),
        (random.flat_normal, 0.0, 1.0),
        (random.flat_truncated_normal, 0.0, 0.87962566),
    ],
)
def test_moments(draw: object, mean: float, std: float, dtype: str) -> None:
    x = draw((201, 333), STATE, dtype)  # type: ignore[operator]
    assert x.shape == (201, 333) and x.dtype == dtype
    assert abs(x.mean() - mean) < 0.02 and abs(x.std() - std) < 0.02
    assert len(np.unique(x)) > 0.99 * x.size


def test_a_longer_draw_begins_like_a_shorter_one() -> None:
    assert (flat_bits(1003, STATE, 2)[:10] == flat_bits(10, STATE, 2)).all()
    assert (flat_bits(10, STATE, 2) != flat_bits(10, STATE, 3)).all()


def test_truncated_normal_follows_the_quantiles() -> None:
    # P(X < 1 | |X| < 2) = (0.841345 - 0.022750) / 0.954500
    x = random.flat_truncated_normal((100_000,), STATE, "float64")
    assert abs((x < 1).mean() - 0.857617) < 0.006
    assert abs(x).max() <= 2 and abs(x).max() > 1.99


@pytest.mark.parametrize("n", [0, 1, 2, 5, 60_000])
def test_permutation_holds_each_index_once(n: int) -> None:
    order = random.permutation(n, 3, 4)
    assert order.dtype == np.int64 and (np.sort(order) == np.arange(n)).all()


def test_permutation_sorts_random_bits() -> None:
    state = np.array([3, 4], np.uint32)
    bits = flat_bits(400_000, state, PERMUTATION_STREAM)
    assert len(np.unique(bits)) < len(bits)  # equal ones keep their order
    assert (random.permutation(len(bits), 3, 4) == np.lexsort((np.arange(len(bits)), bits))).all()


def test_permutation_depends_on_seed_and_epoch_alone() -> None:
    order = random.permutation(1000, 3, 4)
    assert (order == random.permutation(1000, 3, 4)).all()
    assert (order != random.permutation(1000, 3, 5)).any()
    assert (order != random.permutation(1000, 4, 4)).any()
    assert abs(np.corrcoef(order, np.arange(1000))[0, 1]) < 0.15


def test_permutation_recorded() -> None:
    # These orders are part of what a seed means: they may not change from version to version.
    assert random.permutation(8, seed=1, epoch=0).tolist() == RECORDED


def test_permutation_refuses() -> None:
    with pytest.raises(ArgumentError, match="permutation, `n`: got -1"):
        random.permutation(-1, 0)


RECORDED = [3, 4, 6, 0, 7, 5, 1, 2]
