"""Arrays in chunks: a B-tree of pieces, each perhaps compressed, put together again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .filter import Filters
from .source import UNDEFINED
from .tree import CHUNKS, tree_leaves

if TYPE_CHECKING:
    from .dataset import Dataset

_LARGEST = 1 << 24  # bytes; a chunk may exceed a small array, but not by more than this


def read_chunks(
    dataset: Dataset, tree: int, chunk: tuple[int, ...], filters: Filters
) -> np.ndarray:
    """Return the array; every chunk must be there, once, and unpack to its exact size."""
    source, shape, dtype = dataset.source, dataset.shape, dataset.dtype
    size = math.prod(chunk) * dtype.itemsize
    if size > dataset.size + _LARGEST:
        raise source.failure(f"'{dataset.path}' of shape {shape} has chunks of {chunk}; refused.")
    wanted = math.prod(-(-n // c) for n, c in zip(shape, chunk, strict=True))
    source.spend(wanted)  # before memory is taken: each chunk takes room in the file
    out = np.empty(shape, dtype)
    seen = set()
    for stored, mask, offset, address in _pieces(dataset, tree):
        if offset in seen or any(o % c or o >= n for o, c, n in
                                 zip(offset, chunk, shape, strict=True)):  # fmt: skip
            raise source.damaged(f"a chunk of '{dataset.path}' at {offset}")
        seen.add(offset)
        source.spend_bytes(size)
        data = filters.undo(source.take(address, stored), mask, size, dtype.itemsize)
        piece = np.frombuffer(data, dtype).reshape(chunk)
        places = tuple(slice(o, o + c) for o, c in zip(offset, chunk, strict=True))
        room = out[places]
        room[...] = piece[tuple(slice(0, n) for n in room.shape)]
    if len(seen) != wanted:
        raise source.failure(
            f"'{dataset.path}' declares shape {shape} but stores {len(seen)} of {wanted} chunks; "
            "refused."
        )
    return out


def _pieces(dataset: Dataset, tree: int) -> Iterator[tuple[int, int, tuple[int, ...], int]]:
    """Give stored size, filter mask, offset and address of each chunk."""
    if tree == UNDEFINED:
        return
    axes = len(dataset.shape)
    for key, address in tree_leaves(dataset.source, tree, CHUNKS, key_size=8 + 8 * (axes + 1)):
        stored, mask = key.number(4), key.number(4)
        yield stored, mask, tuple(key.number(8) for _ in range(axes)), address
