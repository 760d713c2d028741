"""Layers frozen, reused and copied; nets that keep dropping out: as in Hands-On chapter 11."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import ranvier as keras
from ranvier.graph.errors import DataWarning

RNG = np.random.default_rng(3)
X = RNG.normal(size=(70, 4, 3)).astype("float32")
Y = RNG.integers(0, 3, 70)
SPARSE: dict[str, Any] = {
    "loss": "sparse_categorical_crossentropy", "optimizer": "sgd", "metrics": ["accuracy"]
}  # fmt: skip


def _net(dropout: Any = None) -> Any:
    layers = keras.layers
    model = keras.Sequential([
        layers.Flatten(input_shape=(4, 3)), layers.BatchNormalization(),
        layers.Dense(8, activation="relu", kernel_initializer="he_normal"),
        layers.BatchNormalization(), *([dropout] if dropout else []),
        layers.Dense(3, activation="softmax"),
    ])  # fmt: skip
    model.compile(**SPARSE)
    return model


def _copies(model: Any) -> list[np.ndarray]:
    return [w.copy() for w in model.get_weights()]


def _same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_a_net_with_batch_normalization_learns_and_answers_by_its_averages():
    model = _net()
    counts = [layer.count_params() for layer in model.layers]
    assert counts == [0, 48, 104, 32, 27]
    history = model.fit(X, Y, epochs=15, batch_size=32, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    normal = model.layers[1]
    assert [(v.name, v.trainable) for v in normal.variables] == [
        ("gamma", True), ("beta", True), ("moving_mean", False), ("moving_variance", False),
    ]  # fmt: skip
    flat = X.reshape(70, -1)
    assert np.abs(normal.moving_mean.numpy() - flat.mean(0)).max() < 0.3
    before = _copies(model)
    one = model.predict(X[:1], verbose=0)
    np.testing.assert_allclose(one, model.predict(X, verbose=0)[:1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(one, model(X[:1]), rtol=1e-5, atol=1e-6)
    model.evaluate(X, Y, verbose=0)
    assert _same(before, _copies(model))
    assert not np.allclose(model(X[:9], training=True), model(X[:9]), atol=1e-3)


def test_layers_of_another_net_frozen_then_trained():
    model_a = _net()
    model_a.fit(X, Y, epochs=2, verbose=0)
    model_b = keras.Sequential(model_a.layers[:-1])
    model_b.add(keras.layers.Dense(1, activation="sigmoid"))
    for layer in model_b.layers[:-1]:
        layer.trainable = False
    model_b.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(0.05))
    before, head = _copies(model_a), _copies(model_b.layers[-1])
    model_b.fit(X, Y > 0, epochs=2, verbose=0)
    assert _same(before, _copies(model_a)) and not _same(head, _copies(model_b.layers[-1]))
    for layer in model_b.layers[:-1]:
        layer.trainable = True
    model_b.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(0.05))
    model_b.fit(X, Y > 0, verbose=0)
    assert not _same(before[:-2], _copies(model_a)[:-2])  # the layers are shared


def test_a_copy_keeps_the_first_net_as_it_is():
    model_a = _net()
    model_a.fit(X, Y, verbose=0)
    clone = keras.models.clone_model(model_a)
    clone.set_weights(model_a.get_weights())
    np.testing.assert_array_equal(clone.predict(X, verbose=0), model_a.predict(X, verbose=0))
    before = _copies(model_a)
    model_b = keras.Sequential([*clone.layers[:-1], keras.layers.Dense(3, "softmax")])
    model_b.compile(**SPARSE)
    model_b.fit(X, Y, verbose=0)
    assert _same(before, _copies(model_a))


def test_trainable_counts_from_the_next_compile_on():
    model = _net()
    dense = model.layers[2]
    for layer, trains in ((dense, False), (model.layers[1], False)):
        layer.trainable = trains
    before = _copies(dense)
    with pytest.warns(
        DataWarning, match=r"'dense\w*' was|changed after compile.*compile\(\.\.\.\)"
    ):
        model.fit(X, Y, verbose=0)
    assert not _same(before, _copies(dense)) and dense.trainable is False
    model.fit(X[:50], Y[:50], batch_size=10, verbose=0)  # said once
    assert dense.kernel.trainable is False
    model.compile(**SPARSE)
    before = _copies(dense) + _copies(model.layers[1])
    model.fit(X, Y, verbose=0)
    assert _same(before, _copies(dense) + _copies(model.layers[1]))


def test_a_model_inside_can_be_frozen_whole():
    base = _net()
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(3, "softmax")])
    model.compile(**SPARSE)
    before = _copies(base)
    model.fit(X, Y, verbose=0)
    assert len(model.trainable_weights) == 2 and _same(before, _copies(base))


def test_monte_carlo_dropout():
    model = _net(keras.layers.Dropout(0.4))
    model.fit(X, Y, verbose=0)
    before = _copies(model)
    drawn = np.stack([np.asarray(model(X, training=True)) for _ in range(20)])
    assert drawn.std(0).max() > 0.01
    model.set_weights(before)

    class MCDropout(keras.layers.Dropout):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    mc_model = keras.Sequential([
        MCDropout(layer.rate) if isinstance(layer, keras.layers.Dropout) else layer
        for layer in model.layers
    ])  # fmt: skip
    mc_model.set_weights(model.get_weights())
    answers = [mc_model.predict(X[:1], verbose=0) for _ in range(10)]
    assert len({a.tobytes() for a in answers}) > 1
    np.testing.assert_allclose(np.sum(answers, -1), 1, rtol=1e-5)
    assert _same(before, _copies(model))  # nothing but the dropout trains


def test_a_clone_with_another_kind_of_dropout():
    class MCAlphaDropout(keras.layers.AlphaDropout):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    SELU = partial(keras.layers.Dense, activation="selu", kernel_initializer="lecun_normal")
    inputs = keras.Input((12,))
    hidden = keras.layers.AlphaDropout(rate=0.1)(SELU(30)(inputs))
    outputs = keras.layers.Dense(3, activation="softmax")(SELU(10)(hidden))
    model = keras.Model(inputs, outputs)
    model.compile(**SPARSE)
    flat = X.reshape(70, -1)
    model.fit(flat, Y, epochs=3, verbose=0)
    assert np.array_equal(model.predict(flat, verbose=0), model.predict(flat, verbose=0))

    def changed(layer):
        if isinstance(layer, keras.layers.AlphaDropout):
            return MCAlphaDropout(layer.rate)
        return type(layer).from_config(layer.get_config())

    other = keras.Input((12,), name="other")
    clone = keras.models.clone_model(model, input_tensors=other, clone_function=changed)
    clone.set_weights(model.get_weights())
    assert [type(layer).__name__ for layer in clone.layers][2] == "MCAlphaDropout"
    assert len({clone.predict(flat, verbose=0).tobytes() for _ in range(5)}) == 5


@pytest.mark.parametrize("kind", ["keras", "weights"])
def test_files_keep_the_averages(tmp_path, kind):
    model = _net()
    model.layers[3].trainable = False
    model.compile(**SPARSE)
    model.fit(X, Y, epochs=2, batch_size=16, verbose=0)
    expected = model.predict(X, verbose=0)
    if kind == "keras":
        model.save(tmp_path / "m.keras")
        again = keras.models.load_model(tmp_path / "m.keras")
        assert again.layers[3].trainable is False
    else:
        model.save_weights(tmp_path / "m.weights.h5")
        again = _net()
        again.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(again.predict(X, verbose=0), expected)
    assert _same(_copies(model), _copies(again))
