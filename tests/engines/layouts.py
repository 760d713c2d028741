"""Ways in which an array of given numbers may lie in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np


def fortran(a: np.ndarray) -> np.ndarray:
    return np.asfortranarray(a)


def rows_apart(a: np.ndarray) -> np.ndarray:
    wide = np.zeros((3 * len(a), *a.shape[1:]), a.dtype)
    wide[1::3] = a
    return wide[1::3]


def features_apart(a: np.ndarray) -> np.ndarray:
    wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), a.dtype)
    wide[..., 1::2] = a
    return wide[..., 1::2]


def rows_backwards(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(a[::-1])[::-1]


def features_backwards(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(a[..., ::-1])[..., ::-1]


def one_row_repeated(a: np.ndarray) -> np.ndarray:
    return np.broadcast_to(a[0], a.shape)


def one_feature_repeated(a: np.ndarray) -> np.ndarray:
    return np.broadcast_to(a[..., :1], a.shape)


def unaligned(a: np.ndarray) -> np.ndarray:
    raw = np.zeros(a.nbytes + 1, np.uint8)
    view = raw[1:].view(a.dtype).reshape(a.shape)
    view[...] = a
    return view


def read_only(a: np.ndarray) -> np.ndarray:
    a = a.copy()
    a.setflags(write=False)
    return a


def transposed(a: np.ndarray) -> np.ndarray:
    """Lies with its axes in the opposite order but for the rows."""
    axes = (0, *range(a.ndim - 1, 0, -1))
    return np.ascontiguousarray(a.transpose(axes)).transpose(axes)


def features_first(a: np.ndarray) -> np.ndarray:
    """Lies with its last axis outermost, rows next."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(a, -1, 0)), 0, -1)


def field(a: np.ndarray) -> np.ndarray:
    """Is a field of records of an odd number of bytes."""
    records = np.zeros(a.shape, [("flag", "u1"), ("value", a.dtype), ("tail", "u2")])
    records["value"] = a
    return records["value"]


def swapped(a: np.ndarray) -> np.ndarray:
    return a.astype(a.dtype.newbyteorder())


def part_of_wider_rows(a: np.ndarray) -> np.ndarray:
    wide = np.zeros((*a.shape[:-1], a.shape[-1] + 5), a.dtype)
    wide[..., 3:-2] = a
    return wide[..., 3:-2]


LAYOUTS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    np.ascontiguousarray, fortran, rows_apart, features_apart, rows_backwards, features_backwards,
    one_row_repeated, one_feature_repeated, unaligned, read_only, transposed, features_first,
    field, swapped, part_of_wider_rows,
)  # fmt: skip


def mapped(a: np.ndarray, path: Path) -> np.ndarray:
    """Return the array as a read-only file in memory."""
    a.tofile(path)
    return np.memmap(path, a.dtype, "r", shape=a.shape)
