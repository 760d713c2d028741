"""Rows of the training table: several inputs and outputs."""

from __future__ import annotations

from typing import Any

from tests.training.data import LABELS, MORE, NUMBER, ONE_HOT, WEIGHTS, X
from tests.training.net import plain, wide_and_deep
from tests.training.row import Row

_X, _Y = [MORE, X], [NUMBER, LABELS]
_EACH = [WEIGHTS, WEIGHTS[::-1].copy()]
_NAMED_X, _NAMED_Y = {"wide": MORE, "deep": X}, {"main": NUMBER, "aux": LABELS}


def _sparse(k: Any) -> Any:
    return k.losses.SparseCategoricalCrossentropy(from_logits=True)


def _row(x: Any = _X, y: Any = _Y, fit: Any = None, **compiled: Any) -> Row:
    loss = compiled.pop("loss", lambda k: ["mse", _sparse(k)])
    return Row(wide_and_deep, plain(loss, **compiled), x, y, fit or {}, answers=True)


def _named_outputs(k: Any) -> Any:
    x = k.Input((13,), name="x")
    hidden = k.layers.Dense(7, activation="relu", name="hidden")(x)
    return k.Model(x, {
        "number": k.layers.Dense(1, name="first")(hidden),
        "scores": k.layers.Dense(5, name="second")(hidden),
    })  # fmt: skip


def _three(k: Any) -> Any:
    """Outputs in another order than that of their layers, one taken from the middle."""
    x = k.Input((13,), name="x")
    a = k.layers.Dense(5, activation="softmax", name="a")(x)
    b = k.layers.Dense(1, name="b")(a)
    c = k.layers.Dense(5, name="c")(k.layers.Concatenate(name="both")([x, b]))
    return k.Model(x, [c, a, b])


ROWS = {
    "lists": _row(loss_weights=[0.9, 0.1], metrics=[["mae"], ["accuracy"]]),
    "tuples": _row((MORE, X), (NUMBER, LABELS), loss=lambda k: ("mse", _sparse(k)),
                   loss_weights=(0.2, 0.8)),
    "dicts": _row(
        _NAMED_X, _NAMED_Y, loss=lambda k: {"main": "mae", "aux": _sparse(k)},
        loss_weights={"main": 0.3, "aux": 0.7}, metrics={"main": ["mse", "mae"], "aux": "accuracy"},
        weighted_metrics={"aux": ["accuracy"]},
    ),
    "no weights of losses": _row(metrics=[["mae", "RootMeanSquaredError"], ["acc"]]),
    "weighted metrics": _row(
        fit={"sample_weight": _EACH}, metrics=[["mae"], ["accuracy"]],
        weighted_metrics=[["mae", "mse"], ["accuracy"]], loss_weights=[2.0, 0.5],
    ),
    "weights of one output": _row(
        fit={"sample_weight": [_EACH[0], None]}, weighted_metrics=[["mae"], ["accuracy"]],
    ),
    "one loss for all": _row(y=[NUMBER, ONE_HOT], loss="mse", metrics=[["mae"], ["mae"]]),
    "an output without a loss": _row(loss=["mse", None], metrics=[["mae"], ["accuracy"]]),
    "validated": _row(
        fit={"validation_data": ([MORE[:20], X[:20]], [NUMBER[:20], LABELS[:20]])},
        metrics=[["mae"], ["accuracy"]],
    ),
    "split": _row(fit={"validation_split": 0.3}, metrics=[["mae"], []]),
    "named outputs": Row(
        _named_outputs,
        plain(lambda k: {"number": "mse", "scores": _sparse(k)}, metrics={"scores": ["accuracy"]},
              weighted_metrics={"number": ["mae"], "scores": ["accuracy"]}),
        X, {"number": NUMBER, "scores": LABELS},
        {"sample_weight": dict(zip(("number", "scores"), _EACH, strict=True))}, answers=True,
    ),
    "three in another order": Row(
        _three,
        plain(lambda k: [_sparse(k), "sparse_categorical_crossentropy", "mse"],
              loss_weights=[0.5, 1.0, 0.25], metrics=[["accuracy"], ["accuracy"], ["mae"]]),
        X, [LABELS, LABELS, NUMBER], answers=True,
    ),
}  # fmt: skip
