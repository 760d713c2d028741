"""Checks of an estimator's parameters, at `fit`, as scikit-learn wants it."""

from __future__ import annotations

import math
import numbers
from typing import Any

from ranvier.errors import ArgumentError

from .network import widths

#: name -> (least, most, whether the least itself is allowed)
_NUMBERS = {
    "alpha": (0, math.inf, True), "learning_rate_init": (0, math.inf, False),
    "momentum": (0, 1, True), "beta_1": (0, 1, True), "beta_2": (0, 1, True),
    "epsilon": (0, math.inf, False), "validation_fraction": (0, 1, False),
}  # fmt: skip
_COUNTS = ("max_iter", "n_iter_no_change")
_RATES = ("constant", "invscaling", "adaptive")


def check(estimator: Any) -> None:
    """Refuse what cannot work.

    Raises:
        ArgumentError: with the parameter and what was expected.
    """
    for width in widths(estimator.hidden_layer_sizes):
        if not _is_count(width):
            _refuse(estimator, "hidden_layer_sizes", "positive ints, for instance (100,)")
    for name in _COUNTS:
        if not _is_count(getattr(estimator, name)):
            _refuse(estimator, name, "an int of at least 1")
    for name, (least, most, closed) in _NUMBERS.items():
        value = getattr(estimator, name)
        fits = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not fits or not (least <= value < most) or (value == least and not closed):
            begin = "at least" if closed else "above"
            end = "" if most == math.inf else f" and below {most}"
            _refuse(estimator, name, f"a number {begin} {least}{end}")
    if estimator.batch_size != "auto" and not _is_count(estimator.batch_size):
        _refuse(estimator, "batch_size", "'auto' (200, or all rows if fewer) or a positive int")
    if estimator.model_kwargs is not None and not isinstance(estimator.model_kwargs, dict):
        _refuse(estimator, "model_kwargs", "a dict of arguments for `model`, or None")
    if estimator.tol is not None and not isinstance(estimator.tol, numbers.Real):
        _refuse(estimator, "tol", "a number, or None to train for max_iter epochs")
    if estimator.learning_rate not in _RATES:
        _refuse(estimator, "learning_rate", f"one of {_RATES}")


def _is_count(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) > 0


def _refuse(estimator: Any, name: str, expected: str) -> None:
    raise ArgumentError(
        f"{type(estimator).__name__}, `{name}`: got {getattr(estimator, name)!r}, expected "
        f"{expected}."
    )
