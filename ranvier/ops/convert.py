"""Ways in and out: arrays from anything, NumPy from anything, sizes and types."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.dtype import canonical, is_float, promote
from ..graph.errors import TraceError
from ..graph.mask import mask_of, set_mask
from ..graph.node import Node, cast, is_symbolic
from ..graph.shape import is_open
from ..graph.shape import size as _count
from .elementwise import clip, multiply
from .reduce import given
from .reshape import itself, shape


def convert_to_tensor(x: Any, dtype: object = None, sparse: Any = None, ragged: Any = None) -> Any:
    """Return x as something that ops work on: an Array, or the node that it is.

    Args:
        x: numbers, a list, an array, a Variable or a traced value.
        dtype: default the type of x; Python floats take the default float type.
        sparse: accepted and ignored.
        ragged: accepted and ignored.

    Example:
        >>> convert_to_tensor([1.0, 2.0]).numpy()
        array([1., 2.], dtype=float32)
    """
    made = given(x) if dtype is None else cast(given(x), dtype)
    if not isinstance(made, np.ndarray):
        return made
    same = getattr(x, "dtype", None) == made.dtype
    return set_mask(Array.of(made), mask_of(x) if same else None)


array = convert_to_tensor


def convert_to_numpy(x: Any) -> np.ndarray:
    """Return x as a plain NumPy array.

    Raises:
        TraceError: for a traced value, which has no numbers yet.
    """
    if isinstance(x, Node) or (is_symbolic(x) and not hasattr(x, "numpy")):
        raise TraceError(
            "convert_to_numpy: this value is being traced into a compiled step and has no "
            "numbers yet. Write the computation with ranvier.ops, or use run_eagerly=True."
        )
    return np.asarray(x.numpy() if hasattr(x, "numpy") else x)


def is_tensor(x: Any) -> bool:
    """Tell whether x is a value of ops: an Array or a traced value."""
    return isinstance(x, (Array, Node))


def dtype(x: Any) -> str:
    """Return the name of the element type of x."""
    return str(given(x).dtype)


def size(x: Any) -> Any:
    """Return how many elements x holds: an int, or a node where the batch is open."""
    x = given(x)
    rows = shape(x)[0] if is_open(tuple(x.shape)) else None
    return _count(x.shape) if rows is None else multiply(rows, _count(x.shape))


def copy(x: Any) -> Any:
    """Return a copy of an array; a traced value is its own copy, since it never changes."""
    x = given(x)
    return Array.of(np.array(x)) if isinstance(x, np.ndarray) else itself(x)


def saturate_cast(x: Any, dtype: Any) -> Any:
    """Return x with elements of another type, bounded by what that type can hold."""
    x = given(x)
    target = np.dtype(dtype)
    if target.kind == "b":
        return cast(x, "bool")
    info: Any = np.finfo(target) if target.kind == "f" else np.iinfo(target)
    low, high = float(info.min), float(info.max)
    if not is_float(str(x.dtype)):
        own = np.iinfo(str(x.dtype)) if str(x.dtype) != "bool" else None
        if own is None or (own.min >= low and own.max <= high):
            return cast(x, target)
        return cast(clip(x, int(max(low, own.min)), int(min(high, own.max))), target)
    if target.kind == "f" and canonical(target) == promote(str(x.dtype), canonical(target)):
        return cast(x, target)
    if target.kind != "f":
        # The largest float that is not beyond the largest integer.
        high = float(np.nextafter(np.dtype(str(x.dtype)).type(high), 0)) if high > 2**23 else high
    return cast(clip(x, low, high), target) if math.isfinite(high) else cast(x, target)
