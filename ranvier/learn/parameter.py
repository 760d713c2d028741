"""Checks of an estimator's parameters, at `fit`, as scikit-learn wants it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ranvier.errors import ArgumentError

from .network import widths
from .number import is_count, is_number

#: name -> (least, most, whether the least itself is allowed)
_NUMBERS = {
    "alpha": (0, math.inf, True), "learning_rate_init": (0, math.inf, False),
    "momentum": (0, 1, True), "beta_1": (0, 1, True), "beta_2": (0, 1, True),
    "epsilon": (0, math.inf, False), "validation_fraction": (0, 1, False),
    "eta0": (0, math.inf, False),
}  # fmt: skip
_COUNTS = ("max_iter", "n_iter_no_change")
_FLAGS = ("shuffle", "warm_start", "early_stopping", "nesterovs_momentum", "fit_intercept")
_RATES = ("constant", "invscaling", "adaptive")


def check(estimator: Any) -> None:
    """Refuse what cannot work.

    Raises:
        ArgumentError: with the parameter and what was expected.
    """
    for width in widths(estimator.hidden_layer_sizes):
        if not is_count(width):
            refuse(estimator, "hidden_layer_sizes", "positive ints, for instance (100,)")
    check_common(estimator)
    if estimator.batch_size != "auto" and not is_count(estimator.batch_size):
        refuse(estimator, "batch_size", "'auto' (200, or all rows if fewer) or a positive int")
    if estimator.learning_rate not in _RATES:
        refuse(estimator, "learning_rate", f"one of {_RATES}")


def check_common(estimator: Any) -> None:
    """Refuse numbers, counts and flags that cannot work, of any estimator that has them.

    Raises:
        ArgumentError: with the parameter and what was expected.
    """
    given = estimator.get_params(deep=False)
    for name in _COUNTS:
        if not is_count(given[name]):
            refuse(estimator, name, "an int of at least 1")
    for name, (least, most, closed) in _NUMBERS.items():
        if name not in given:
            continue
        value = given[name]
        if not is_number(value) or not (least <= value < most) or (value == least and not closed):
            begin = "at least" if closed else "above"
            end = "" if most == math.inf else f" and below {most}"
            refuse(estimator, name, f"a number {begin} {least}{end}")
    for name in _FLAGS:
        if name in given and not _is_flag(given[name]):
            refuse(estimator, name, "True or False")
    if given["tol"] is not None and not is_number(given["tol"]):
        refuse(estimator, "tol", "a number, or None to train for max_iter epochs")


def _is_flag(value: Any) -> bool:
    return isinstance(value, (bool, np.bool_)) or (is_number(value) and value in (0, 1))


def refuse(estimator: Any, name: str, expected: str) -> None:
    """Raise the error of a parameter that cannot work."""
    raise ArgumentError(
        f"{type(estimator).__name__}, `{name}`: got {getattr(estimator, name)!r}, expected "
        f"{expected}."
    )


def kept(estimator: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the values of parameters that a network keeps for as long as it is there."""
    found = {name: getattr(estimator, name) for name in names}
    if "hidden_layer_sizes" in found:
        found["hidden_layer_sizes"] = widths(found["hidden_layer_sizes"])
    return {n: dict(v) if isinstance(v, dict) else v for n, v in found.items()}


def check_kept(estimator: Any, before: dict[str, Any]) -> None:
    """Refuse to train a network on that was made with other parameters.

    Raises:
        ArgumentError: with the parameter, what it was and what it is.
    """
    for name, now in kept(estimator, list(before)).items():
        if now is not before[name] and now != before[name]:
            raise ArgumentError(
                f"{type(estimator).__name__}, `{name}`: got {now!r:.60}, but the network that is "
                f"there was made with {before[name]!r:.60}, and warm_start=True and partial_fit "
                "train that one on. Fit with warm_start=False to make a new one."
            )
