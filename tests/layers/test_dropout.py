"""Dropout and its kin: shares, means, masks."""

from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import RanvierError, ShapeError
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


@pytest.mark.parametrize("layer", [Dropout, AlphaDropout])
def test_a_noise_shape_has_the_axes_of_the_inputs(layer: type) -> None:
    with pytest.raises(ShapeError, match=r"`noise_shape`: got \(1,\) for inputs of shape"):
        layer(0.5, noise_shape=(1,))(ONES, training=True)


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


@pytest.mark.parametrize(
    ("name", "arguments", "shape", "shared"),
    [
        ("SpatialDropout1D", {}, (40, 6, 20), (1,)),
        ("SpatialDropout2D", {}, (40, 3, 2, 20), (1, 2)),
        ("SpatialDropout2D", {"data_format": "channels_first"}, (40, 20, 3, 2), (2, 3)),
        ("SpatialDropout3D", {}, (40, 2, 3, 2, 20), (1, 2, 3)),
        ("SpatialDropout3D", {"data_format": "channels_first"}, (40, 20, 2, 3, 2), (2, 3, 4)),
    ],
)
def test_spatial_dropout_drops_whole_maps(
    name: str, arguments: dict[str, Any], shape: tuple[int, ...], shared: tuple[int, ...]
) -> None:
    layer = getattr(layers, name)(0.3, seed=1, **arguments)
    y = np.asarray(layer(np.ones(shape, np.float32), training=True))
    assert (y == y.max(shared, keepdims=True)).all()
    assert abs((y == 0).mean() - 0.3) < 0.06 and set(np.unique(y)) == {0.0, np.float32(1 / 0.7)}
    assert (np.asarray(layer(np.ones(shape))) == 1).all()
    with pytest.raises(RanvierError, match="ndim|axes"):
        layer(np.ones((2, 2)))


@pytest.mark.parametrize("cls", [Dropout, AlphaDropout, GaussianDropout, GaussianNoise])
def test_nothing_waits_to_be_built(cls: Any) -> None:
    class Mine(cls):
        def build(self, input_shape: Any) -> None:
            self.factor = self.add_weight((), "ones")

    assert cls(0.5).built and not Mine(0.5).built
    layer = Mine(0.5)
    layer(ONES)
    assert layer.built and layer.count_params() == 1
