"""Checks of an estimator's parameters, at `fit`, as scikit-learn wants it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from ranvier.errors import ArgumentError

from .network import widths
from .number import is_count, is_number

#: name -> its range, as scikit-learn has it; a round bracket leaves the end itself out.
_NUMBERS = {
    "alpha": "[0, inf)", "learning_rate_init": "(0, inf)", "power_t": "[0, inf)",
    "tol": "[0, inf)", "momentum": "[0, 1]", "beta_1": "[0, 1)", "beta_2": "[0, 1)",
    "epsilon": "(0, inf)", "validation_fraction": "(0, 1)", "eta0": "(0, inf)",
}  # fmt: skip
#: name -> (what it may be besides, what that means)
_BESIDES = {
    "tol": (None, "None to train for max_iter epochs"),
    "n_iter_no_change": (math.inf, "infinity to train for max_iter epochs"),
}
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
    if estimator.solver is None:
        refuse(estimator, "solver", "a name such as 'adam', or an optimizer")
    if getattr(estimator, "loss", "") is None:
        refuse(estimator, "loss", "a name such as 'squared_error', or a loss")
    if estimator.learning_rate not in _RATES:
        refuse(estimator, "learning_rate", f"one of {_RATES}")


def check_common(estimator: Any) -> None:
    """Refuse numbers, counts and flags that cannot work, of any estimator that has them.

    Raises:
        ArgumentError: with the parameter and what was expected.
    """
    given = estimator.get_params(deep=False)
    for name, value in given.items():
        besides = _BESIDES.get(name)
        if besides and (value is besides[0] or (is_number(value) and value == besides[0])):
            continue
        ways = f", or {besides[1]}" if besides else ""
        if name in _COUNTS and not is_count(value):
            refuse(estimator, name, f"an int of at least 1{ways}")
        if name in _NUMBERS and not (is_number(value) and _within(value, _NUMBERS[name])):
            refuse(estimator, name, f"a number in the range {_NUMBERS[name]}{ways}")
        if name in _FLAGS and not _is_flag(value):
            refuse(estimator, name, "True or False")
    try:
        check_random_state(given["random_state"])
    except ValueError:
        refuse(estimator, "random_state", f"an int from 0 to {2**32 - 1}, a RandomState, or None")


def _within(value: Any, interval: str) -> bool:
    least, most = (float(end) for end in interval[1:-1].split(","))
    above = least < value or (interval[0] == "[" and value == least)
    return above and (value < most or (interval[-1] == "]" and value == most))


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
        if not _alike(now, before[name]):
            raise ArgumentError(
                f"{type(estimator).__name__}, `{name}`: got {now!r:.60}, but the network that is "
                f"there was made with {before[name]!r:.60}, and warm_start=True and partial_fit "
                "train that one on. Fit with warm_start=False to make a new one."
            )


def _alike(a: Any, b: Any) -> bool:
    """Tell whether two values are the same: arrays, also in a dict, by their numbers."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(a[name], b[name]) for name in a)
    return a is b or bool(np.array_equal(a, b))
