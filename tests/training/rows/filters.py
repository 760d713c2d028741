"""Rows of the training table: convolution and pooling."""

from __future__ import annotations

from typing import Any

from tests.training.data import LABELS, NUMBER, PICTURES, X
from tests.training.net import plain
from tests.training.row import WHOLE, Row

_SCCE = plain("sparse_categorical_crossentropy", 0.1, metrics=["accuracy"])
_MSE = plain("mse", 0.02, metrics=["mae"])


def _pictures(k: Any) -> Any:
    """As in the books, and the filters that they name: smaller, depthwise, and backwards."""
    layer = k.layers
    return k.Sequential([
        k.Input((3, 5)), layer.Rescaling(1 / 128), layer.Reshape((3, 5, 1)),
        layer.Conv2D(4, 3, padding="same", activation="relu"), layer.MaxPooling2D((1, 2)),
        layer.SeparableConv2D(5, 2, padding="same", activation="tanh"),
        layer.Conv2DTranspose(3, 2, strides=2, activation="elu"),
        layer.AveragePooling2D(3, strides=2, padding="same"),
        layer.Flatten(), layer.Dense(5, activation="softmax"),
    ])  # fmt: skip


def _sequences(k: Any) -> Any:
    layer = k.layers
    return k.Sequential([
        k.Input((13,)), layer.Reshape((13, 1)),
        layer.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="tanh"),
        layer.BatchNormalization(momentum=0.7), layer.MaxPooling1D(3, strides=2),
        layer.Conv1D(6, 2, strides=2, groups=2, activation="elu"),
        layer.GlobalAveragePooling1D(), layer.Dense(1),
    ])  # fmt: skip


ROWS = {
    "pictures": Row(_pictures, _SCCE, PICTURES, LABELS, rows=WHOLE),
    "sequences": Row(_sequences, _MSE, X, NUMBER, rows=WHOLE),
}  # fmt: skip
