"""What users hand over, as plain NumPy arrays: views where possible, never reinterpreted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..graph.errors import DataError, DataTextError, DataTypeError
from ..graph.frame import of_frames

#: Element types that engines read in place, with any strides.
PLAIN = frozenset(
    np.dtype(code) for code in ("?", "u1", "u2", "u4", "i1", "i2", "i4", "i8", "f4", "f8")
)
#: Integers up to here have a float64 of their own.
EXACT = 2**53


def as_array(value: Any, place: str = "x") -> np.ndarray:
    """Return `value` as a plain array with rows on axis 0, without a copy where that is possible.

    uint8/16/32, int8..64, float32/64 and bool of any strides stay views of the user's memory.
    Big-endian and unaligned numbers, float16, longdouble, uint64, structured records and objects
    that are numbers are converted if no value changes.

    Args:
        value: array, list, frame, series, tensor, or anything with `__array__`.
        place: how messages name it.

    Returns: a native, aligned `numpy.ndarray` of one of the types in `PLAIN`.

    Raises:
        DataTypeError: for text, dates, complex numbers, sparse matrices, masked entries, and
            numbers that no plain type holds.
        DataError: for rows of different lengths and single numbers.

    Example:
        >>> as_array([[1, 2], [3, 4]]).dtype
        dtype('int64')
    """
    if is_plain(value):
        plain: np.ndarray = value
        return plain
    array = settle(_read(value, place), place)
    if array.ndim == 0:
        raise DataError(
            f"{place}: got the single number {array[()]}, expected an array with one row for each "
            f"example. For one example write np.array([[...]])."
        )
    return array


def is_plain(value: Any) -> bool:
    """Tell whether `as_array` returns the value itself."""
    return (
        type(value) is np.ndarray
        and value.dtype in PLAIN
        and value.dtype.isnative
        and value.flags.aligned
        and value.ndim > 0
    )


def settle(array: np.ndarray, place: str) -> np.ndarray:
    """Return `array` in a plain, native, aligned type, or refuse it."""
    dtype = array.dtype
    if dtype.fields is not None:
        return _records(array, place)
    if dtype.kind == "O":
        return from_objects(array, place)
    if dtype.kind in "UST":
        first = array.ravel()[0] if array.size else ""
        raise DataTextError(f"{place}: row 0 holds {_text_advice(first)}")
    if dtype.newbyteorder("=") in PLAIN:
        if dtype.isnative and array.flags.aligned:
            return array
        return array.astype(dtype.newbyteorder("="))
    if dtype.kind == "f":
        return _other_float(array, place)
    if dtype.kind == "u":
        return _large_unsigned(array, place)
    if dtype.name == "bfloat16":
        return array.astype(np.float32)
    raise DataTypeError(f"{place}: got {_refused_type(array)}")


def from_objects(array: np.ndarray, place: str) -> np.ndarray:
    """Return an array of Python objects as numbers, if each is one; a stack, if each is a row."""
    flat = array.ravel()
    for index, item in enumerate(flat):
        if isinstance(item, (bool, int, float, np.bool_, np.integer, np.floating)):
            continue
        if array.ndim == 1 and (isinstance(item, (list, tuple)) or hasattr(item, "shape")):
            return _stack(list(flat), place)
        row = f"row {np.unravel_index(index, array.shape)[0]}" if array.ndim else "it"
        if item is None or type(item).__name__ in ("NAType", "NaTType"):
            raise DataTypeError(
                f"{place}: {row} is missing ({item!r}). Fill it first, for instance with "
                "df.fillna(0), or write float('nan') to be warned and train on."
            )
        if isinstance(item, (str, bytes)):
            raise DataTextError(f"{place}: {row} holds {_text_advice(item)}")
        raise DataTypeError(
            f"{place}: {row} holds {_short(item)} of type {type(item).__name__}, expected numbers. "
            'Convert it, for instance with np.asarray(x, dtype="float32").'
        )
    if flat.size == 0:
        return np.zeros(array.shape, np.float64)
    items = flat.tolist()
    numbers = np.array(items)
    if numbers.dtype.kind == "O" or (numbers.dtype.kind == "f" and _rounded(items)):
        raise DataTypeError(
            f"{place}: holds integers too large for any plain type without rounding. Scale them, "
            'or accept rounding with np.asarray(x, dtype="float64").'
        )
    return settle(numbers.reshape(array.shape), place)


def _read(value: Any, place: str) -> np.ndarray:
    """Return some NumPy array that holds what `value` holds, of any type."""
    if isinstance(value, np.ndarray):
        return _unmasked(value, place)
    if of_frames(value):
        from .frames import frame_array

        return frame_array(value, place)
    if hasattr(value, "tocoo") or type(value).__module__.partition(".")[0] == "sparse":
        raise DataTypeError(
            f"{place}: got a sparse {type(value).__name__} of shape {tuple(value.shape)}, expected "
            f"a dense array. Write {place}.toarray(), or x[rows].toarray() batch by batch in a "
            "generator if that is too large."
        )
    if isinstance(value, (list, tuple, range)):
        return _from_list(value, place)
    tensor = _tensor(value, place)
    if tensor is not None:
        return tensor
    if hasattr(value, "__dataframe__"):
        from .frames import interchange_array

        return interchange_array(value, place)
    if isinstance(value, (bool, int, float)):
        return np.asarray(value)
    if isinstance(value, (str, bytes)):
        raise DataTextError(f"{place}: got {_text_advice(value)}")
    way = "Convert it with np.asarray first."
    if callable(value):
        way = "Give what it returns: call it, as in fit(batches())."
    raise DataTypeError(
        f"{place}: got {_short(value)} of type {type(value).__name__}, expected an array, a list, "
        f"a frame, or an iterable of batches. {way}"
    )


def _unmasked(array: np.ndarray, place: str) -> np.ndarray:
    if isinstance(array, np.ma.MaskedArray):
        masked = int(np.count_nonzero(np.ma.getmaskarray(array)))
        if masked:
            raise DataTypeError(
                f"{place}: got a masked array with {masked} masked entries, which have no value. "
                f"Write {place}.filled(0), or drop those rows."
            )
        return np.asarray(array.data)
    return np.asarray(array)


def _tensor(value: Any, place: str) -> np.ndarray | None:
    """Return the numbers of an array-like from another library, or None."""
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        value = value.detach().cpu()
        if getattr(value, "is_sparse", False):
            value = value.to_dense()
        if str(getattr(value, "dtype", "")).endswith("bfloat16"):
            value = value.float()
        return np.asarray(value.numpy())
    if type(value).__name__ in ("RaggedTensor", "SparseTensor"):
        raise DataTypeError(
            f"{place}: got a {type(value).__name__}, expected a dense array. Write "
            f"{place}.to_tensor().numpy(), or tf.sparse.to_dense({place}).numpy()."
        )
    if hasattr(value, "__array__"):
        return np.asarray(value)
    if hasattr(value, "numpy") and callable(value.numpy):
        return np.asarray(value.numpy())
    if hasattr(value, "__array_interface__") or isinstance(value, memoryview):
        return np.asarray(value)
    return None


def _from_list(value: Sequence[Any], place: str) -> np.ndarray:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, RuntimeError):
        return _stack(list(value), place)
    if array.dtype.kind == "O" or (array.dtype.kind == "f" and _huge(array)):
        return from_objects(np.array(value, dtype=object), place)
    return array


def _stack(rows: list[Any], place: str) -> np.ndarray:
    """Stack rows that NumPy did not stack by itself; say which row is odd."""
    arrays = [settle(_read(row, f"{place}[{i}]"), f"{place}[{i}]") for i, row in enumerate(rows)]
    for index, array in enumerate(arrays):
        if array.shape != arrays[0].shape:
            raise DataError(
                f"{place}: row 0 has shape {arrays[0].shape}, but row {index} has shape "
                f"{array.shape}; all rows must be alike. For sequences of different lengths use "
                "pad_sequences(x)."
            )
    return np.stack(arrays)


def _records(array: np.ndarray, place: str) -> np.ndarray:
    """Return a structured array as one with a last axis more: its fields."""
    from numpy.lib.recfunctions import structured_to_unstructured

    fields: dict[str, Any] = dict(array.dtype.fields or {})
    for name, (dtype, *_) in fields.items():
        if dtype.kind not in "buif":
            raise DataTypeError(
                f"{place}: field '{name}' has type {dtype}, expected numbers. Select the number "
                f"fields, for instance {place}[['a', 'b']]."
            )
    kinds = {dtype.base for dtype, *_ in fields.values()}
    for name in fields:
        if len(kinds) > 1:
            check_exact(array[name], np.result_type(*kinds), f"{place} field '{name}'")
    return settle(structured_to_unstructured(array), place)


def check_exact(array: np.ndarray, target: np.dtype, place: str) -> None:
    """Refuse integers that a float type beside them would round."""
    if array.dtype.kind in "iu" and target.kind == "f" and array.dtype.itemsize > 4:
        if array.size and max(int(array.max()), -int(array.min())) > EXACT:
            raise DataTypeError(
                f"{place}: holds integers beyond 2^53, which the floats beside them would round. "
                "Leave it out if it is an identifier, or scale it."
            )


def _other_float(array: np.ndarray, place: str) -> np.ndarray:
    if array.dtype.itemsize == 2:
        return array.astype(np.float32)
    with np.errstate(over="ignore"):
        narrow = array.astype(np.float64)
    same = (narrow == array) | (np.isnan(narrow) & np.isnan(array))
    if not same.all():
        raise DataTypeError(
            f"{place}: got {array.dtype}, and float64 would round its values. If that does not "
            f'matter write {place}.astype("float64").'
        )
    return narrow


def _large_unsigned(array: np.ndarray, place: str) -> np.ndarray:
    if not (array.dtype.isnative and array.flags.aligned):
        array = array.astype(array.dtype.newbyteorder("="))
    if array.size and int(array.max()) >= 2**63:
        raise DataTypeError(
            f"{place}: holds {int(array.max())}, beyond int64. Scale it, or write "
            f'{place}.astype("float64") if rounding does not matter.'
        )
    return array.view(np.int64)


def _refused_type(array: np.ndarray) -> str:
    kind = array.dtype.kind
    if kind == "c":
        return (
            f"complex numbers ({array.dtype}), expected real ones. Give real and imaginary part as "
            "two features: np.stack([x.real, x.imag], axis=-1)."
        )
    if kind in "Mm":
        unit = "(x - x.min()) / np.timedelta64(1, 'D')" if kind == "M" else (
            "x / np.timedelta64(1, 's')")  # fmt: skip
        return f"dates or times ({array.dtype}), expected numbers. Write {unit}."
    return f"elements of type {array.dtype}, expected numbers. Convert them with x.astype(...)."


def _text_advice(item: Any) -> str:
    try:
        float(item)
    except ValueError:
        way = (
            "For labels write names, y = np.unique(labels, return_inverse=True); for categories in "
            "x pandas.get_dummies(x, dtype=float), or StringLookup before the model."
        )
    else:
        way = 'For digits in text write np.asarray(x).astype("float32").'
    return f"text ({_short(item)}), expected numbers. {way}"


def _short(value: Any) -> str:
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= 60 else text[:57] + "..."


def _huge(array: np.ndarray) -> bool:
    with np.errstate(invalid="ignore"):
        return bool(array.size and np.max(np.abs(array)) >= EXACT)


def _rounded(items: Iterable[Any]) -> bool:
    return any(type(v) is int and abs(v) > EXACT and int(float(v)) != v for v in items)
