"""Rows of the training table: optimizers with all their options, and schedules."""

from __future__ import annotations

from typing import Any

from tests.optimizers.cases import CASES, EXTRA, KNOWN
from tests.training.data import LABELS, ONE_HOT, X
from tests.training.net import stack
from tests.training.row import WHOLE, Row

_NET = stack(5, "softmax")


def _compiled(cls: str, arguments: dict[str, Any], spared: Any = None) -> Any:
    def compiled(k: Any) -> dict[str, Any]:
        optimizer = getattr(k.optimizers, cls).from_config(dict(arguments))
        if spared:
            optimizer.exclude_from_weight_decay(var_names=spared)
        return {
            "optimizer": optimizer, "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy"],
        }  # fmt: skip

    return compiled


def _row(cls: str, arguments: dict[str, Any], **more: Any) -> Row:
    return Row(_NET, _compiled(cls, arguments, more.get("spared")), X, LABELS, rows=WHOLE)


def _scheduled(name: str, arguments: dict[str, Any]) -> Row:
    return Row(_NET, lambda k: {
        "optimizer": k.optimizers.SGD(getattr(k.optimizers.schedules, name)(**arguments)),
        "loss": "sparse_categorical_crossentropy",
    }, X, LABELS, rows=WHOLE)  # fmt: skip


#: Which end, repeat and jump within the 20 steps of float32. Restarts lie between steps: where one
#: falls on a step, Keras takes it a step late if a logarithm was rounded down (float64, step 42).
_SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "exponential decay": ("ExponentialDecay", {
        "initial_learning_rate": 0.2, "decay_steps": 7, "decay_rate": 0.5, "staircase": True,
    }),
    "cosine decay": ("CosineDecay", {"initial_learning_rate": 0.2, "decay_steps": 150}),
    "cosine decay restarts": ("CosineDecayRestarts", {
        "initial_learning_rate": 0.2, "first_decay_steps": 6.5, "m_mul": 0.9, "alpha": 0.1,
    }),
    "inverse time decay": ("InverseTimeDecay", {
        "initial_learning_rate": 0.2, "decay_steps": 3, "decay_rate": 0.5,
    }),
    "inverse time stairs": ("InverseTimeDecay", {
        "initial_learning_rate": 0.2, "decay_steps": 3, "decay_rate": 0.5, "staircase": True,
    }),
    "piecewise constant": ("PiecewiseConstantDecay", {
        "boundaries": [3, 12], "values": [0.2, 0.1, 0.05],
    }),
    "polynomial decay": ("PolynomialDecay", {
        "initial_learning_rate": 0.2, "decay_steps": 15, "end_learning_rate": 0.01,
    }),
    "polynomial cycles": ("PolynomialDecay", {
        "initial_learning_rate": 0.2, "decay_steps": 6, "power": 2.0, "cycle": True,
    }),
}  # fmt: skip
SCHEDULES = tuple(cls for cls, _ in _SCHEDULES.values())

ROWS = {
    **{
        name: _row(*CASES[name], **EXTRA.get(name, {}))
        for name in KNOWN
        if name != "sgd-constraint"  # rows of penalties have constraints of layers
    },
    **{name: _scheduled(*case) for name, case in _SCHEDULES.items()},
    "the default": Row(
        _NET, lambda k: {"loss": "categorical_crossentropy"}, X, ONE_HOT, rows=WHOLE
    ),
}
