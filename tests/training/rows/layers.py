"""Rows of the training table: layers before, between and after dense ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.training.data import LABELS, NUMBER, PICTURES, X
from tests.training.net import plain
from tests.training.row import Row

_SCCE = plain("sparse_categorical_crossentropy", metrics=["accuracy"])
_SLOW = plain("sparse_categorical_crossentropy", 0.02, metrics=["accuracy"])
_MSE = plain("mse", 0.02, metrics=["mae"])


def _pictures(k: Any) -> Any:
    return k.Sequential([
        k.layers.Rescaling(1 / 255.0, offset=-0.5, input_shape=(3, 5)),
        k.layers.Flatten(),
        k.layers.Dense(17, activation="relu"),
        k.layers.Dense(5, activation="softmax"),
    ])  # fmt: skip


def _adapted(k: Any) -> Any:
    normalization = k.layers.Normalization(name="normal")
    normalization.adapt(3.0 + 2.0 * X)
    return k.Sequential(
        [k.Input((13,)), normalization, k.layers.Dense(11, "elu"), k.layers.Dense(1)]
    )


def _normalized(k: Any) -> Any:
    axes = k.layers.Normalization(
        axis=1, mean=[100.0, 120.0, 90.0], variance=[5000.0, 400.0, 6000.0]
    )
    return k.Sequential([
        k.Input((3, 5)), axes, k.layers.Flatten(), k.layers.Dense(9, "tanh"),
        k.layers.Dense(5, "softmax"),
    ])  # fmt: skip


def _activation_layers(k: Any) -> Any:
    layer = k.layers
    return k.Sequential([
        k.Input((13,)),
        layer.Dense(11), layer.LeakyReLU(negative_slope=0.2),
        layer.Dense(11), layer.PReLU(alpha_regularizer="l2"),
        layer.Dense(11), layer.ELU(alpha=0.7),
        layer.Dense(11), layer.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2),
        layer.Dense(11), layer.Activation("silu"),
        layer.Dense(5), layer.Softmax(),
    ])  # fmt: skip


def _merged(k: Any) -> Any:
    layer = k.layers
    x = k.Input((13,), name="x")
    a = layer.Dense(6, activation="tanh", name="a")(x)
    b = layer.Dense(6, activation="sigmoid", name="b")(x)
    parts = [
        layer.Add()([a, b, a]), layer.Subtract()([a, b]), layer.Multiply()([a, b]),
        layer.Average()([a, b]), layer.Maximum()([a, b]), layer.Minimum()([a, b]),
        layer.Dot(axes=1)([a, b]), layer.Dot(axes=1, normalize=True)([a, b]),
        layer.concatenate([b, a]),
    ]  # fmt: skip
    return k.Model(x, layer.Dense(1, name="out")(layer.Concatenate()(parts)))


def _shaped(k: Any) -> Any:
    layer = k.layers
    return k.Sequential([
        k.Input((13,)),
        layer.Dense(12, activation="tanh"), layer.Reshape((3, 4)), layer.Permute((2, 1)),
        layer.Dense(7, activation="elu"), layer.Flatten(), layer.RepeatVector(2), layer.Identity(),
        layer.Dense(3), layer.Reshape((-1,)), layer.ActivityRegularization(0.01, 0.02),
        layer.Dense(1),
    ])  # fmt: skip


def _rows_of_rows(k: Any) -> Any:
    """Dense on three axes, and softmax on one that is not the last."""
    layer = k.layers
    return k.Sequential([
        k.Input((3, 5)), layer.Rescaling(1 / 128), layer.Dense(7, activation="tanh"),
        layer.Softmax(axis=1), layer.Flatten(), layer.Dense(1),
    ])  # fmt: skip


def _operators(k: Any) -> Any:
    x = k.Input((13,), name="x")
    a = k.layers.Dense(6, name="a")(x)
    b = k.ops.tanh(a * 2.0 - 0.5) + 1.0 / (1.0 + k.ops.exp(-a))
    c = k.ops.concatenate([b[:, :2], -b[:, 3:], k.ops.sum(b, axis=-1, keepdims=True)], axis=-1)
    return k.Model(x, k.layers.Dense(1, name="out")(c**2 + abs(c)))


def _shared(k: Any) -> Any:
    """One layer three times, once on its own output, and one net twice."""
    layer = k.layers
    left, right = k.Input((13,), name="left"), k.Input((13,), name="right")
    tower = k.Sequential([
        k.Input((13,)), layer.Dense(13, activation="tanh", name="low"),
        layer.Dense(13, activation="tanh", name="high"),
    ], name="tower")  # fmt: skip
    twice = layer.Dense(13, activation="softsign", name="twice", kernel_regularizer="l2")
    a, b = tower(left), tower(right)
    joined = layer.Concatenate(name="joined")([twice(a), twice(twice(b)), a - b])
    return k.Model([left, right], layer.Dense(1, name="out")(joined))


def _nested(k: Any) -> Any:
    layer = k.layers
    inner_x = k.Input((13,), name="inner_x")
    low = layer.Dense(9, activation="relu", name="low")(inner_x)
    inner = k.Model(inner_x, layer.Add(name="sum")([low, layer.Dense(9, name="side")(inner_x)]),
                    name="inner")  # fmt: skip
    return k.Sequential(
        [k.Input((13,)), inner, layer.Dense(5, "softmax", name="out")], name="outer"
    )


def _frozen(k: Any) -> Any:
    layer = k.layers
    model = k.Sequential([
        k.Input((13,)), layer.Dense(9, "tanh", kernel_regularizer="l1"),
        layer.Dense(7, "tanh", kernel_regularizer="l2", name="frozen"), layer.Dense(1),
    ])  # fmt: skip
    model.get_layer("frozen").trainable = False
    return model


def _batch_normalized(k: Any) -> Any:
    """As in Hands-On chapter 11: before and after activations, with and without offsets."""
    layer = k.layers
    return k.Sequential([
        layer.Flatten(input_shape=(3, 5)), layer.BatchNormalization(),
        layer.Dense(17, activation="relu"), layer.BatchNormalization(momentum=0.9, scale=False),
        layer.Dense(9, use_bias=False), layer.BatchNormalization(epsilon=0.01, center=False),
        layer.Activation("tanh"), layer.Dense(5, activation="softmax"),
    ])  # fmt: skip


def _normalized_rows(k: Any) -> Any:
    layer = k.layers
    return k.Sequential([
        k.Input((3, 5)), layer.Rescaling(1 / 128), layer.BatchNormalization(axis=1, momentum=0.7),
        layer.LayerNormalization(axis=[1, 2]), layer.Flatten(), layer.Dense(12),
        layer.GroupNormalization(groups=3), layer.Activation("tanh"), layer.Dense(11),
        layer.RMSNormalization(), layer.Dense(7, "elu"), layer.LayerNormalization(scale=False),
        layer.UnitNormalization(), layer.Dense(1),
    ])  # fmt: skip


def _frozen_normalization(k: Any) -> Any:
    """Frozen: the averages stay and count, while what lies below still trains."""
    layer = k.layers
    model = k.Sequential([
        k.Input((13,)), layer.Dense(9, "tanh"), layer.BatchNormalization(name="frozen"),
        layer.Dense(7, "tanh"), layer.BatchNormalization(renorm=True, momentum=0.8),
        layer.Dense(1),
    ])  # fmt: skip
    model.get_layer("frozen").trainable = False
    return model


def _big(k: Any) -> Any:
    return k.Sequential([
        k.layers.Flatten(input_shape=(28, 28)), k.layers.Dense(100, activation="relu"),
        k.layers.Dense(10, activation="softmax"),
    ])  # fmt: skip


def _book(k: Any) -> dict[str, Any]:
    return {
        "optimizer": "adam", "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]
    }  # fmt: skip


_RNG = np.random.default_rng(31)
_BIG = _RNG.integers(0, 256, (100, 28, 28)).astype("uint8") / 255.0

ROWS = {
    "flatten and rescaling of bytes": Row(_pictures, _SCCE, PICTURES, LABELS),
    # Keras adapts in float32: mean and variance differ by their rounding.
    "normalization adapted": Row(_adapted, _MSE, X, NUMBER, loose=(4.0, 1.0)),
    "normalization of an axis": Row(_normalized, _SCCE, PICTURES, LABELS),
    "activation layers": Row(_activation_layers, _SCCE, X, LABELS),
    "merges": Row(_merged, _MSE, X, NUMBER),
    "shapes": Row(_shaped, _MSE, X, NUMBER),
    "dense of rows": Row(_rows_of_rows, _MSE, PICTURES.astype("float64"), NUMBER),
    "operators and ops": Row(_operators, plain("mse", 0.002), X, NUMBER),
    "shared": Row(_shared, _MSE, [X, X[::-1].copy()], NUMBER),
    "nested": Row(_nested, _SCCE, X, LABELS),
    # Quotients by the spread of 3 rows in the last batch.
    # At a higher rate 200 steps turn 1e-14 into 1e-5.
    "batch normalization": Row(_batch_normalized, _SLOW, PICTURES / 64.0, LABELS, answers=True,
                               loose=(8.0, 8.0)),
    "normalized rows": Row(_normalized_rows, _MSE, PICTURES.astype("float64"), NUMBER,
                           loose=(8.0, 8.0)),
    "batch normalization frozen": Row(_frozen_normalization, _MSE, X, NUMBER, loose=(8.0, 8.0)),
    "frozen": Row(_frozen, _MSE, X, NUMBER),
    "no hidden layer": Row(lambda k: k.Sequential([k.Input((13,)), k.layers.Dense(1)]), _MSE, X,
                           NUMBER[:, 0]),
    # The books' net on the books' numbers; 784 products of float32 in another order.
    "784-100-10": Row(_big, _book, _BIG, _RNG.integers(0, 10, 100), batch=32, loose=(4.0, 1.0)),
}  # fmt: skip
