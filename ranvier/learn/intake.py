"""What estimators are given as X, y and sample_weight, checked as scikit-learn checks it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.utils.validation import _check_sample_weight as weights_of
from sklearn.utils.validation import column_or_1d, validate_data

from ranvier.errors import ArgumentError, DataError

from . import refusal
from .narrow import narrowed

#: Read as they are, besides the float type of the network, which all else becomes.
_TYPES = (np.float32, np.uint8, np.int8, np.uint16, np.int16)
#: Read as they are, too, where a model of the user's own reads them: they may be ids.
_NUMBERS = (np.int32, np.uint32, np.int64)
#: Rows a step while predicting. Given, so that a row comes out the same alone and among others.
BATCH = 256
#: Up to so many numbers in float64, a network computes in float64, too: it costs nothing there.
_FEW = 20_000


def float_type(estimator: Any, x: Any) -> str:
    """Return the float type of a new network: as `dtype` says, or by the data.

    scikit-learn computes in float64 where X is. Here that holds for few numbers, where time goes
    elsewhere; more of them are read as float32, which is twice as fast.
    """
    given = estimator.dtype
    if given in ("float32", "float64"):
        return str(given)
    if given != "auto":
        raise ArgumentError(
            f"{type(estimator).__name__}, `dtype`: got {given!r}, expected 'auto', 'float32' or "
            "'float64'."
        )
    try:
        shape = getattr(x, "shape", None) or np.asarray(x).shape
        if getattr(estimator, "model", None) is not None or math.prod(shape) > _FEW:
            return "float32"
        return "float32" if np.asarray(x).dtype.type in _TYPES else "float64"
    except ValueError:  # rows of different lengths, told below
        return "float32"


def features(estimator: Any, x: Any, dtype: str, nd: bool = False) -> Any:
    """Return X alone, for what predicts.

    Args:
        estimator: what is asked; number and names of features are compared with its own.
        x: rows.
        dtype: the float type of the network.
        nd: whether rows may have more than one axis.

    Raises:
        DataError: for NaN or infinity, with the column.
        ValueError: as scikit-learn's `validate_data`.
    """
    return _validated(estimator, x, dtype=dtype, reset=False, nd=nd)


def rows(
    estimator: Any, x: Any, y: Any, dtype: str, reset: bool, nd: bool = False,
    numeric: bool = False,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return X and y for what trains; see `features`.

    Args:
        reset: whether the estimator learns number and names of features from X.
        numeric: whether y must be numbers.

    Raises:
        DataTypeError, DataError: see `refusal`.
    """
    name = type(estimator).__name__
    refusal.check_form(name, "X", x)  # before y, whose form may be wrong for the same reason
    refusal.check_form(name, "y", y)
    refusal.check_targets(name, y, numeric)
    found: tuple[np.ndarray, np.ndarray] = _validated(
        estimator, x, y, dtype=dtype, reset=reset, nd=nd, multi_output=True, y_numeric=numeric
    )
    return found


def flat(y: np.ndarray) -> np.ndarray:
    """Return targets in one column as plain ones, with scikit-learn's warning."""
    return column_or_1d(y, warn=True) if y.ndim == 2 and y.shape[1] == 1 else y


def weights(given: Any, x: np.ndarray, name: str = "sample_weight") -> np.ndarray | None:
    """Return a weight a row as float64, or None where all count alike.

    Args:
        name: what gave them.

    Raises:
        DataError: for weights below 0, or where none is above.
    """
    if given is None:
        return None
    refusal.check_form("fit", name, given)
    found = weights_of(given, x, dtype=np.float64, ensure_non_negative=False)
    if found.size and found.min() < 0:
        row = int(found.argmin())
        raise DataError(
            f"{name}: row {row} has weight {found[row]:g}, expected at least 0. Negative "
            "weights are not allowed."
        )
    if not found.any():
        raise DataError(f"{name}: all weights are zero, expected at least one above 0.")
    return found


def _validated(
    estimator: Any, x: Any, y: Any = "no_validation", *, dtype: str, nd: bool, **words: Any
) -> Any:
    name, types = type(estimator).__name__, [np.dtype(dtype).type, *_TYPES, *_NUMBERS * nd]
    refusal.check_form(name, "X", x)
    refusal.check_dates(name, x)
    narrow = narrowed(x) if dtype == "float32" else None
    if narrow is not None:
        x, words["ensure_all_finite"] = narrow, False  # they are
    try:
        with np.errstate(over="ignore"):  # too large for float32 is infinite, which is told
            return validate_data(estimator, x, y, dtype=types, allow_nd=nd, order="C", **words)
    except (ValueError, TypeError) as error:
        if "Input X" in str(error):
            refusal.check_finite(name, x)
        else:
            refusal.check_numbers(name, "X", x)
        raise
