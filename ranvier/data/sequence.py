"""Sequences of different lengths, padded to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, DataError
from ..graph.whole import whole


def pad_sequences(
    sequences: Sequence[Sequence[Any]],
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> np.ndarray:
    """Return sequences as rows of one length: the short padded, the long cut.

    Args:
        sequences: a list of sequences of numbers, or of vectors of one size.
        maxlen: the length; default that of the longest.
        dtype: of the result, default int32.
        padding: "pre" (default) puts the padding before the items, "post" after.
        truncating: "pre" (default) cuts the beginning off, "post" the end.
        value: the padding, default 0.

    Shape: (rows, any length, ...) -> (rows, maxlen, ...).
    Raises:
        ArgumentError: for other words than "pre" and "post".
        DataError: where an item is no sequence of numbers, or its vectors have another size.

    Example:
        >>> pad_sequences([[1], [2, 3], [4, 5, 6]], maxlen=2)
        array([[0, 1],
               [2, 3],
               [5, 6]], dtype=int32)

    Source: keras.utils.pad_sequences.
    """
    for name, word in (("padding", padding), ("truncating", truncating)):
        if word not in ("pre", "post"):
            raise ArgumentError(f"pad_sequences, `{name}`: got {word!r}, expected 'pre' or 'post'.")
    lengths, shape = _measure(sequences)
    longest = max(lengths, default=0)
    if maxlen is not None:
        longest = whole("pad_sequences, `maxlen`", maxlen, 0)
    try:
        kind = np.dtype(dtype)
    except TypeError:
        raise ArgumentError(
            f"pad_sequences, `dtype`: got {dtype!r}, expected an element type such as 'int32'."
        ) from None
    try:
        out = np.full((len(sequences), longest, *shape), value, dtype=kind)
    except (ValueError, TypeError, OverflowError) as error:
        raise ArgumentError(
            f"pad_sequences, `value`: got {value!r:.60}, expected a number that {dtype} holds "
            f"({error}). For words write dtype=object."
        ) from None
    for index, sequence in enumerate(sequences):
        kept = sequence[-longest:] if truncating == "pre" else sequence[:longest]
        if not len(kept) or not longest:
            continue
        items = _items(kept, kind, index)
        if items.shape[1:] != shape:
            raise DataError(
                f"pad_sequences, `sequences`: item {index} has vectors of shape {items.shape[1:]}, "
                f"expected {shape}."
            )
        if padding == "pre":
            out[index, longest - len(items) :] = items
        else:
            out[index, : len(items)] = items
    return out


def _items(kept: Sequence[Any], dtype: np.dtype, index: int) -> np.ndarray:
    try:
        return np.asarray(kept, dtype=dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise DataError(
            f"pad_sequences, `sequences`: item {index} is {kept!r:.60}, expected numbers that "
            f"{dtype} holds ({error}). Turn words into numbers first, as TextVectorization does, "
            "or write dtype=object."
        ) from None


def _measure(sequences: Sequence[Sequence[Any]]) -> tuple[list[int], tuple[int, ...]]:
    """Return all lengths, and the shape of one item of the first sequence that has any."""
    if not hasattr(sequences, "__len__"):
        raise DataError(
            f"pad_sequences, `sequences`: got {type(sequences).__name__}, expected a list of lists."
        )
    lengths: list[int] = []
    shape: tuple[int, ...] | None = None
    for index, sequence in enumerate(sequences):
        if not hasattr(sequence, "__len__") or isinstance(sequence, (str, bytes)):
            raise DataError(
                f"pad_sequences, `sequences`: item {index} is {sequence!r}, expected a list of "
                "numbers."
            )
        lengths.append(len(sequence))
        if shape is None and len(sequence):
            shape = _items(sequence, np.dtype(object), index).shape[1:]
    return lengths, shape or ()
