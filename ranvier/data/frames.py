"""Frames and series of pandas and polars, and `__dataframe__` objects, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import DataTypeError, warn
from ..graph.frame import no_frame, of_frames
from .arrays import PLAIN, check_exact, settle


def column_names(value: Any) -> tuple[str, ...] | None:
    """Return the column names of a frame, or None if `value` has none."""
    names = getattr(value, "columns", None)
    if names is None or not of_frames(value):
        return None
    return tuple(str(name) for name in names)


def check_labels_of_rows(x: Any, y: Any, place: str = "y") -> None:
    """Warn where y has x's row labels in another order, as rows go together by their places."""
    mine, others = (getattr(part, "index", None) if of_frames(part) else None for part in (x, y))
    if mine is None or others is None or len(mine) != len(others) or mine.equals(others):
        return
    if mine.is_unique and others.is_unique and bool(mine.isin(others).all()):
        warn(
            f"{place}: has the row labels of x in another order, but rows go together by their "
            "places. Write y.loc[x.index] if the labels say which belong together."
        )


def frame_array(frame: Any, place: str) -> np.ndarray:
    """Return a pandas or polars frame or series as an array; one type needs no copy of ours."""
    if type(frame).__name__ == "LazyFrame":
        raise DataTypeError(f"{place}: got a LazyFrame. Write {place}.collect().")
    if not hasattr(frame, "to_numpy"):
        raise DataTypeError(no_frame(frame, place))
    names = getattr(frame, "columns", None)
    if names is None:
        return _series(frame, place)
    dtypes = list(getattr(frame, "dtypes", ()))
    if dtypes and all(isinstance(d, np.dtype) and d == dtypes[0] for d in dtypes):
        if dtypes[0] in PLAIN:
            return np.asarray(frame.to_numpy())
    columns = [
        _series(frame.iloc[:, i] if hasattr(frame, "iloc") else frame[name], f"{place} column "
                f"'{name}'")
        for i, name in enumerate(names)
    ]  # fmt: skip
    return _side_by_side(columns, [str(n) for n in names], len(frame), place)


def interchange_array(frame: Any, place: str) -> np.ndarray:
    """Return an object that offers only the `__dataframe__` protocol as an array."""
    table = frame.__dataframe__()
    names = [str(name) for name in table.column_names()]
    chunks = []
    for part in table.get_chunks():
        columns = [_interchange_column(part.get_column(i), f"{place} column '{name}'")
                   for i, name in enumerate(names)]  # fmt: skip
        chunks.append(_side_by_side(columns, names, part.num_rows(), place))
    return chunks[0] if len(chunks) == 1 else np.concatenate(chunks)


def _series(series: Any, place: str) -> np.ndarray:
    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        return settle(np.asarray(series.to_numpy()), place)
    name = str(dtype)
    if name.lower().startswith(("category", "categorical", "enum")):
        raise DataTypeError(
            f"{place}: got categories, expected numbers. Write .cat.codes (pandas) or "
            ".to_physical() (polars), or one column a category: get_dummies / to_dummies."
        )
    if name.startswith("Sparse"):
        raise DataTypeError(f"{place}: got a sparse column. Write df.sparse.to_dense().")
    if hasattr(series, "isna") and getattr(dtype, "kind", "O") in "iufb":
        if series.isna().any():
            if dtype.kind in "iu":
                known = series.dropna().to_numpy()
                check_exact(known, np.dtype(np.float64), place)
            return np.asarray(series.to_numpy(dtype="float64", na_value=np.nan))
        return settle(np.asarray(series.to_numpy(dtype=dtype.numpy_dtype)), place)
    return settle(np.asarray(series.to_numpy()), place)


def _side_by_side(columns: list[np.ndarray], names: list[str], rows: int, place: str) -> np.ndarray:
    """Return columns of various types as one column-major array that holds all values."""
    if not columns:
        return np.zeros((rows, 0), np.float64)
    kinds = {column.dtype for column in columns}
    if len(kinds) > 1:
        kinds = {np.dtype(np.uint8) if kind.kind == "b" else kind for kind in kinds}
    target = np.result_type(*kinds)
    out = np.empty((rows, len(columns)), target, order="F")
    for index, (column, name) in enumerate(zip(columns, names, strict=True)):
        if column.ndim != 1:
            raise DataTypeError(
                f"{place} column '{name}': each cell holds an array of shape {column.shape[1:]}, "
                f"expected a number. Write np.stack(df['{name}'])."
            )
        check_exact(column, target, f"{place} column '{name}'")
        out[:, index] = column
    return out


_KIND = {0: "i", 1: "u", 2: "f", 20: "b"}


def _interchange_column(column: Any, place: str) -> np.ndarray:
    kind, bits, _, order = column.dtype
    if int(kind) not in _KIND:
        raise DataTypeError(f"{place}: got elements of kind {kind}, expected numbers.")
    if column.null_count:
        raise DataTypeError(f"{place}: {column.null_count} values are missing. Fill them first.")
    import ctypes

    buffer, _ = column.get_buffers()["data"]
    size, start = column.size(), column.offset
    raw = (ctypes.c_char * buffer.bufsize).from_address(buffer.ptr) if buffer.bufsize else b""
    if int(kind) == 20 and bits == 1:
        packed = np.frombuffer(raw, np.uint8)
        return np.unpackbits(packed, bitorder="little")[start : start + size].astype(bool)
    code = "?" if int(kind) == 20 else f"{_KIND[int(kind)]}{bits // 8}"
    dtype = np.dtype(code).newbyteorder(">" if order == ">" else "=")
    view = np.frombuffer(raw, dtype)[start : start + size]
    return settle(view.copy(), place)
