"""Element types: the integers, floats and bools that weights are made of."""

from __future__ import annotations

import numpy as np

from .source import Cursor

_CLASSES = ("integer", "float", "time", "string", "bits", "opaque", "compound", "reference",
            "enumeration", "text of variable length", "array", "complex")  # fmt: skip
# size: (exponent location and size, mantissa location and size, bias) of the IEEE formats
_IEEE = {2: (10, 5, 0, 10, 15), 4: (23, 8, 0, 23, 127), 8: (52, 11, 0, 52, 1023)}


def read_datatype(message: Cursor, path: str) -> np.dtype:
    """Return the NumPy type of a datatype message; anything but plain numbers is refused."""
    first = message.number(1)
    bits = message.number(3)
    size = message.number(4)
    name = _CLASSES[first & 15] if first & 15 < len(_CLASSES) else "unknown"
    if name == "integer":
        code = _integer(message, bits, size)
    elif name == "float":
        code = _float(message, bits, size)
    elif name == "enumeration" and size == 1:
        code = "?"  # h5py's bool
    else:
        code = None
    if code is None:
        raise message.source.failure(
            f"'{path}' has elements of the HDF5 type '{name}' ({size} bytes), "
            "expected plain integers, floats or bools."
        )
    return np.dtype(code)


def _integer(message: Cursor, bits: int, size: int) -> str | None:
    offset, precision = message.number(2), message.number(2)
    if size not in (1, 2, 4, 8) or offset != 0 or precision != 8 * size:
        return None
    return f"{'>' if bits & 1 else '<'}{'i' if bits & 8 else 'u'}{size}"


def _float(message: Cursor, bits: int, size: int) -> str | None:
    offset, precision = message.number(2), message.number(2)
    layout = tuple(message.number(1) for _ in range(4)) + (message.number(4),)
    sign = bits >> 8 & 0xFF
    if size not in _IEEE or layout != _IEEE[size] or (offset, precision) != (0, 8 * size):
        return None
    if bits & 0x40 or sign != 8 * size - 1:
        return None
    return f"{'>' if bits & 1 else '<'}f{size}"
