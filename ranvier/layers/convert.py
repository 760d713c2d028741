"""Arguments as layers take them: arrays, lists of numbers and data frames become arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import dtype as dt
from ..graph.array import Array
from ..graph.errors import ArgumentTypeError, DataTypeError, DTypeError
from ..graph.foreign import instead, is_symbol
from ..graph.frame import no_frame, of_frames
from ..graph.live import Watched
from ..graph.mask import mask_of, set_mask
from ..graph.node import Node, cast
from ..graph.structure import flatten
from ..graph.variable import Variable
from .keras_tensor import KerasTensor


def converted(values: Any, dtype: str | None, place: str) -> Any:
    """Return a structure with its leaves as arrays, nodes or KerasTensors.

    A list that holds numbers alone is one array; other lists keep their structure.

    Args:
        values: arguments of a call.
        dtype: what floats are cast to; None leaves them. Integers and booleans stay.
        place: the layer, for messages.

    Raises:
        DTypeError: for text and other things that are no numbers.
    """
    if isinstance(values, dict):
        return {key: converted(part, dtype, place) for key, part in values.items()}
    if isinstance(values, (list, tuple)) and not _is_numbers(values):
        parts = [converted(part, dtype, place) for part in values]
        return parts if isinstance(values, list) else tuple(parts)
    return _leaf(values, dtype if dtype is not None and dt.is_float(dtype) else None, place)


def _leaf(x: Any, dtype: str | None, place: str) -> Any:
    if isinstance(x, (Node, KerasTensor, Watched)):
        kind = str(x.dtype)
        wrong = dtype is not None and dt.is_float(kind) and kind != dtype
        return set_mask(cast(x, dtype), mask_of(x)) if wrong else x
    if x is None or isinstance(x, (bool, int, float, str, Variable)):
        return x
    if (
        isinstance(x, Array)
        and x.dtype.name in dt.DTYPES
        and (dtype is None or x.dtype.kind != "f" or x.dtype.name == dtype)
    ):
        return x  # itself: a layer may take its mask off, for all that hold it
    if is_symbol(x):
        raise ArgumentTypeError(f"{place}: got {x!r:.60}, expected an array.{instead(x)}")
    known = isinstance(x, (list, tuple, memoryview)) or hasattr(x, "__array__")
    if known or hasattr(x, "to_numpy"):
        return _array(x, dtype, place)
    if of_frames(x):
        raise DTypeError(no_frame(x, place))
    if hasattr(x, "toarray"):
        raise DTypeError(
            f"{place}: got a sparse matrix, expected an ordinary array. Give x.toarray()."
        )
    return x


def as_numbers(x: Any) -> np.ndarray:
    """Return an array-like or a frame as an array; objects that are numbers become numbers.

    Frames give objects where their columns differ in type, as columns of get_dummies do.
    """
    array = np.asarray(x.to_numpy() if hasattr(x, "to_numpy") else x)
    numbers = (bool, int, float, np.bool_, np.integer, np.floating)
    if array.dtype.kind == "O" and all(isinstance(one, numbers) for one in array.flat):
        return np.array(array.tolist()).reshape(array.shape)
    return array


def numbers_of(data: Any, place: str) -> np.ndarray:
    """Return data to adapt to as an array of numbers.

    Raises:
        DataTypeError: for text and other things that are no numbers.
    """
    array = as_numbers(data)
    if array.dtype.kind not in "biuf":
        raise DataTypeError(
            f"{place}: got values of type {array.dtype}, expected numbers. Turn text and "
            "categories into numbers first, or leave those columns out."
        )
    return array


def _array(x: Any, dtype: str | None, place: str) -> Array:
    if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
        raise DTypeError(
            f"{place}: got a masked array, whose masked places have no numbers. Fill them first, "
            "for instance with x.filled(0)."
        )
    array = as_numbers(x)
    if array.dtype.kind not in "biuf":
        raise DTypeError(
            f"{place}: got values of type {array.dtype}, expected numbers. Turn text and "
            "categories into numbers first."
        )
    if array.dtype.kind == "f" and dtype is not None:
        array = array.astype(dtype, copy=False)
    elif array.dtype.name not in dt.DTYPES or not array.dtype.isnative:
        array = array.astype(dt.canonical(array.dtype))
    return set_mask(Array.of(array), mask_of(x))  # type: ignore[no-any-return]


def _is_numbers(values: Any) -> bool:
    """Tell whether nested lists hold plain numbers (or text) alone: then they are one array."""
    leaves = flatten(values)
    return bool(leaves) and all(isinstance(x, (bool, int, float, str, np.number)) for x in leaves)
