"""Rows of the training table: weights of rows and of classes, and data to validate on."""

from __future__ import annotations

from typing import Any

from tests.training.data import BIT, LABELS, NUMBER, NUMBERS, ONE_HOT, WEIGHTS, X
from tests.training.net import plain, stack
from tests.training.row import Row

_CLASSES = {0: 1.0, 1: 3.0, 2: 0.5, 3: 1.5, 4: 0.0}
_SOFTMAX = stack(5, "softmax")
_SPARSE = plain(
    "sparse_categorical_crossentropy",
    metrics=["accuracy"],
    weighted_metrics=["accuracy", "sparse_categorical_crossentropy"],
)
#: Names of its own for each: where two have one, Keras lists the first twice in `evaluate`.
_ANSWERED = plain(
    "sparse_categorical_crossentropy", metrics=["accuracy"],
    weighted_metrics=["sparse_categorical_crossentropy", "sparse_top_k_categorical_accuracy"],
)  # fmt: skip
_ONE_HOT = plain("categorical_crossentropy", metrics=["acc"], weighted_metrics=["mse"])


def _sparse(y: Any = LABELS, **fit: Any) -> Row:
    return Row(_SOFTMAX, _SPARSE, X, y, fit)


ROWS = {
    "sample weights": _sparse(sample_weight=WEIGHTS),
    "sample weights in a column": Row(_SOFTMAX, _ONE_HOT, X, ONE_HOT,
                                      {"sample_weight": WEIGHTS[:, None]}),
    "class weights": _sparse(class_weight=_CLASSES),
    "class weights of some": _sparse(class_weight={1: 2.0}),
    "class weights, labels in a column": _sparse(LABELS[:, None], class_weight=_CLASSES),
    "class weights, one-hot": Row(_SOFTMAX, _ONE_HOT, X, ONE_HOT, {"class_weight": _CLASSES}),
    "class weights, two classes": Row(
        stack(1, "sigmoid"), plain("binary_crossentropy", metrics=["accuracy", "AUC"]), X, BIT,
        {"class_weight": {0: 0.5, 1: 2.0}},
    ),
    "validation data": _sparse(validation_data=(X[::-2], LABELS[::-2])),
    "validation data with weights": _sparse(
        validation_data=(X[::-2], LABELS[::-2], WEIGHTS[::-2]), sample_weight=WEIGHTS,
    ),
    "validation split": Row(stack(1), plain("mse", metrics=["mae"]), X, NUMBER,
                            {"validation_split": 0.25, "validation_batch_size": 5}),
    "validation now and then": _sparse(
        validation_data=(X[:20], LABELS[:20]), validation_freq=2, validation_steps=2,
    ),
    "fewer steps": _sparse(steps_per_epoch=1),
    "answers of one output": Row(
        _SOFTMAX, _ANSWERED, X, LABELS, {"sample_weight": WEIGHTS}, answers=True
    ),
    "answers of a loss alone": Row(stack(5), plain("mse"), X, NUMBERS, answers=True),
    "answers of a metric": Row(stack(1), plain("mse", metrics=["mae"]), X, NUMBER, answers=True),
}  # fmt: skip
