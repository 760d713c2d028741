"""Moving averages in place of the weights."""

from __future__ import annotations

import os

import numpy as np
import pytest

import ranvier as keras
from ranvier.callbacks import Callback, SwapEMAWeights
from ranvier.graph.errors import ArgumentError

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(64, 3)).astype("float32"), RNG.normal(size=(64, 1)).astype("float32")
START = [RNG.normal(size=(3, 1)).astype("float32"), np.zeros(1, "float32")]


def run(library, base, swap, ema=True, stop=None):
    """Train; return weights as hooks see them, and what came out."""
    seen = []

    class See(base):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(self.model.weights[0].numpy())
            self.model.stop_training = epoch == stop

    model = library.Sequential([library.layers.Input((3,)), library.layers.Dense(1)])
    model.compile(library.optimizers.SGD(0.1, use_ema=ema, ema_momentum=0.8), "mse")
    model.set_weights(START)
    history = model.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0,
                        validation_data=(X, Y), callbacks=[swap, See()])  # fmt: skip
    found = model.evaluate(X, Y, verbose=0, callbacks=[swap])
    if len(seen) == 3 and swap.swap_on_epoch:
        return [*seen, *history.history["val_loss"]]  # Keras on JAX has lost the weights by now
    weights = [w.numpy() for w in model.weights]
    return [*seen, *weights, *history.history["val_loss"], found]


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:__array__")
@pytest.mark.parametrize("on_epoch", [False, True])
def test_against_keras(on_epoch):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    oracle = pytest.importorskip("keras")
    theirs = run(oracle, oracle.callbacks.Callback, oracle.callbacks.SwapEMAWeights(on_epoch))
    ours = run(keras, Callback, SwapEMAWeights(on_epoch))
    for a, b in zip(ours, theirs, strict=True):
        assert np.allclose(a, b, rtol=1e-5, atol=1e-6)


def test_predictions_are_of_the_averages_and_weights_come_back():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(3,))])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8), "mse")
    swap = SwapEMAWeights()
    before = model.predict(X, verbose=0)
    assert np.array_equal(model.predict(X, verbose=0, callbacks=[swap]), before)
    model.train_on_batch(X, Y)
    model.train_on_batch(X, Y)
    weights, mean = model.get_weights(), model.optimizer._averages
    expected = X @ mean[0].numpy() + mean[1].numpy()
    assert np.allclose(model.predict(X, verbose=0, callbacks=[swap]), expected, atol=1e-6)
    assert all(map(np.array_equal, model.get_weights(), weights))


def test_training_that_stops_early_ends_with_the_averages():
    out = run(keras, Callback, SwapEMAWeights(True), stop=1)
    assert np.array_equal(out[1], out[2])  # what the last epoch's end saw is what fit left


def test_an_optimizer_without_averages():
    with pytest.raises(ArgumentError, match=r"SGD\(use_ema=True\)"):
        run(keras, Callback, SwapEMAWeights(), ema=False)
