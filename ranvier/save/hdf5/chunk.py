"""Arrays in chunks: a B-tree of pieces, each perhaps compressed, put together again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .filter import Filters
from .source import UNDEFINED
from .tree import CHUNKS, read_tree_node

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
    source, axes = dataset.source, len(dataset.shape)
    key = 8 + 8 * (axes + 1)
    waiting, seen = ([] if tree == UNDEFINED else [tree]), set[int]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            raise source.damaged("a tree that contains itself")
        seen.add(here)
        level, entries = read_tree_node(source, here, CHUNKS, key)
        for _ in range(entries.left // (key + 8)):
            stored, mask = entries.number(4), entries.number(4)
            offset = tuple(entries.number(8) for _ in range(axes))
            entries.skip(8)
            address = entries.number(8)
            if level:
                waiting.append(address)
            else:
                yield stored, mask, offset, address
