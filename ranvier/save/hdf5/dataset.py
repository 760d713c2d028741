"""Datasets: shape and type of an array, and its numbers where the file itself holds them."""

from __future__ import annotations

import math

import numpy as np

from . import header as h
from .chunk import read_chunks
from .datatype import read_datatype
from .filter import read_filters
from .header import Header
from .source import UNDEFINED, Cursor, Source

_MOST_AXES = 32


class Dataset:
    """An array of an HDF5 file: shape and type at once, numbers when asked."""

    def __init__(self, source: Source, path: str, header: Header) -> None:
        self.source = source
        self.path = path
        self._header = header
        if header.has(h.EXTERNAL):
            raise source.failure(f"'{path}' keeps its numbers in another file; refused.")
        self.shape = _shape(header.one(h.SPACE, "dataspace"), path)
        self.dtype = read_datatype(header.one(h.TYPE, "datatype"), path)
        self.size = math.prod(self.shape) * self.dtype.itemsize

    def read(self) -> np.ndarray:
        """Return the numbers; what is declared must be what is stored.

        Where they lie in one piece, the array is a read-only view of the file's bytes.
        """
        self.source.spend_bytes(self.size)
        layout = self._header.one(h.LAYOUT, "layout")
        version, kind = layout.number(1), layout.number(1)
        if version in (1, 2):
            raise self.source.failure(f"'{self.path}' has a layout older than HDF5 1.6; not read.")
        if version not in (3, 4):
            raise self.source.damaged(f"layout of version {version}")
        if kind == 2 and version == 3:
            return self._chunked(layout)
        if self._header.has(h.FILTERS) or kind not in (0, 1):
            what = "is a virtual dataset" if kind == 3 else "is stored in a newer form of chunks"
            raise self.source.failure(f"'{self.path}' {what}; refused.")
        data = layout.raw(layout.number(2)) if kind == 0 else self._contiguous(layout)
        if len(data) != self.size:
            raise self.source.failure(
                f"'{self.path}' declares shape {self.shape} of {self.dtype}, {self.size} bytes, "
                f"but stores {len(data)}; refused."
            )
        return np.frombuffer(data, self.dtype).reshape(self.shape)

    def _contiguous(self, layout: Cursor) -> memoryview:
        address, size = layout.number(8), layout.number(8)
        if self.size == 0:
            return memoryview(b"")
        if address == UNDEFINED:
            raise self.source.failure(
                f"'{self.path}' declares shape {self.shape} but stores nothing; refused."
            )
        return self.source.take(address, size)

    def _chunked(self, layout: Cursor) -> np.ndarray:
        axes = layout.number(1)
        tree = layout.number(8)
        sizes = tuple(layout.number(4) for _ in range(axes))
        if axes != len(self.shape) + 1 or sizes[-1] != self.dtype.itemsize or 0 in sizes:
            raise self.source.damaged(f"chunks {sizes} for shape {self.shape}")
        filters = read_filters(self._header, self.path)
        return read_chunks(self, tree, sizes[:-1], filters)


def _shape(message: Cursor, path: str) -> tuple[int, ...]:
    version, axes, _, kind = (message.number(1) for _ in range(4))
    if version not in (1, 2) or axes > _MOST_AXES:
        raise message.source.damaged(f"dataspace of version {version} with {axes} axes")
    message.skip(4 if version == 1 else 0)
    if version == 2 and kind == 2:
        raise message.source.failure(f"'{path}' has no numbers at all.")
    return tuple(message.number(8) for _ in range(axes))  # the greatest sizes may follow
