"""Which arrays are read in place."""

from __future__ import annotations

import numpy as np

#: LLVM's type and sign of each number type that is read in place.
SOURCES = {
    "bool": ("i8", "u"), "uint8": ("i8", "u"), "int8": ("i8", "s"), "uint16": ("i16", "u"),
    "int16": ("i16", "s"), "uint32": ("i32", "u"), "int32": ("i32", "s"), "int64": ("i64", "s"),
    "uint64": ("i64", "u"), "float32": ("float", "f"), "float64": ("double", "f"),
}  # fmt: skip


def feature_step(array: np.ndarray) -> int | None:
    """Return the one step in bytes between a row's features, or None if none can be read.

    Another byte order, odd addresses, half floats and features without one step must be staged.
    """
    if array.dtype.name not in SOURCES or not (array.dtype.isnative and array.flags.aligned):
        return None
    step, expected = array.itemsize, None
    for count, stride in zip(reversed(array.shape[1:]), reversed(array.strides[1:]), strict=True):
        if count == 1:
            continue
        if expected is None:
            step = stride
        elif stride != expected:
            return None
        expected = stride * count
    return step
