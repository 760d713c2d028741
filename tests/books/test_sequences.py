"""Code in the manner of Hon-gong's chapter 9 and Hands-On's chapter 15, and its figures."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier as keras
from ranvier.preprocessing.sequence import pad_sequences
from tests.books.text import rows, text

layers = keras.layers
RNG = np.random.default_rng(0)
REVIEWS = [list(map(int, RNG.integers(1, 200, n))) for n in RNG.integers(20, 150, 40)]
TARGET = RNG.integers(0, 2, 40)
SERIES = RNG.random((90, 5)).astype("float32")
LENGTH = 28


@pytest.fixture(autouse=True)
def session():
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)


# --- Hon-gong, chapter 9 ------------------------------------------------------------------------
ROWS = {
    "SimpleRNN on one-hot words": (
        [layers.SimpleRNN, (100, 200), None], [("SimpleRNN", "(None, 8)", "1,672")],
        "1,681 (6.57 KB)",
    ),
    "SimpleRNN": (
        [layers.SimpleRNN, (100,), 200],
        [("Embedding", "(None, 100, 16)", "3,200"), ("SimpleRNN", "(None, 8)", "200")],
        "3,409 (13.32 KB)",
    ),
    "LSTM": (
        [layers.LSTM, (100,), 500],
        [("Embedding", "(None, 100, 16)", "8,000"), ("LSTM", "(None, 8)", "800")],
        "8,809 (34.41 KB)",
    ),
    "two of LSTM": (
        [layers.LSTM, (100,), 500, "twice"],
        [("Embedding", "(None, 100, 16)", "8,000"), ("LSTM", "(None, 100, 8)", "800"),
         ("LSTM", "(None, 8)", "544")],
        "9,353 (36.54 KB)",
    ),
    "GRU": (
        [layers.GRU, (100,), 500],
        [("Embedding", "(None, 100, 16)", "8,000"), ("GRU", "(None, 8)", "624")],
        "8,633 (33.72 KB)",
    ),
}  # fmt: skip


def reviewer(kind, shape, words, twice=False):
    """A network on reviews: of words one-hot, or embedded by their numbers."""
    model = keras.Sequential()
    model.add(layers.Input(shape=shape))
    if words:
        model.add(layers.Embedding(words, 16))
    if twice:
        model.add(kind(8, dropout=0.3, return_sequences=True))
    model.add(kind(8, dropout=0.3))
    model.add(layers.Dense(1, activation="sigmoid"))
    return model


@pytest.mark.parametrize("row", ROWS)
def test_summary_and_training_of_reviewers(row):
    arguments, printed, total = ROWS[row]
    model = reviewer(*arguments)
    assert rows(model) == [*printed, ("Dense", "(None, 1)", "9")]
    assert f" Total params: {total}" in text(model)
    x = pad_sequences(REVIEWS, maxlen=100)
    assert x.shape == (40, 100) and x[0].tolist()[-1] == REVIEWS[0][-1]
    if len(arguments[1]) == 2:
        x = keras.utils.to_categorical(x, num_classes=200)
        assert x.shape == (40, 100, 200) and np.sum(x[0][0]) == 1
    rmsprop = keras.optimizers.RMSprop(learning_rate=1e-4)
    model.compile(optimizer=rmsprop, loss="binary_crossentropy", metrics=["accuracy"])
    found = model.fit(x[:32], TARGET[:32], batch_size=16, validation_data=(x[32:], TARGET[32:]),
                      verbose=0).history  # fmt: skip
    assert list(found) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert found["loss"][0] == pytest.approx(np.log(2), abs=0.1)


@pytest.mark.parametrize("length", [{"input_shape": (100,)}, {"input_length": 100}], ids=str)
def test_the_older_edition_gives_the_embedding_its_length(length, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = keras.Sequential()
    model.add(layers.Embedding(300, 16, **length))
    model.add(layers.SimpleRNN(8))
    model.add(layers.Dense(1, activation="sigmoid"))
    assert model.count_params() == 4_800 + 200 + 9
    model.compile(loss="binary_crossentropy", metrics=["accuracy"])
    model.save("best-embedding-model.keras")
    again = keras.models.load_model("best-embedding-model.keras")
    x = pad_sequences(REVIEWS, maxlen=100)
    assert again.evaluate(x, TARGET, verbose=0) == model.evaluate(x, TARGET, verbose=0)


# --- Hands-On, chapter 15 -----------------------------------------------------------------------
def windows(target, **more):
    """Windows of a series, each with what follows."""
    return keras.utils.timeseries_dataset_from_array(
        SERIES, targets=target[LENGTH:], sequence_length=LENGTH, batch_size=16, **more)  # fmt: skip


@pytest.mark.parametrize("outputs", [1, 2])
def test_forecasts_of_several_series(outputs):
    target = SERIES[:, 1] if outputs == 1 else SERIES[:, :2]
    train, valid = windows(target, shuffle=True, seed=42), windows(target)
    model = keras.Sequential([layers.SimpleRNN(32, input_shape=[None, 5]), layers.Dense(outputs)])
    assert rows(model)[0] == ("SimpleRNN", "(None, 32)", "1,216")
    early = keras.callbacks.EarlyStopping(monitor="val_mae", patience=50,
                                          restore_best_weights=True)  # fmt: skip
    model.compile(loss=keras.losses.Huber(), metrics=["mae"],
                  optimizer=keras.optimizers.SGD(learning_rate=0.02, momentum=0.9))  # fmt: skip
    model.fit(train, validation_data=valid, epochs=2, callbacks=[early], verbose=0)
    loss, mae = model.evaluate(valid, verbose=0)
    assert 0 < loss < mae < 0.6
    assert model.predict(SERIES[None, :LENGTH], verbose=0).shape == (1, outputs)
    assert model.predict(SERIES[None, :40], verbose=0).shape == (1, outputs)


def test_a_cell_of_ones_own_from_sequence_to_sequence():
    class LnSimpleRNNCell(keras.layers.Layer):
        def __init__(self, units, activation="tanh", **kwargs):
            super().__init__(**kwargs)
            self.state_size = self.output_size = units
            self.simple_rnn_cell = keras.layers.SimpleRNNCell(units, activation=None)
            self.layer_norm = keras.layers.LayerNormalization()
            self.activation = keras.activations.get(activation)

        def call(self, inputs, states):
            outputs, _ = self.simple_rnn_cell(inputs, states)
            norm_outputs = self.activation(self.layer_norm(outputs))
            return norm_outputs, [norm_outputs]

    cell = layers.RNN(LnSimpleRNNCell(8), return_sequences=True, input_shape=[None, 5])
    model = keras.Sequential([cell, layers.Dense(14)])
    assert model.count_params() == (5 * 8 + 8 * 8 + 8) + 2 * 8 + (8 * 14 + 14)
    model.compile(loss=keras.losses.Huber(), optimizer="sgd", metrics=["mae"])
    x, y = RNG.random((24, 12, 5)), RNG.random((24, 12, 14))
    history = model.fit(x, y, epochs=3, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]
    assert model.predict(x[:1, :7], verbose=0)[:, -1, :].shape == (1, 14)


def test_convolution_before_a_recurrence():
    model = keras.Sequential(
        [
            layers.Conv1D(filters=32, kernel_size=4, strides=2, activation="relu",
                          input_shape=[None, 5]),
            layers.GRU(32, return_sequences=True),
            layers.Dense(14),
        ]
    )  # fmt: skip
    assert rows(model) == [
        ("Conv1D", "(None, None, 32)", "672"), ("GRU", "(None, None, 32)", "6,336"),
        ("Dense", "(None, None, 14)", "462"),
    ]  # fmt: skip
    model.compile(loss=keras.losses.Huber(), optimizer="sgd", metrics=["mae"])
    x, y = RNG.random((16, 20, 5)), RNG.random((16, 20, 14))
    assert np.isfinite(model.fit(x, y[:, 3::2], verbose=0).history["mae"][0])


def test_wavenet():
    model = keras.Sequential()
    model.add(layers.InputLayer(input_shape=[None, 5]))
    for rate in (1, 2, 4, 8) * 2:
        model.add(layers.Conv1D(filters=32, kernel_size=2, padding="causal", activation="relu",
                                dilation_rate=rate))  # fmt: skip
    model.add(layers.Conv1D(filters=14, kernel_size=1))
    assert [n for *_, n in rows(model)] == ["352", *["2,080"] * 7, "462"]
    x = RNG.random((2, 30, 5)).astype("float32")
    late = x.copy()
    late[:, 20:] += 1  # what comes later changes nothing before
    a, b = model.predict(x, verbose=0), model.predict(late, verbose=0)
    assert a.shape == (2, 30, 14)
    np.testing.assert_allclose(a[:, :20], b[:, :20], atol=1e-6)
    assert (a[:, 20:] != b[:, 20:]).any()


def test_wavenet_with_gates_and_skips():
    class GatedActivationUnit(keras.layers.Layer):
        def __init__(self, activation="tanh", **kwargs):
            super().__init__(**kwargs)
            self.activation = keras.activations.get(activation)

        def call(self, inputs):
            half = inputs.shape[-1] // 2
            return self.activation(inputs[..., :half]) * keras.activations.sigmoid(
                inputs[..., half:])  # fmt: skip

    inputs = layers.Input(shape=[None, 5])
    z = layers.Conv1D(16, kernel_size=2, padding="causal")(inputs)
    skips = []
    for rate in (1, 2, 4):
        gated = layers.Conv1D(32, kernel_size=2, padding="causal", dilation_rate=rate)(z)
        skips.append(layers.Conv1D(16, kernel_size=1)(GatedActivationUnit()(gated)))
        z = layers.Add()([skips[-1], z])
    z = keras.activations.relu(layers.Add()(skips))
    z = layers.Conv1D(14, kernel_size=1, activation="softmax")(z)
    model = keras.Model(inputs=[inputs], outputs=[z])
    model.compile(loss="sparse_categorical_crossentropy", optimizer="nadam",
                  metrics=["sparse_top_k_categorical_accuracy"])  # fmt: skip
    x, y = RNG.random((16, 20, 5)), RNG.integers(0, 14, (16, 20))
    found = model.fit(x, y, epochs=3, verbose=0).history
    assert list(found) == ["loss", "sparse_top_k_categorical_accuracy"]
    assert found["loss"][-1] < found["loss"][0]
