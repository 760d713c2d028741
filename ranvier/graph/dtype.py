"""Element types, the default float type, and the one promotion table."""

from __future__ import annotations

from numbers import Real

import numpy as np

from .errors import ArgumentError, DTypeError, nearest

#: Every element type a graph can hold, from weakest to strongest in promotion.
DTYPES = ("bool", "uint32", "int32", "int64", "float32", "float64")
_RANK = {name: rank for rank, name in enumerate(DTYPES)}
_FLOATX = ["float32"]
_EPSILON = [1e-7]

#: What an array of another NumPy type becomes when it enters a graph. Small integers widen to
#: int32 and float16 to the default float; nothing here loses a value.
_WIDENED = {
    "int8": "int32", "int16": "int32", "uint8": "int32", "uint16": "int32", "uint64": "int64",
}  # fmt: skip


def floatx() -> str:
    """Return the default float type, "float32" unless `set_floatx` changed it."""
    return _FLOATX[0]


def set_floatx(value: str) -> None:
    """Set the default float type for everything built from now on.

    Args:
        value: "float32" or "float64".

    Raises:
        ArgumentError: for any other name.
    """
    if value not in ("float32", "float64"):
        raise ArgumentError(
            f"set_floatx, `value`: got {value!r}, expected 'float32' or 'float64'. "
            "Other float types are read as data, but not computed in."
        )
    _FLOATX[0] = value


def epsilon() -> float:
    """Return the small number that keeps logarithms and divisions finite, 1e-7 by default."""
    return _EPSILON[0]


def set_epsilon(value: float) -> None:
    """Set the small number that keeps logarithms and divisions finite.

    Raises:
        ArgumentError: if it does not lie between 0 and 1.
    """
    if not (isinstance(value, Real) and 0 < value < 1):
        raise ArgumentError(f"set_epsilon, `value`: got {value!r}, expected 0 < value < 1.")
    _EPSILON[0] = float(value)


def canonical(dtype: object) -> str:
    """Return the graph's name of a NumPy dtype, Python type or string; `None` is the default."""
    if isinstance(dtype, str) and dtype in _RANK:
        return dtype
    if isinstance(dtype, str):
        dtype = {"float": float, "int": int}.get(dtype, dtype)
    if dtype is None or dtype is float:
        return floatx()
    if dtype is int:
        return "int32"
    try:
        if isinstance(dtype, str) and not dtype.lstrip("<>=|").isidentifier():
            raise TypeError  # NumPy would read it as Python's own text for several types
        name = np.dtype(dtype).name  # type: ignore[call-overload]
    except (TypeError, ValueError):
        raise DTypeError(f"dtype: got {dtype!r}. {nearest(dtype, DTYPES)}") from None
    if name in _RANK:
        return name
    if name in _WIDENED:
        return _WIDENED[name]
    if name in ("float16", "longdouble", "float128"):
        return floatx()
    raise DTypeError(f"dtype: got {name!r}, which has no place in a graph. {nearest(name, DTYPES)}")


def is_float(dtype: str) -> bool:
    """Tell whether a dtype is a float type."""
    return dtype in ("float32", "float64")


def is_integer(dtype: str) -> bool:
    """Tell whether a dtype is an integer type; bool is none."""
    return dtype in ("int32", "int64", "uint32")


def converted(array: np.ndarray, dtype: str) -> np.ndarray:
    """Return an array's elements in another type, as XLA has it, too.

    Floats lose their fraction where the type is one of integers; those beyond it become its least
    or greatest number, and NaN 0. NumPy leaves that to the processor.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        made = array.astype(dtype)
        if is_integer(dtype) and array.dtype.kind == "f":
            limits = np.iinfo(dtype)
            made[array <= limits.min] = limits.min
            made[array >= limits.max] = limits.max
            made[array != array] = 0
    return made


def promote(*dtypes: str) -> str:
    """Return the type that holds all given ones: bool < integers < float32 < float64."""
    if len(set(dtypes)) == 1:
        return dtypes[0]
    result = max(dtypes, key=_RANK.__getitem__)
    if result == "int32" and "uint32" in dtypes:
        return "int64"
    return result


def of_scalar(value: object, strong: str | None) -> str:
    """Return the type of a Python number beside operands of type `strong` (None: there are none).

    A Python number takes the type of its neighbours, so that `x * 2.0` never widens `x`.
    """
    if isinstance(value, bool):
        return "bool" if strong is None else strong
    if isinstance(value, int):
        if strong is not None and strong != "bool":
            return strong
        return "int32" if -(2**31) <= value < 2**31 else "int64"
    return strong if strong is not None and is_float(strong) else floatx()
