"""What estimators are given as X, y and sample_weight, checked as scikit-learn checks it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.utils.validation import _check_sample_weight as weights_of
from sklearn.utils.validation import check_array, validate_data

from ranvier.errors import ArgumentError, DataError, DataTextError, DataTypeError

from .narrow import narrowed

#: Read as they are, besides the float type of the network, which all else becomes.
_TYPES = (np.float32, np.uint8, np.int8, np.uint16, np.int16)
#: Rows a step while predicting. Given, so that a row comes out the same alone and among others.
BATCH = 256
#: Up to so many numbers in float64, a network computes in float64, too: it costs nothing there.
_FEW = 20_000


def float_type(estimator: Any, x: Any, y: Any = None) -> str:
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


def features(estimator: Any, x: Any, dtype: str, reset: bool = False, nd: bool = False) -> Any:
    """Return X alone, for what predicts.

    Args:
        estimator: what is asked; its number and names of features are set or compared.
        x: rows.
        dtype: the float type of the network.
        reset: whether this is a fit.
        nd: whether rows may have more than one axis.

    Raises:
        DataError: for NaN or infinity, with the column.
        ValueError: as scikit-learn's `validate_data`.
    """
    return _validated(estimator, x, dtype=dtype, reset=reset, nd=nd)


def rows(
    estimator: Any, x: Any, y: Any, dtype: str, reset: bool, nd: bool = False,
    numeric: bool = False,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return X and y for what trains; see `features`.

    Args:
        numeric: whether y must be numbers.

    Raises:
        DataTypeError: for a sparse y.
    """
    if hasattr(y, "toarray"):
        raise DataTypeError(
            f"{type(estimator).__name__}, y: got a sparse {type(y).__name__}, expected a dense "
            "array. Write y.toarray()."
        )
    _check_missing(type(estimator).__name__, y)
    found: tuple[np.ndarray, np.ndarray] = _validated(
        estimator, x, y, dtype=dtype, reset=reset, nd=nd, multi_output=True, y_numeric=numeric
    )
    return found


def _check_missing(name: str, y: Any) -> None:
    """Refuse targets that are not there, or that no order holds for.

    Raises:
        DataError: with the first row.
    """
    array = y if isinstance(y, np.ndarray) else np.asarray(y) if hasattr(y, "shape") else None
    if array is None or array.dtype.kind != "O" or array.ndim not in (1, 2):
        return
    table = array.reshape(len(array), -1)
    kinds = set(map(type, table.flat))
    if kinds == {str} or not (kinds & {str, float} or any(map(_is_absent, kinds))):
        return
    rows = [k for k, row in enumerate(table) if any(map(_is_missing, row))]
    if rows:
        first = next(filter(_is_missing, table[rows[0]]))
        more = f" ({len(rows)} such rows in all)" if len(rows) > 1 else ""
        raise DataError(
            f"{name}, y: row {rows[0]} has {first!r}, a missing value{more}, expected a target in "
            "each row. Input y contains NaN: drop those rows."
        )
    for column in table.T:
        sorts = {"text" if isinstance(one, str) else "numbers" for one in column}
        if len(sorts) > 1:
            raise DataError(
                f"{name}, y: has text and numbers in one column, which have no order. Write "
                "y.astype(str), or make numbers of the text."
            )


def _is_absent(kind: type) -> bool:
    return kind.__name__ in ("NoneType", "NAType", "NaTType")


def _is_missing(one: Any) -> bool:
    return _is_absent(type(one)) or bool(one != one)


def weights(given: Any, x: np.ndarray, name: str = "sample_weight") -> np.ndarray | None:
    """Return a weight a row as float64, or None where all count alike.

    Args:
        name: what gave them.

    Raises:
        DataError: for weights below 0, or where none is above.
    """
    if given is None:
        return None
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
    types = [np.dtype(dtype).type, *_TYPES]
    wrong = _unreadable(type(estimator).__name__, x) if _has_dates(x) else None
    if wrong is not None:  # scikit-learn would count nanoseconds
        raise wrong
    narrow = narrowed(x) if dtype == "float32" else None
    if narrow is not None:
        x, words["ensure_all_finite"] = narrow, False  # they are
    try:
        with np.errstate(over="ignore"):  # too large for float32 is infinite, which is told
            return validate_data(estimator, x, y, dtype=types, allow_nd=nd, order="C", **words)
    except (ValueError, TypeError) as error:
        name = type(estimator).__name__
        if "Input X" not in str(error):
            wrong = None if "argument must be" in str(error) else _unreadable(name, x)
            if wrong is None:
                raise
            raise wrong from error
        if (told := _place(name, x)) is None:
            raise
        raise DataError(told) from error


def _has_dates(x: Any) -> bool:
    dtypes = [x.dtype] if hasattr(x, "dtype") else getattr(x, "dtypes", ())
    return any(
        getattr(one, "kind", "") in ("m", "M") or getattr(one, "is_temporal", bool)()
        for one in dtypes
    )


def _unreadable(name: str, x: Any) -> DataTypeError | DataTextError | None:
    """Return the error of the first column of X that holds text or dates, None if none does."""
    names = getattr(x, "columns", None)
    table = np.array(x, dtype=object) if names is None else x
    for place in range(table.shape[1] if len(table.shape) == 2 else 0):
        column = table[:, place] if names is None else np.asarray(table[names[place]])
        called = repr(place if names is None else names[place])
        if column.dtype.kind in "mM":
            return DataTypeError(
                f"{name}, X: column {called} holds dates, expected numbers. Make numbers of what "
                "matters in them, for instance days since the first one, or the month."
            )
        for row, value in enumerate(column if column.dtype.kind in "OUT" else ()):
            if isinstance(value, str) and not _is_number(value):
                return DataTextError(
                    f"{name}, X: column {called} holds {value!r:.40} in row {row}, expected "
                    "numbers. Encode such columns in a pipeline before it, for instance with "
                    f"make_column_transformer((OneHotEncoder(), [{called}]), "
                    "remainder='passthrough')."
                )
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _place(name: str, x: Any) -> str | None:
    """Say where X has a value that is no number, None where it has none."""
    try:
        array = check_array(x, dtype=None, ensure_all_finite=False, allow_nd=True)
        with np.errstate(over="ignore"):
            numbers = array.astype(np.float64)
            bad = ~np.isfinite(numbers.astype(np.float32)).reshape(len(array), -1)
    except (ValueError, TypeError):
        return None
    if not bad.any():
        return None
    found = np.flatnonzero(bad.any(axis=1))
    column = int(bad[found[0]].argmax())
    value = numbers.reshape(len(array), -1)[found[0], column]
    names = getattr(x, "columns", None)
    called = repr(column if names is None else names[column])
    what = "NaN" if np.isnan(value) else "infinity" if np.isinf(value) else (
        f"a value too large for float32 ({value:g}), which would become infinity,")  # fmt: skip
    more = f" ({len(found)} such rows in all)" if len(found) > 1 else ""
    return (
        f"{name}, X: has {what} in column {called}, row {found[0]}{more}, expected finite "
        "numbers. Fill missing values with SimpleImputer in a pipeline before it, or drop those "
        "rows."
    )
