"""Small models that any Keras from 2.15 on can make: saved, with what they predict.

Run by scripts/keras_files.py in the environment of each version; it takes the folder to write to.
"""

import importlib.metadata
import json
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402

try:
    from tensorflow import keras
except ImportError:
    import keras

VERSION = importlib.metadata.version("keras")
L, MODERN = keras.layers, not VERSION.startswith("2.")
RNG = np.random.default_rng(7)
X = RNG.random((8, 6)).astype("float32")
TWO = RNG.random((8, 2)).astype("float32")
PICTURES = RNG.random((8, 6, 6, 2)).astype("float32")
WORDS = RNG.integers(0, 9, (8, 5)).astype("int32")


@keras.utils.register_keras_serializable(package="tests")
class Scale(L.Layer):
    """A layer with a weight and an argument of its own."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.shift = self.add_weight(
            shape=(input_shape[-1],), initializer="glorot_uniform"
            if len(input_shape) > 2 else "ones", name="shift",
        )  # fmt: skip

    def call(self, inputs):
        return inputs * self.factor + self.shift

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@keras.utils.register_keras_serializable(package="tests")
class Book(keras.Model):
    """A model as a class: parts under attributes and in a list."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden, self.last = L.Dense(units, activation="tanh"), L.Dense(2)
        self.more = [L.Dense(units), L.Dense(units)]

    def call(self, inputs):
        x = self.hidden(inputs)
        for layer in self.more:
            x = layer(x)
        return self.last(x)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def stack():
    model = keras.Sequential([
        L.Input((6,)), L.Dense(4, activation="relu", kernel_regularizer="l2"),
        L.BatchNormalization(), L.Dense(2, activation="softmax", name="head"),
    ])  # fmt: skip
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy", keras.metrics.AUC()])
    return model, X, np.eye(2, dtype="float32")[WORDS[:, 0] % 2]


def network():
    """Several inputs and outputs, a shared layer, models in a model."""
    a, b = L.Input((6,), name="a"), L.Input((6,), name="b")
    shared = L.Dense(3, activation="tanh", name="shared")
    inner = keras.Sequential([L.Input((6,)), L.Dense(3), L.LeakyReLU()], name="inner")
    z = L.Input((3,))
    net = keras.Model(z, L.Dense(3, activation="sigmoid")(z), name="net")
    left = L.Add()([shared(a), inner(b)])
    right = L.Concatenate()([net(left), shared(b)])
    y = L.Dense(1, name="y")(net(L.Dense(3)(right)))
    model = keras.Model([a, b], [L.Dense(2, name="x")(right), y])
    model.compile("rmsprop", ["mse", "mae"], loss_weights=[1.0, 0.5])
    return model, [X, X[::-1].copy()], [TWO, TWO[:, :1]]


def steps():
    model = keras.Sequential([L.Input((6,)), L.Dense(3, activation="selu"), L.Dense(2)])
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        keras.losses.Huber(), metrics=[keras.metrics.RootMeanSquaredError()],
    )  # fmt: skip
    return model, X, TWO


def pictures():
    model = keras.Sequential([
        L.Input((6, 6, 2)), L.ZeroPadding2D(1), L.Conv2D(3, 3, activation="relu"),
        L.DepthwiseConv2D(2), L.MaxPooling2D(), L.SeparableConv2D(2, 2, padding="same"),
        L.Dropout(0.3), L.UpSampling2D(), L.Conv2DTranspose(2, 2), L.GlobalAveragePooling2D(),
        L.ELU(), L.Dense(2),
    ])  # fmt: skip
    model.compile("nadam", "mse")
    return model, PICTURES, TWO


def sequences():
    model = keras.Sequential([
        L.Input((5,), dtype="int32"), L.Embedding(9, 3, mask_zero=True),
        L.Bidirectional(L.LSTM(2, return_sequences=True)), L.GRU(3, return_sequences=True),
        L.TimeDistributed(L.Dense(2)), L.LayerNormalization(), L.SimpleRNN(3), L.Dense(2),
    ])  # fmt: skip
    model.compile("adamax", "mse")
    return model, WORDS, TWO


def tables():
    normal = L.Normalization()
    normal.adapt(X)
    model = keras.Sequential([
        L.Input((6,)), normal, L.Rescaling(0.5, offset=1.0), Scale(2.0), L.PReLU(), L.Dense(2)
    ])  # fmt: skip
    model.compile("adagrad", "mse")
    return model, X, TWO


def book():
    model = Book(4)
    model.compile("adam", "mse")
    return model, X, TWO


def operations():
    x = L.Input((6,))
    y = keras.ops.relu(x - 0.5) * 2.0 + keras.ops.mean(x, axis=-1, keepdims=True)
    model = keras.Model(x, L.Dense(2)(keras.ops.concatenate([y, 1.0 - x], axis=-1)))
    model.compile("lion", "mse")
    return model, X, TWO


MODELS = [stack, network, steps, pictures, sequences, tables, book, *([operations] * MODERN)]


def write(folder):
    """Save each model; record what it predicts, and what after one more epoch."""
    recorded = {}
    for make in MODELS:
        keras.utils.set_random_seed(3)
        keras.backend.clear_session()
        model, x, y = make()
        fit = {"batch_size": 4, "shuffle": False, "verbose": 0}
        name = make.__name__
        try:
            model.fit(x, y, epochs=2, **fit)
        except ValueError as error:  # Keras 3.6 cannot train where steps are masked
            print(f"{name}: {error}")
            continue
        for place, array in enumerate(x if isinstance(x, list) else [x]):
            recorded[f"{name}/x{place}"] = array
        for place, array in enumerate(y if isinstance(y, list) else [y]):
            recorded[f"{name}/target{place}"] = array
        model.save(os.path.join(folder, f"{name}.keras"))
        if make not in (book, operations):  # Keras 3 cannot read what it writes of operations
            path = os.path.join(folder, f"{name}.h5")
            try:
                model.save(path)
            except ValueError:  # until 3.10 Keras met its own names twice for some optimizers
                os.remove(path)
        if make in (stack, book):
            model.save_weights(os.path.join(folder, f"{name}.weights.h5"))
        for moment in ("before", "after"):
            found = model.predict(x, verbose=0)
            for place, array in enumerate(found if isinstance(found, list) else [found]):
                recorded[f"{name}/{moment}{place}"] = array
            if name == "pictures":
                break  # dropout draws others
            model.fit(x, y, epochs=1, **fit)
    np.savez(os.path.join(folder, "recorded.npz"), **recorded)
    with open(os.path.join(folder, "made_by.json"), "w") as file:
        json.dump({"keras": VERSION, "numpy": np.__version__}, file)


if __name__ == "__main__":
    write(sys.argv[1])
