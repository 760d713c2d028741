"""Code in the manner of Hands-On's chapter 11 that other files here do not have."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier as keras
from tests.books.text import counts, text

layers = keras.layers
RNG = np.random.default_rng(0)
IMAGES, LABELS = RNG.random((64, 28, 28)), RNG.integers(0, 10, 64)


@pytest.fixture(autouse=True)
def session():
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)


def test_batch_normalization_between_layers():
    model = keras.Sequential([layers.Flatten(input_shape=[28, 28]), layers.BatchNormalization()])
    for units in (300, 100):
        model.add(layers.Dense(units, activation="relu", kernel_initializer="he_normal"))
        model.add(layers.BatchNormalization())
    model.add(layers.Dense(10, activation="softmax"))
    assert counts(model) == ["0", "3,136", "235,500", "1,200", "30,100", "400", "1,010"]
    for line in ("Total params: 271,346 (1.04 MB)", "Trainable params: 268,978 (1.03 MB)",
                 "Non-trainable params: 2,368 (9.25 KB)"):  # fmt: skip
        assert line in text(model)
    assert [(v.name, v.trainable) for v in model.layers[1].variables] == [
        ("gamma", True), ("beta", True), ("moving_mean", False), ("moving_variance", False)
    ]  # fmt: skip
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics="accuracy")
    loss = model.fit(IMAGES, LABELS, epochs=3, verbose=0).history["loss"]
    assert loss[-1] < loss[0]


def test_leaky_units_by_either_name():
    x = np.float32([[-1, 2]])
    assert layers.LeakyReLU(alpha=0.2)(x).numpy().tolist() == [[np.float32(-0.2), 2]]
    assert layers.LeakyReLU(negative_slope=0.2)(x).numpy().tolist() == [[np.float32(-0.2), 2]]
    dense = layers.Dense(4, activation=layers.LeakyReLU(alpha=0.2), kernel_initializer="he_normal")
    assert dense(x).shape == (1, 4)


@pytest.mark.parametrize("kind", [layers.Dropout, layers.AlphaDropout])
def test_dropout_that_stays_at_prediction(kind):
    class MCDropout(kind):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    model = keras.Sequential(
        [
            layers.Flatten(input_shape=[28, 28]),
            layers.Dense(20, activation="selu", kernel_initializer="lecun_normal"),
            kind(rate=0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="nadam", metrics=["accuracy"])
    model.fit(IMAGES, LABELS, verbose=0)
    mc_model = keras.Sequential(
        [MCDropout(layer.rate) if isinstance(layer, kind) else layer for layer in model.layers]
    )
    mc_model.set_weights(model.get_weights())
    several = np.stack([mc_model.predict(IMAGES[:3], verbose=0) for _ in range(4)])
    assert several.std(axis=0).max() > 0
    calm = np.stack([model.predict(IMAGES[:3], verbose=0) for _ in range(2)])
    assert calm.std(axis=0).max() == 0
    eager = np.stack([model(IMAGES[:3], training=True) for _ in range(4)])
    assert eager.shape == (4, 3, 10) and eager.std(axis=0).max() > 0
