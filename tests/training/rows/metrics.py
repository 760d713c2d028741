"""Rows of the training table: metrics, streamed through epochs whose last batch is partial."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.metrics.cases import CASES
from tests.training.data import (
    BIT,
    BITS,
    LABELS,
    NUMBER,
    NUMBERS,
    ONE_HOT,
    POSITIVE,
    SIGNS,
    WEIGHTS,
    X,
)
from tests.training.net import plain
from tests.training.row import Row

Case = tuple[str, dict[str, Any]]
_OF: dict[str, list[Case]] = {}
for _name, _arguments, _kind in CASES:
    # A Keras step cannot hold R2Score with num_regressors: it asks for a number while tracing.
    if "num_regressors" not in _arguments:
        _OF.setdefault(_kind, []).append((_name, _arguments))

#: Keras gives the result of overlaps in float32, whatever the float type is.
_ROUNDED = ("io_u",)
_LABELLED = BITS[:, :4].astype("int64")
_SEQUENCE = (LABELS[:, None] + np.arange(6)) % 5

#: Kind of data: (units, last activation, targets, loss). "grid" has scores on thresholds, which
#: no training gives; "ids" and "ranked" have class numbers for predictions: see `_numbered`.
_KINDS: dict[str, tuple[Any, str | None, np.ndarray, str]] = {
    "values": (3, None, NUMBERS[:, :3], "mse"),
    "positive": (3, "softplus", POSITIVE[:, :3], "mse"),
    "column": (1, None, NUMBER[:, 0], "mse"),
    "binary": (1, "sigmoid", BIT, "binary_crossentropy"),
    "labels": (4, "sigmoid", _LABELLED, "binary_crossentropy"),
    "logits": (4, None, _LABELLED, "mse"),
    "onehot": (5, "softmax", ONE_HOT, "categorical_crossentropy"),
    "sparse": (5, "softmax", LABELS, "sparse_categorical_crossentropy"),
    "sparse-column": (5, "softmax", LABELS[:, None], "sparse_categorical_crossentropy"),
    "signs": (3, "tanh", SIGNS[:, :3], "hinge"),
    "sequence": ((6, 5), "softmax", _SEQUENCE, "sparse_categorical_crossentropy"),
}
_MORE: dict[str, list[Case]] = {
    "binary": [(n, kw) for n, kw in _OF["grid"] if "thresholds" not in kw],
    "sparse": [
        ("MeanIoU", {"num_classes": 5, "sparse_y_pred": False}),
        ("IoU", {"num_classes": 5, "target_class_ids": [0, 3], "sparse_y_pred": False}),
    ],
}


def _net(units: Any, activation: Any) -> Any:
    def make(k: Any) -> Any:
        if isinstance(units, tuple):
            wide = k.layers.Dense(int(np.prod(units)), name="wide")
            last = [wide, k.layers.Reshape(units), k.layers.Softmax(name="out")]
        else:
            last = [k.layers.Dense(units, activation=activation, name="out")]
        hidden = k.layers.Dense(17, activation="tanh", name="hidden")
        return k.Sequential([k.Input((13,)), hidden, *last])

    return make


def _all(cases: list[Case]) -> Any:
    return lambda k: [getattr(k.metrics, name)(**kw) for name, kw in cases]


def _weights(cases: list[Case]) -> np.ndarray:
    """Counts of overlap cut weights to whole numbers, with a warning; they get whole ones."""
    whole = any("IoU" in name for name, _ in cases)
    return np.floor(WEIGHTS * 2) if whole else WEIGHTS


def _row(kind: str, cases: list[Case]) -> Row:
    units, activation, y, loss = _KINDS[kind]
    return Row(
        _net(units, activation),
        plain(loss, metrics=_all(cases), weighted_metrics=_all(cases)),
        X, y, {} if kind == "sequence" else {"sample_weight": _weights(cases)}, rounded=_ROUNDED,
    )  # fmt: skip


def _split(kind: str, cases: list[Case]) -> dict[str, Row]:
    """Rows of at most ten metrics: what fails is found, and Keras compiles in bearable time."""
    parts = [cases[i : i + 10] for i in range(0, len(cases), 10)]
    return {f"{kind} {i + 1}": _row(kind, part) for i, part in enumerate(parts)}


def _numbered(k: Any) -> Any:
    """Scores to train on; class numbers and ranks to measure."""
    x = k.Input((13,), name="x")
    scores = k.layers.Dense(5, activation="softmax", name="scores")(x)
    numbers = k.layers.Lambda(lambda s: k.ops.argmax(s, axis=-1), name="numbers")(scores)
    ranks = k.layers.Lambda(lambda s: k.ops.argsort(-s, axis=-1), name="ranks")(scores)
    return k.Model(x, [scores, numbers, ranks])


def _named(k: Any) -> dict[str, Any]:
    return {
        "optimizer": "sgd", "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy", "sparse_categorical_crossentropy",
                    k.metrics.sparse_top_k_categorical_accuracy],
        "weighted_metrics": ["acc", "SparseCategoricalAccuracy"],
    }  # fmt: skip


ROWS = {
    **{
        name: row
        for kind in _KINDS
        for name, row in _split(kind, _OF[kind] + _MORE.get(kind, [])).items()
    },
    "ids and ranked": Row(_numbered, plain(
        ["sparse_categorical_crossentropy", None, None],
        metrics=lambda k: [[], _all(_OF["ids"])(k), _all(_OF["ranked"])(k)],
    ), X, [LABELS, LABELS, LABELS], rounded=_ROUNDED),
    "by names": Row(_net(5, "softmax"), _named, X, LABELS, {"sample_weight": WEIGHTS}),
    "names of one score": Row(_net(1, "sigmoid"), plain(
        "binary_crossentropy",
        metrics=["accuracy", "mae", "mse", "AUC", "Precision", "Recall", "bce", "hinge"],
    ), X, BIT),
    "names of one-hot": Row(_net(5, "softmax"), plain(
        "categorical_crossentropy",
        metrics=["acc", "categorical_crossentropy", "top_k_categorical_accuracy"],
    ), X, ONE_HOT),
    "names of numbers": Row(_net(5, None), plain(
        "mse",
        metrics=["mape", "RootMeanSquaredError", "R2Score", "cosine_similarity", "log_cosh_error"],
    ), X, NUMBERS),
}  # fmt: skip
