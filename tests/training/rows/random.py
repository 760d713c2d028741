"""Rows with random layers. Keras draws other numbers, so only engines are compared with them."""

from __future__ import annotations

from typing import Any

from tests.training.data import LABELS, X
from tests.training.net import plain
from tests.training.row import Row


def _net(name: str, **arguments: Any) -> Any:
    def make(k: Any) -> Any:
        layer = k.layers
        return k.Sequential([
            k.Input((13,)),
            layer.Dense(17, "relu"), getattr(layer, name)(**arguments, seed=5),
            layer.Dense(11, "tanh"), layer.Dropout(0.3, seed=8), layer.Dense(5, "softmax"),
        ])  # fmt: skip

    return make


_COMPILED = plain("sparse_categorical_crossentropy", metrics=["accuracy"])
ROWS = {
    "dropout": Row(_net("Dropout", rate=0.4), _COMPILED, X, LABELS),
    "dropout of whole rows": Row(
        _net("Dropout", rate=0.4, noise_shape=(None, 1)), _COMPILED, X, LABELS
    ),
    "gaussian dropout": Row(_net("GaussianDropout", rate=0.4), _COMPILED, X, LABELS),
    "gaussian noise": Row(_net("GaussianNoise", stddev=0.3), _COMPILED, X, LABELS),
    "alpha dropout": Row(_net("AlphaDropout", rate=0.4), _COMPILED, X, LABELS),
}
