"""Figures of the books that need no training: shapes, counts, names, keys."""

from __future__ import annotations

import types

import numpy as np
import pytest

import ranvier as keras

# What the books write as tf.keras.
tf = types.SimpleNamespace(keras=keras)
layers = keras.layers
RNG = np.random.default_rng(0)
X = RNG.normal(size=(96, 8))
Y = RNG.normal(size=96)


@pytest.fixture(autouse=True)
def session():
    keras.backend.clear_session()
    keras.utils.set_random_seed(42)


@pytest.mark.parametrize(
    ("inputs", "units", "dropout", "counts", "size"),
    [
        ((100,), [10], None, [1_010], "3.95 KB"),
        ((784,), [10], None, [7_850], "30.66 KB"),
        ((784,), [100, 10], None, [78_500, 1_010], "310.59 KB"),
        ((28, 28), [100, 10], 0.3, [0, 78_500, 0, 1_010], "310.59 KB"),
        ((28, 28), [300, 100, 10], None, [0, 235_500, 30_100, 1_010], "1.02 MB"),
        ((784,), [100, 100, 10], None, [78_500, 10_100, 1_010], "350.04 KB"),
    ],
)
def test_parameters(inputs, units, dropout, counts, size):
    model = keras.Sequential([layers.Input(shape=inputs)])
    if len(inputs) > 1:
        model.add(layers.Flatten())
    for n in units[:-1]:
        model.add(layers.Dense(n, activation="relu"))
        if dropout:
            model.add(layers.Dropout(dropout))
    model.add(layers.Dense(units[-1], activation="softmax"))
    assert [layer.count_params() for layer in model.layers] == counts
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    text = "".join(lines)
    assert f"Total params: {sum(counts):,} ({size})" in text
    assert "Non-trainable params: 0 (0.00 B)" in text
    assert text.count("(None, 784)") == (len(inputs) > 1)


def test_names_weights_and_layers():
    model = tf.keras.Sequential(
        [
            tf.keras.layers.Flatten(input_shape=[28, 28]),
            tf.keras.layers.Dense(300, activation="relu"),
            tf.keras.layers.Dense(100, activation="relu"),
            tf.keras.layers.Dense(10, activation="softmax"),
        ]
    )
    hidden = model.layers[1]
    assert hidden.name == "dense" and model.get_layer("dense") is hidden
    weights, biases = hidden.get_weights()
    assert weights.shape == (784, 300) and biases.shape == (300,)
    assert (biases == 0).all() and len(np.unique(weights)) > 200_000
    assert repr(model.layers[1]) == "<Dense name=dense, built=True>"


def test_history_of_a_fit():
    model = keras.Sequential([layers.Dense(1, input_shape=(8,))])
    model.compile(loss="mse", optimizer="sgd", metrics=["RootMeanSquaredError"])
    history = model.fit(X, Y, epochs=3, validation_data=(X, Y), verbose=0)
    assert history.params == {"verbose": 0, "epochs": 3, "steps": 3}
    assert history.epoch == [0, 1, 2]
    assert list(history.history) == ["RootMeanSquaredError", "loss", "val_RootMeanSquaredError",
                                     "val_loss"]  # fmt: skip


def functional(several: bool) -> keras.Model:
    wide, deep = layers.Input(shape=[5]), layers.Input(shape=[6])
    norm_wide, norm_deep = layers.Normalization()(wide), layers.Normalization()(deep)
    hidden1 = layers.Dense(30, activation="relu")(norm_deep)
    hidden2 = layers.Dense(30, activation="relu")(hidden1)
    output = layers.Dense(1)(layers.concatenate([norm_wide, hidden2]))
    outputs = [output, layers.Dense(1)(hidden2)] if several else [output]
    return keras.Model(inputs=[wide, deep], outputs=outputs)


def test_wide_and_deep_with_one_input():
    normal, given = layers.Normalization(), layers.Input(shape=(8,))
    x = normal(given)
    hidden = layers.Dense(30, activation="relu")(layers.Dense(30, activation="relu")(x))
    joined = layers.Concatenate()([x, hidden])
    model = keras.Model(inputs=[given], outputs=[layers.Dense(1)(joined)])
    assert joined.shape == (None, 38)
    assert [layer.count_params() for layer in model.layers] == [0, 17, 270, 930, 0, 39]
    trained = sum(v.numpy().size for v in model.trainable_variables)
    assert (model.count_params(), trained) == (1_256, 1_239)
    normal.adapt(X)
    model.compile(loss="mse", optimizer="adam")
    assert model.predict(X[:3], verbose=0).shape == (3, 1)


def test_keys_of_two_outputs():
    model = functional(several=True)
    model.compile(loss=("mse", "mse"), loss_weights=(0.9, 0.1), optimizer="adam",
                  metrics=["RootMeanSquaredError", "RootMeanSquaredError"])  # fmt: skip
    data = (X[:, :5], X[:, 2:]), (Y, Y)
    found = model.fit(*data, validation_data=data, verbose=0).history
    keys = ["dense_2_RootMeanSquaredError", "dense_2_loss", "dense_3_RootMeanSquaredError",
            "dense_3_loss", "loss"]  # fmt: skip
    assert list(found) == keys + [f"val_{key}" for key in keys]
    total, main_loss, aux_loss, main_rmse, aux_rmse = model.evaluate(*data, verbose=0)
    assert total == pytest.approx(0.9 * main_loss + 0.1 * aux_loss, rel=1e-5)
    assert (main_rmse, aux_rmse) == pytest.approx((main_loss**0.5, aux_loss**0.5), rel=1e-5)
    assert model.output_names == ["dense_2", "dense_3"]
    main, aux = model.predict(data[0], verbose=0)
    assert main.shape == aux.shape == (96, 1)
    assert functional(several=False).predict(data[0], verbose=0).shape == (96, 1)


def test_parts_on_their_own():
    one_hot = keras.utils.to_categorical([0, 5, 1, 0], num_classes=10)
    assert one_hot.argmax(axis=1).tolist() == [0, 5, 1, 0] and one_hot.sum() == 4
    precision = keras.metrics.Precision()
    assert precision([0, 1, 1, 1, 0, 1, 0, 1], [1, 1, 0, 1, 0, 1, 0, 1]).numpy() == np.float32(0.8)
    assert precision([0, 1, 0, 0, 1, 0, 1, 1], [1, 0, 1, 1, 0, 0, 0, 0]).numpy() == 0.5
    assert [float(np.sum(v.numpy())) for v in precision.variables] == [4, 4]
    assert precision.variables[0].path == "precision/true_positives"
    exponential = layers.Lambda(lambda x: keras.ops.exp(x))
    expected = [0.36787945, 1.0, 2.7182817]
    np.testing.assert_allclose(exponential(np.array([-1.0, 0.0, 1.0])), expected, rtol=3e-7)

    class MyMultiLayer(keras.layers.Layer):
        def call(self, inputs):
            a, b = inputs
            return a + b, a * b, a / b

    a, b = np.array([[3.0, 6.0], [2.0, 7.0]]), np.array([[6.0, 12.0], [4.0, 3.0]])
    total, product, ratio = MyMultiLayer()((a, b))
    assert total.tolist() == [[9, 18], [6, 10]] and product.tolist() == [[18, 72], [8, 21]]
    assert ratio.numpy()[0].tolist() == [0.5, 0.5]


def test_transfer_learning():
    first = keras.Sequential(
        [
            layers.Flatten(input_shape=[28, 28]),
            *(layers.Dense(100, activation="relu", kernel_initializer="he_normal") for _ in "abc"),
            layers.Dense(8, activation="softmax"),
        ]
    )
    copy = keras.models.clone_model(first)
    copy.set_weights(first.get_weights())
    model = keras.Sequential(copy.layers[:-1])
    model.add(layers.Dense(1, activation="sigmoid"))
    images, labels = RNG.random((64, 28, 28)), RNG.integers(0, 2, 64).astype(np.float32)
    assert model(images).shape == (64, 1)

    def changed() -> list[bool]:
        model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.SGD(0.01),
                      metrics=["accuracy"])  # fmt: skip
        before = model.get_weights()
        model.fit(images, labels, epochs=2, verbose=0)
        return [bool((a != b).any()) for a, b in zip(before, model.get_weights(), strict=True)]

    for layer in model.layers[:-1]:
        layer.trainable = False
    assert changed() == [False] * 6 + [True] * 2
    for layer in model.layers[:-1]:
        layer.trainable = True
    assert changed() == [True] * 8
    for a, b in zip(first.get_weights()[:6], copy.get_weights()[:6], strict=True):
        assert (a != b).any()


def test_rates_set_by_callbacks():
    class Exponential(keras.callbacks.Callback):
        def __init__(self, factor: float) -> None:  # no super().__init__(), as in the book
            self.factor, self.rates, self.losses = factor, [], []

        def on_batch_end(self, batch, logs=None):
            rate = self.model.optimizer.learning_rate.numpy() * self.factor
            self.rates.append(keras.backend.get_value(self.model.optimizer.learning_rate))
            self.losses.append(logs["loss"])
            self.model.optimizer.learning_rate = rate

    class Ratio(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs):
            print(f"Epoch={epoch}, val/train={logs['val_loss'] / logs['loss']:.2f}")

    model = keras.Sequential([layers.Dense(1, input_shape=(8,))])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=1e-3))
    rates = Exponential(2.0)
    model.fit(X, Y, epochs=1, validation_data=(X, Y), callbacks=[rates, Ratio()], verbose=0)
    np.testing.assert_allclose(rates.rates, [1e-3, 2e-3, 4e-3], rtol=1e-6)
    assert len(rates.losses) == 3
    keras.backend.set_value(model.optimizer.learning_rate, 0.5)
    assert float(model.optimizer.learning_rate) == model.optimizer.learning_rate.numpy() == 0.5
