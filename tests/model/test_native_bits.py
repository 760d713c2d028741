"""Networks of filters, pools, tables and recurrences: the same bits at any number of threads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import ranvier as keras
from ranvier.engines.native.choice import Choice
from ranvier.engines.setting import SETTING

layers = keras.layers

#: Sizes from which kernels are shared, none of them a multiple of a vector.
NETWORKS = {
    "filters": [
        layers.Input((15, 15, 3)),
        layers.Conv2D(17, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(19, 3, activation="elu", padding="same"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ],
    "filters that spread": [
        layers.Input((15, 15, 3)),
        layers.Conv2D(7, 3, activation="elu", padding="same"),
        layers.Conv2DTranspose(6, 3, strides=2, padding="same", activation="relu"),
        layers.DepthwiseConv2D(3, padding="same", activation="relu"),
        layers.SeparableConv2D(4, 3, padding="same"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    ],
    "small recurrence": [
        layers.Input((40,)),
        layers.Embedding(50, 16),
        layers.GRU(8),
        layers.Dense(10, activation="softmax"),
    ],
    "recurrence": [
        layers.Input((30,)),
        layers.Embedding(50, 40, mask_zero=True),
        layers.LSTM(96),
        layers.Dense(10, activation="softmax"),
    ],
}


@pytest.fixture(autouse=True)
def every_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Use all threads that may be used, even for short calls."""
    monkeypatch.setattr(Choice, "pick", lambda self, most, steps: (most, steps))
    before = SETTING.threads
    yield
    keras.config.set_threads(before)


@pytest.mark.parametrize("name", NETWORKS)
def test_training(name: str) -> None:
    results = []
    for threads in (1, 2, 3, 2):
        keras.utils.set_random_seed(7)
        keras.config.set_threads(threads)
        model = keras.models.clone_model(keras.Sequential(NETWORKS[name]))
        model.compile("adam", "sparse_categorical_crossentropy")
        rng = np.random.default_rng(0)
        shape = (70, *model.input_shape[1:])
        x = rng.integers(0, 50, shape) if "recurrence" in name else rng.normal(size=shape)
        history = model.fit(x, np.arange(70) % 10, batch_size=64, epochs=2, verbose=0)
        results.append([*model.get_weights(), np.array(history.history["loss"])])
    for other in results[1:]:
        for one, two in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, two)
