"""Data that scikit-learn would misread, or refuse in words that do not say where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.utils.validation import check_array

from ranvier.errors import DataError, DataTextError, DataTypeError


def check_form(name: str, argument: str, given: Any) -> None:
    """Refuse containers whose numbers are not those that an array of them would hold.

    Args:
        name: of the estimator.
        argument: "X", "y", or what else was given.

    Raises:
        DataTypeError: it says how to make an array of them.
    """
    got = _odd_form(argument, given)
    if got:
        raise DataTypeError(f"{name}, {argument}: got {got}")


def _odd_form(argument: str, given: Any) -> str | None:
    if hasattr(given, "toarray"):
        way = f"Write {argument}.toarray()"
        if argument == "X":
            way += (
                "; in a pipeline, OneHotEncoder(sparse_output=False), and sparse_threshold=0 for a "
                "ColumnTransformer"
            )
        return f"a sparse {type(given).__name__}, expected a dense array. {way}."
    if hasattr(given, "sparse") and hasattr(given.sparse, "to_dense"):
        return f"a sparse frame, expected a dense one. Write {argument}.sparse.to_dense()."
    if hasattr(given, "collect") and hasattr(given, "lazy"):
        return f"a LazyFrame. Write {argument}.collect()."
    masked = int(np.count_nonzero(np.ma.getmaskarray(given))) if np.ma.isMA(given) else 0
    if masked:
        return (
            f"a masked array with {masked} masked entries, which have no value. Drop those rows, "
            f"or write {argument}.filled(...) with what they are to be."
        )
    dtype = given.dtype if isinstance(given, np.ndarray) else np.dtype(object)
    if dtype.fields is not None:
        return (
            "a structured array, whose rows are records. Write "
            f"numpy.lib.recfunctions.structured_to_unstructured({argument})."
        )
    if dtype.kind == "T" and argument == "y":
        return "NumPy's StringDType, which scikit-learn does not know. Write y.astype(str)."
    return None


def check_targets(name: str, y: Any, numeric: bool) -> None:
    """Refuse targets that are not there, or are of a kind that nothing can be learnt of.

    Args:
        name: of the estimator.
        y: the targets.
        numeric: whether they must be numbers.

    Raises:
        DataError, DataTypeError: with the first row.
    """
    if y is None:
        raise DataError(
            f"{name}, y: this estimator requires y to be passed, but the target y is None."
        )
    if numeric:
        check_dates(name, y, "y")
    array = _array(y)
    if array is not None and array.dtype.kind == "f" and array.ndim in (1, 2):
        _check_finite_targets(name, array.reshape(len(array), -1))
    if array is None or array.dtype.kind not in "OUSTmM" or array.ndim not in (1, 2):
        return
    if array.dtype.kind in "mM":
        array = np.where(np.isnat(array), None, array.astype(str))  # type: ignore[call-overload]
    if array.dtype.kind == "O":
        _check_objects(name, array.reshape(len(array), -1), numeric)
    if numeric:
        check_numbers(name, "y", array)


def _check_finite_targets(name: str, table: np.ndarray) -> None:
    rows = np.flatnonzero(~np.isfinite(table).all(axis=1))
    if not rows.size:
        return
    first = table[rows[0]][~np.isfinite(table[rows[0]])][0]
    more = f" ({rows.size} such rows in all)" if rows.size > 1 else ""
    kind = "NaN" if np.isnan(first) else (  # as scikit-learn has it, which its checks look for
        f"infinity or a value too large for {table.dtype!r}")  # fmt: skip
    raise DataError(
        f"{name}, y: row {rows[0]} has {float(first)}{more}, expected a target in each row. Input "
        f"y contains {kind}: drop those rows, of X too."
    )


def _array(y: Any) -> np.ndarray | None:
    if isinstance(y, np.ndarray) or hasattr(y, "shape"):
        return np.asarray(y)
    if isinstance(y, (list, tuple)) and any(isinstance(one, str) for one in y):
        return np.array(y, dtype=object)  # else NumPy makes text of all that is in it, NaN too
    if isinstance(y, (list, tuple)) and all(isinstance(one, (int, float)) for one in y):
        return np.array(y)
    return None


def _check_objects(name: str, table: np.ndarray, numeric: bool) -> None:
    kinds = set(map(type, table.flat))
    if all(issubclass(kind, str) for kind in kinds):
        return
    rows = [k for k, row in enumerate(table) if any(map(is_missing, row))]
    if rows:
        first = next(filter(is_missing, table[rows[0]]))
        more = f" ({len(rows)} such rows in all)" if len(rows) > 1 else ""
        raise DataError(
            f"{name}, y: row {rows[0]} has {first!r}, a missing value{more}, expected a target in "
            "each row. Input y contains NaN: drop those rows."
        )
    if numeric:
        return
    for column in table.T:
        sorts = {"text" if isinstance(one, str) else "numbers" for one in column}
        if len(sorts) > 1:
            raise DataError(
                f"{name}, y: has text and numbers in one column, which have no order. Write "
                "y.astype(str), or make numbers of the text."
            )
    if not any(issubclass(kind, str) for kind in kinds):
        raise DataError(
            f"{name}, y: holds Python objects ({', '.join(sorted(k.__name__ for k in kinds))}) in "
            "an array of dtype=object, of which scikit-learn cannot tell what they are: Unknown "
            "label type. Write np.array(y.tolist()), or y.astype(int)."
        )


def check_dates(name: str, given: Any, argument: str = "X") -> None:
    """Refuse columns of dates: scikit-learn would count nanoseconds.

    Raises:
        DataTypeError: with the column.
    """
    dtypes = [given.dtype] if hasattr(given, "dtype") else getattr(given, "dtypes", ())
    if not any(map(_is_date, dtypes)):
        return
    for called, column in _columns(given):
        if column.dtype.kind in "mM":
            where = "" if called is None else f"column {called} "
            raise DataTypeError(
                f"{name}, {argument}: {where}holds dates, expected numbers. Make numbers of what "
                "matters in them, for instance days since the first one, or the month."
            )


def _is_date(dtype: Any) -> bool:
    return getattr(dtype, "kind", "") in ("m", "M") or bool(getattr(dtype, "is_temporal", bool)())


def check_numbers(name: str, argument: str, given: Any) -> None:
    """Refuse the first value that is neither a number nor the text of one nor missing.

    Raises:
        DataTextError, DataTypeError: with column and row.
    """
    for called, column in _columns(given):
        for row, value in enumerate(column if column.dtype.kind in "OUST" else ()):
            reason = _why_no_number(value)
            if reason is None:
                continue
            where = "" if called is None else f"column {called} "
            start = f"{name}, {argument}: {where}holds {value!r:.40} in row {row}, expected numbers"
            if not isinstance(value, (str, bytes)):
                raise DataTypeError(f"{start}: {reason}.")
            way = "Names of classes are for classifiers."
            if argument == "X":
                way = (
                    "Encode such columns in a pipeline before it, for instance with "
                    f"make_column_transformer((OneHotEncoder(), [{called}]), "
                    "remainder='passthrough')."
                )
            raise DataTextError(f"{start}. {way}")


def _why_no_number(value: Any) -> str | None:
    try:
        float(value)
    except (TypeError, ValueError) as error:
        return None if _is_absent(type(value)) else str(error)
    return None


def _columns(given: Any) -> Iterator[tuple[str | None, np.ndarray]]:
    """Give what messages call a column, and its values; one alone has no name."""
    names = getattr(given, "columns", None)
    table = given if hasattr(given, "shape") else np.array(given, dtype=object)
    if len(table.shape) == 1:
        yield None, np.asarray(table)
    for place in range(table.shape[1] if len(table.shape) == 2 else 0):
        called = repr(place if names is None else names[place])
        if names is None:
            yield called, np.asarray(table)[:, place]
        elif hasattr(table, "iloc"):
            yield called, np.asarray(table.iloc[:, place])
        else:
            yield called, np.asarray(table[names[place]])


def check_finite(name: str, x: Any) -> None:
    """Refuse the first value of X that is NaN, infinite, or too large for float32.

    Raises:
        DataError: with column and row.
    """
    try:
        array = check_array(x, dtype=None, ensure_all_finite=False, allow_nd=True)
        with np.errstate(over="ignore"):
            numbers = array.astype(np.float64)
            bad = ~np.isfinite(numbers.astype(np.float32)).reshape(len(array), -1)
    except (ValueError, TypeError):
        return
    if not bad.any():
        return
    found = np.flatnonzero(bad.any(axis=1))
    column = int(bad[found[0]].argmax())
    value = numbers.reshape(len(array), -1)[found[0], column]
    names = getattr(x, "columns", None)
    called = repr(column if names is None else names[column])
    what = "NaN" if np.isnan(value) else "infinity" if np.isinf(value) else (
        f"a value too large for float32 ({value:g}), which would become infinity,")  # fmt: skip
    more = f" ({len(found)} such rows in all)" if len(found) > 1 else ""
    raise DataError(
        f"{name}, X: has {what} in column {called}, row {found[0]}{more}, expected finite "
        "numbers. Fill missing values with SimpleImputer in a pipeline before it, or drop those "
        "rows."
    )


def _is_absent(kind: type) -> bool:
    return kind.__name__ in ("NoneType", "NAType", "NaTType")


def is_missing(one: Any) -> bool:
    """Tell whether a value stands for one that is not there: None, NaN, NA or NaT."""
    return _is_absent(type(one)) or (isinstance(one, float) and one != one)
