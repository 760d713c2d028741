"""Rows of the training table: losses, each behind the activation and with the labels it fits."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.training.data import (
    BIT,
    BITS,
    COUNTS,
    LABELS,
    NUMBER,
    NUMBERS,
    ONE_HOT,
    PAIRED,
    POSITIVE,
    SHARES,
    SIGNS,
    WEIGHTS,
    X,
)
from tests.training.net import plain, stack
from tests.training.row import Row

#: (class, arguments, last activation, targets)
_LOSSES: list[tuple[str, dict[str, Any], str | None, np.ndarray]] = [
    ("MeanSquaredError", {}, None, NUMBERS),
    ("MeanSquaredError", {"reduction": "sum"}, "tanh", NUMBERS),
    ("MeanAbsoluteError", {}, None, NUMBERS),
    ("MeanAbsolutePercentageError", {}, "softplus", POSITIVE),
    ("MeanSquaredLogarithmicError", {}, "softplus", POSITIVE),
    ("CosineSimilarity", {}, None, NUMBERS),
    ("Huber", {}, None, 2 * NUMBERS),
    ("Huber", {"delta": 0.3}, None, NUMBERS),
    ("LogCosh", {}, None, NUMBERS),
    ("Hinge", {}, "tanh", SIGNS),
    ("Hinge", {}, None, BITS),
    ("SquaredHinge", {}, "tanh", SIGNS),
    ("CategoricalHinge", {}, None, ONE_HOT),
    ("KLDivergence", {}, "softmax", SHARES),
    ("Poisson", {}, "softplus", COUNTS),
    ("BinaryCrossentropy", {}, "sigmoid", BITS),
    ("BinaryCrossentropy", {"label_smoothing": 0.2}, "sigmoid", BITS),
    ("BinaryCrossentropy", {"from_logits": True}, None, BITS),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, None, BITS),
    ("BinaryFocalCrossentropy", {}, "sigmoid", BITS),
    ("BinaryFocalCrossentropy", {"apply_class_balancing": True, "gamma": 3.0}, "sigmoid", BITS),
    ("BinaryFocalCrossentropy", {"from_logits": True}, None, BITS),
    ("CategoricalCrossentropy", {}, "softmax", ONE_HOT),
    ("CategoricalCrossentropy", {}, "softmax", SHARES),
    ("CategoricalCrossentropy", {"label_smoothing": 0.2}, "softmax", ONE_HOT),
    ("CategoricalCrossentropy", {"from_logits": True}, None, ONE_HOT),
    ("CategoricalFocalCrossentropy", {}, "softmax", ONE_HOT),
    ("CategoricalFocalCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, None, ONE_HOT),
    ("SparseCategoricalCrossentropy", {}, "softmax", LABELS),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, None, LABELS),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2}, "softmax", LABELS),
    ("SparseCategoricalCrossentropy", {"ignore_class": 2, "from_logits": True}, None, LABELS),
    ("CategoricalGeneralizedCrossEntropy", {"q": 0.7}, "softmax", LABELS),
    ("Dice", {}, "sigmoid", BITS),
    ("Tversky", {"alpha": 0.3, "beta": 0.6}, "sigmoid", BITS),
    ("Circle", {"gamma": 2.0}, "tanh", PAIRED),
]
NAMES = tuple(name for name, *_ in _LOSSES)


def _row(name: str, arguments: dict[str, Any], activation: Any, y: np.ndarray, **fit: Any) -> Row:
    # Shares of errors have steep slopes; faster, the training runs away and grows its rounding.
    rate = 0.001 if "Percentage" in name else 0.05
    # The circle loss compares rows of a batch: Keras' gradient is NaN where one has no partner.
    x = X[: len(y)]
    return Row(
        stack(5, activation), plain(lambda k: getattr(k.losses, name)(**arguments), rate), x, y, fit
    )


def _name(name: str, arguments: dict[str, Any], activation: Any) -> str:
    return " ".join([name, *(f"{k}={v}" for k, v in arguments.items()), str(activation or "")])


#: Names and functions of losses, as people write them: (loss, last activation, targets).
_WORDS: dict[str, tuple[Any, str | None, np.ndarray]] = {
    "mse": ("mse", None, NUMBER),
    "mae": ("mean_absolute_error", None, NUMBER),
    "mape": ("MAPE", "softplus", POSITIVE),
    "msle": (lambda k: k.losses.mean_squared_logarithmic_error, "softplus", POSITIVE),
    "huber": ("huber", None, NUMBER),
    "logcosh": ("log_cosh", None, NUMBER),
    "hinge": ("hinge", "tanh", SIGNS),
    "kld": ("kld", "softmax", SHARES),
    "poisson": ("poisson", "softplus", COUNTS),
    "bce": ("bce", "sigmoid", BIT),
    "cosine": ("cosine_similarity", None, NUMBERS),
    "dice": (lambda k: k.losses.dice, "sigmoid", BITS),
    "sparse": (lambda k: k.losses.SparseCategoricalCrossentropy(), "softmax", LABELS),
    "sparse column": ("sparse_categorical_crossentropy", "softmax", LABELS[:, None]),
}


def _heads(k: Any) -> Any:
    x = k.Input((13,), name="x")
    hidden = k.layers.Dense(17, activation="tanh", name="hidden")(x)
    outputs = [
        k.layers.Dense(1 if y.shape[1:] == (1,) and "sparse" not in name else 5,
                       activation=activation, name=name.replace(" ", "_"))(hidden)
        for name, (_, activation, y) in _WORDS.items()
    ]  # fmt: skip
    return k.Model(x, outputs)


def _words(k: Any) -> list[Any]:
    return [word(k) if callable(word) else word for word, _, _ in _WORDS.values()]


_CROSSENTROPY = plain("crossentropy", metrics=["accuracy"])
_SPARSE = {"from_logits": True, "ignore_class": 2}
ROWS = {
    **{_name(n, kw, last): _row(n, kw, last, y) for n, kw, last, y in _LOSSES},
    "crossentropy of one score": Row(stack(1, "sigmoid"), _CROSSENTROPY, X, BIT),
    "crossentropy of class numbers": Row(stack(5, "softmax"), _CROSSENTROPY, X, LABELS),
    "crossentropy of one-hot": Row(stack(5, "softmax"), _CROSSENTROPY, X, ONE_HOT),
    "by names": Row(_heads, plain(_words, 0.01), X, [y for _, _, y in _WORDS.values()]),
    **{
        f"weighted {reduction}": _row(
            "MeanSquaredError", {"reduction": reduction}, None, NUMBERS, sample_weight=WEIGHTS
        )
        for reduction in ("sum_over_batch_size", "sum", "mean_with_sample_weight")
    },
    "weighted ignore_class": _row(
        "SparseCategoricalCrossentropy", _SPARSE, None, LABELS, sample_weight=WEIGHTS
    ),
    "weighted dice": _row("Dice", {"axis": [1]}, "sigmoid", BITS, sample_weight=WEIGHTS),
}
