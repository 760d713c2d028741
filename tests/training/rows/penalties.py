"""Rows of the training table: regularizers and constraints."""

from __future__ import annotations

from typing import Any

from tests.training.data import LABELS, NUMBER, X
from tests.training.net import plain, stack
from tests.training.row import WHOLE, Row


def _row(**options: Any) -> Row:
    return Row(stack(1, **options), plain("mse", metrics=["mae"]), X, NUMBER, rows=WHOLE)


def _everywhere(k: Any) -> Any:
    r, c = k.regularizers, k.constraints
    return k.Sequential([
        k.Input((13,)),
        k.layers.Dense(17, "relu", kernel_regularizer=r.L1L2(0.01, 0.02), bias_regularizer="l2",
                       activity_regularizer=r.L1(0.003), kernel_constraint=c.MaxNorm(1.0)),
        k.layers.PReLU(alpha_regularizer=r.L1(0.01), alpha_constraint="non_neg"),
        k.layers.Dense(5, "softmax", bias_constraint=c.UnitNorm(), activity_regularizer="l2"),
    ])  # fmt: skip


_CONSTRAINTS: dict[str, tuple[str, dict[str, Any]]] = {
    "max norm": ("MaxNorm", {"max_value": 0.7}),
    "max norm of rows": ("MaxNorm", {"max_value": 0.7, "axis": 1}),
    "non-negative": ("NonNeg", {}),
    "unit norm": ("UnitNorm", {}),
    "min max norm": ("MinMaxNorm", {"min_value": 0.5, "max_value": 0.9, "rate": 0.3}),
}
CONSTRAINTS = tuple(cls for cls, _ in _CONSTRAINTS.values())
REGULARIZERS = ("L1", "L2", "L1L2", "OrthogonalRegularizer")


def _constraint(cls: str, arguments: dict[str, Any]) -> Any:
    return lambda k: getattr(k.constraints, cls)(**arguments)


ROWS = {
    "l1 of the kernel": _row(kernel_regularizer=lambda k: k.regularizers.L1(0.02)),
    "l2 of the kernel": _row(kernel_regularizer="l2"),
    "l1_l2 of the kernel": _row(kernel_regularizer=lambda k: k.regularizers.L1L2(0.01, 0.02)),
    "l1 of the bias": _row(bias_regularizer="l1"),
    "l2 of the bias": _row(bias_regularizer=lambda k: k.regularizers.L2(0.1)),
    "l1_l2 of the bias": _row(bias_regularizer=lambda k: k.regularizers.L1L2(0.05, 0.1)),
    "l1 of the activity": _row(activity_regularizer="l1"),
    "l2 of the activity": _row(activity_regularizer=lambda k: k.regularizers.L2(0.05)),
    "l1_l2 of the activity": _row(activity_regularizer=lambda k: k.regularizers.L1L2(0.01, 0.05)),
    "orthogonal": _row(
        kernel_regularizer=lambda k: k.regularizers.OrthogonalRegularizer(0.05, mode="columns")
    ),
    **{
        name: _row(kernel_constraint=_constraint(cls, arguments))
        for name, (cls, arguments) in _CONSTRAINTS.items()
    },
    "all at once": Row(
        _everywhere, plain("sparse_categorical_crossentropy", metrics=["accuracy"]), X, LABELS,
        answers=True,
    ),
}  # fmt: skip
