"""Dropout and its kin: shares, means, masks."""

import numpy as np
import pytest

from ranvier.layers import AlphaDropout, Dropout, GaussianDropout, GaussianNoise

ONES = np.ones((200, 50), np.float32)


def test_dropout_drops_its_share_and_keeps_the_mean() -> None:
    y = np.asarray(Dropout(0.3, seed=1)(ONES, training=True))
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.7)}
    assert abs((y == 0).mean() - 0.3) < 0.02 and abs(y.mean() - 1) < 0.02


def test_every_call_draws_anew_and_one_seed_draws_the_same() -> None:
    a, b = Dropout(0.5, seed=5), Dropout(0.5, seed=5)
    first, second = a(ONES, training=True), a(ONES, training=True)
    assert (first != second).any() and (b(ONES, training=True) == first).all()
    assert (Dropout(0.5)(ONES, training=True) != Dropout(0.5)(ONES, training=True)).any()


def test_a_noise_shape_shares_the_mask() -> None:
    y = np.asarray(Dropout(0.5, noise_shape=(None, 1), seed=1)(ONES, training=True))
    assert (y == y[:, :1]).all() and len(np.unique(y)) == 2


@pytest.mark.parametrize("rate", [0, 1, np.float32(0.5)])
def test_the_ends_of_the_range(rate: float) -> None:
    y = np.asarray(Dropout(rate)(ONES, training=True))
    assert abs((y == 0).mean() - rate) < 0.02 and np.isfinite(y).all()
    assert np.isfinite(AlphaDropout(rate)(ONES, training=True)).all()


def test_noise_has_the_spread_asked_for() -> None:
    noise = np.asarray(GaussianNoise(0.5, seed=1)(ONES * 0, training=True))
    assert abs(noise.mean()) < 0.02 and abs(noise.std() - 0.5) < 0.02
    factor = np.asarray(GaussianDropout(0.2, seed=1)(ONES, training=True))
    assert abs(factor.mean() - 1) < 0.02 and abs(factor.std() - 0.5) < 0.02


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).normal(size=(400, 50)).astype("float32")
    y = np.asarray(AlphaDropout(0.3, seed=1)(x, training=True))
    assert abs(y.mean()) < 0.03 and abs(y.std() - 1) < 0.03
