"""Code as the books have it, with one line changed: the import."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier as keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 8)) * [1, 2, 3, 1, 1, 1, 1, 1] + 5
Y = X @ RNG.normal(size=8) * 0.1
IMAGES = RNG.integers(0, 256, (120, 28, 28), dtype=np.uint8)
LABELS = RNG.integers(0, 10, 120).astype(np.uint8)


def test_one_dense_layer():
    scaled = (IMAGES / 255.0).reshape(-1, 28 * 28)
    dense = keras.layers.Dense(10, activation="softmax", input_shape=(784,))
    model = keras.Sequential(dense)
    model.compile(loss="sparse_categorical_crossentropy", metrics="accuracy")
    model.fit(scaled, LABELS, epochs=2, verbose=0)
    loss, accuracy = model.evaluate(scaled, LABELS, verbose=0)
    assert loss > 0
    assert 0 <= accuracy <= 1


def test_two_layers_added(capsys):
    model = keras.Sequential()
    model.add(keras.layers.Flatten(input_shape=(28, 28)))
    model.add(keras.layers.Dense(100, activation="relu"))
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(10, activation="softmax"))
    print(model.summary())
    assert capsys.readouterr().out.endswith("None\n")
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    early = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    history = model.fit(
        IMAGES / 255.0, LABELS, epochs=3, verbose=0, callbacks=[early],
        validation_data=(IMAGES / 255.0, LABELS),
    )  # fmt: skip
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert model.predict(IMAGES[:3] / 255.0, verbose=0).argmax(axis=-1).shape == (3,)
    assert np.array_equal(model.layers[1].get_weights()[0], model.layers[1].weights[0].numpy())


def test_normalization_first():
    norm_layer = keras.layers.Normalization(input_shape=X.shape[1:])
    model = keras.Sequential([norm_layer, keras.layers.Dense(20, activation="relu"),
                              keras.layers.Dense(1)])  # fmt: skip
    optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    model.compile(loss="mse", optimizer=optimizer, metrics=["RootMeanSquaredError"])
    norm_layer.adapt(X)
    history = model.fit(X, Y, epochs=10, validation_split=0.2, verbose=0).history
    mse, rmse = model.evaluate(X, Y, verbose=0)
    assert rmse == pytest.approx(mse**0.5, rel=1e-4)
    assert history["loss"][-1] < history["loss"][0] / 2


def test_wide_and_deep_as_a_class():
    class WideAndDeepModel(keras.Model):
        def __init__(self, units=30, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.norm_layer_wide = keras.layers.Normalization()
            self.norm_layer_deep = keras.layers.Normalization()
            self.hidden1 = keras.layers.Dense(units, activation=activation)
            self.hidden2 = keras.layers.Dense(units, activation=activation)
            self.main_output = keras.layers.Dense(1)
            self.aux_output = keras.layers.Dense(1)

        def call(self, inputs):
            input_wide, input_deep = inputs
            norm_wide = self.norm_layer_wide(input_wide)
            norm_deep = self.norm_layer_deep(input_deep)
            hidden2 = self.hidden2(self.hidden1(norm_deep))
            concat = keras.layers.concatenate([norm_wide, hidden2])
            return self.main_output(concat), self.aux_output(hidden2)

    model = WideAndDeepModel(10, activation="relu", name="my_cool_model")
    model.compile(
        loss=["mse", "mse"], loss_weights=[0.9, 0.1], optimizer="adam",
        metrics=["RootMeanSquaredError", "RootMeanSquaredError"],
    )  # fmt: skip
    wide, deep = X[:, :5], X[:, 2:]
    model.norm_layer_wide.adapt(wide)
    model.norm_layer_deep.adapt(deep)
    model.fit((wide, deep), (Y, Y), epochs=2, validation_data=((wide, deep), (Y, Y)), verbose=0)
    main, aux = model.predict((wide[:3], deep[:3]), verbose=0)
    assert main.shape == aux.shape == (3, 1)
    assert len(model.evaluate((wide, deep), (Y, Y), verbose=0)) == 5


def test_own_loss_and_metric():
    def huber_fn(y_true, y_pred):
        error = y_true - y_pred
        is_small_error = keras.ops.abs(error) < 1
        squared_loss = keras.ops.square(error) / 2
        return keras.ops.where(is_small_error, squared_loss, keras.ops.abs(error) - 0.5)

    class HuberMetric(keras.metrics.Metric):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.total = self.add_weight(name="total", initializer="zeros")
            self.count = self.add_weight(name="count", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            values = huber_fn(y_true, y_pred)
            self.total.assign_add(keras.ops.sum(values))
            self.count.assign_add(keras.ops.cast(keras.ops.size(y_true), "float32"))

        def result(self):
            return self.total / self.count

    model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(1)])
    model.compile(loss=huber_fn, optimizer="nadam", metrics=[HuberMetric()])
    history = model.fit(X, Y[:, None], epochs=2, batch_size=50, verbose=0).history
    assert history["huber_metric"] == pytest.approx(history["loss"], rel=1e-5)


def test_a_model_with_a_loss_and_a_metric_inside():
    class ReconstructingRegressor(keras.Model):
        def __init__(self, output_dim, **kwargs):
            super().__init__(**kwargs)
            self.hidden = [keras.layers.Dense(6, activation="relu") for _ in range(2)]
            self.out = keras.layers.Dense(output_dim)
            self.reconstruction_mean = keras.metrics.Mean(name="reconstruction_error")

        def build(self, batch_input_shape):
            self.reconstruct = keras.layers.Dense(batch_input_shape[-1])
            super().build(batch_input_shape)

        def call(self, inputs, training=None):
            z = inputs
            for layer in self.hidden:
                z = layer(z)
            loss = keras.ops.mean(keras.ops.square(self.reconstruct(z) - inputs))
            self.add_loss(0.05 * loss)
            if training:
                self.reconstruction_mean.update_state(loss)
            return self.out(z)

    model = ReconstructingRegressor(1)
    model.compile(loss="mse", optimizer="nadam")
    history = model.fit(X, Y, epochs=3, verbose=0).history
    assert sorted(history) == ["loss", "reconstruction_error"]
    assert history["reconstruction_error"][-1] < history["reconstruction_error"][0]


def test_monte_carlo_dropout():
    class MCDropout(keras.layers.Dropout):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    model = keras.Sequential([keras.layers.Input((8,)), MCDropout(0.5), keras.layers.Dense(1)])
    found = {float(model.predict(X[:1], verbose=0)[0, 0]) for _ in range(8)}
    assert len(found) > 1


def test_learning_rates_are_read_and_set():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(8,))])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=1e-3))
    factor = keras.callbacks.LambdaCallback(
        on_batch_end=lambda batch, logs: setattr(
            model.optimizer, "learning_rate", model.optimizer.learning_rate.numpy() * 1.1
        )
    )
    model.fit(X, Y, callbacks=[factor], verbose=0)
    assert model.optimizer.learning_rate.numpy() == pytest.approx(1e-3 * 1.1**7, rel=1e-5)
    assert keras.backend.get_value(model.optimizer.learning_rate) > 1e-3
