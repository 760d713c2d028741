"""SpectralNormalization: singular values, training on both engines, files, messages."""

import os
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import engines, random
from ranvier.engines.setting import SETTING
from ranvier.graph.errors import RanvierError
from ranvier.layers import Dense, Flatten, Input, SpectralNormalization

RNG = np.random.default_rng(0)
X = RNG.normal(size=(21, 5)).astype("float32")


def _largest(kernel: Any) -> float:
    return float(np.linalg.svd(np.asarray(kernel.numpy()), compute_uv=False)[0])


def test_the_largest_singular_value_becomes_one() -> None:
    layer = SpectralNormalization(Dense(4), power_iterations=50)
    before = np.asarray(layer(X))
    y = np.asarray(layer(X, training=True))
    assert _largest(layer.kernel) == pytest.approx(1, rel=1e-4)
    ratio = before / y
    np.testing.assert_allclose(ratio, ratio[0, 0], rtol=1e-3)
    np.testing.assert_allclose(layer(X), y, rtol=1e-6)
    assert layer.count_params() == 24 + 4 and len(layer.trainable_weights) == 2
    layer.kernel.assign(np.zeros((5, 4)))
    assert not np.isnan(np.asarray(layer(X, training=True))).any()


@pytest.mark.parametrize("engine", engines.NAMES)
def test_a_net_trains_and_is_saved(engine: str, tmp_path: Any) -> None:
    before = SETTING.engine
    engines.select(engine)
    try:
        random.set_random_seed(3)
        model = ranvier.Sequential([
            Input((5,)), SpectralNormalization(Dense(4, activation="tanh"), power_iterations=9),
            Dense(1),
        ])  # fmt: skip
        model.compile("sgd", "mse")
        losses = model.fit(X, X[:, 0], epochs=20, batch_size=8, verbose=0).history["loss"]
        assert losses[-1] < losses[0]
        # Divided, then moved by one small step.
        assert _largest(model.layers[0].kernel) == pytest.approx(1, abs=0.05)
        model.save(tmp_path / "m.keras")
        again = ranvier.models.load_model(tmp_path / "m.keras")
        np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    finally:
        SETTING.engine = before


def test_mistakes_are_told() -> None:
    with pytest.raises(RanvierError, match="`layer`: got 3, expected a layer"):
        SpectralNormalization(3)
    with pytest.raises(RanvierError, match="`power_iterations`: got 0"):
        SpectralNormalization(Dense(1), 0)
    with pytest.raises(RanvierError, match="got a Flatten, expected a layer with a `kernel`"):
        SpectralNormalization(Flatten())(X)


@pytest.mark.oracle
def test_one_call_is_that_of_keras() -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    mine = SpectralNormalization(Dense(4, name="inner"), power_iterations=2, name="outer")
    inner = keras.layers.Dense(4, name="inner")
    theirs = keras.layers.SpectralNormalization(inner, power_iterations=2, name="outer")
    mine(X)
    theirs(X)
    given = [RNG.normal(size=w.shape).astype("float32") for w in mine.weights]
    assert [w.path for w in mine.weights] == [w.path for w in theirs.weights]
    mine.set_weights(given)
    theirs.set_weights(given)
    for training in (True, True, False):
        a, b = mine(X, training=training), theirs(X, training=training)
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)
    for a, b in zip(mine.get_weights(), [w.value for w in theirs.weights], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    assert set(mine.get_config()) == set(theirs.get_config()) - {"quantization_config"}
