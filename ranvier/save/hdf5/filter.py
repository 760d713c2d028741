"""Filters: how the chunks of an array were compressed and checked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from . import header as h
from .header import Header
from .source import Source

_DEFLATE, _SHUFFLE, _FLETCHER = 1, 2, 3


@dataclass(frozen=True)
class Filters:
    """The steps that were taken to store a chunk, and how to take them back."""

    source: Source
    path: str
    steps: tuple[int, ...]

    def undo(self, data: memoryview, mask: int, size: int, itemsize: int) -> bytes | memoryview:
        """Return the `size` bytes that were stored as `data`; a step in `mask` was not taken."""
        out: bytes | memoryview = data
        for place, step in reversed(list(enumerate(self.steps))):
            if mask >> place & 1:
                continue
            if step == _DEFLATE:
                out = self._inflate(out, size + 4)  # a checksum may follow inside
            elif step == _SHUFFLE:
                out = _unshuffle(out, itemsize)
            else:
                out = self._checked(out)
        if len(out) != size:
            raise self.source.damaged(f"a chunk of '{self.path}' has {len(out)} bytes, not {size}")
        return out

    def _inflate(self, data: bytes | memoryview, most: int) -> bytes:
        unpack = zlib.decompressobj()
        try:
            out = unpack.decompress(data, most)
        except zlib.error:
            raise self.source.damaged(f"a chunk of '{self.path}' cannot be unpacked") from None
        if not unpack.eof and len(out) >= most:
            raise self.source.failure(f"a chunk of '{self.path}' unpacks to more than its size.")
        return out

    def _checked(self, data: bytes | memoryview) -> memoryview:
        view = memoryview(data)
        if len(view) < 4 or _fletcher32(view[:-4]) != int.from_bytes(view[-4:], "little"):
            raise self.source.damaged(f"a chunk of '{self.path}' fails its checksum")
        return view[:-4]


def read_filters(header: Header, path: str) -> Filters:
    """Return the filters of a dataset; any but deflate, shuffle and fletcher32 is refused."""
    steps = []
    for message in header.all(h.FILTERS):
        version, count = message.number(1), message.number(1)
        message.skip(6 if version == 1 else 0)
        for _ in range(count):
            step = message.number(2)
            if step not in (_DEFLATE, _SHUFFLE, _FLETCHER):
                raise header.source.failure(
                    f"'{path}' is stored with HDF5 filter {step}; only deflate, shuffle and "
                    "fletcher32 are read."
                )
            name = message.number(2) if version == 1 else 0
            message.skip(2)
            values = message.number(2)
            message.skip(name + -name % 8 + 4 * (values + (values % 2 if version == 1 else 0)))
            if step in steps:  # a small chunk would keep the reader busy for long
                raise header.source.failure(
                    f"'{path}' is stored with filter {step} twice; refused."
                )
            steps.append(step)
    return Filters(header.source, path, tuple(steps))


def _unshuffle(data: bytes | memoryview, itemsize: int) -> bytes:
    whole = len(data) - len(data) % itemsize
    parts = np.frombuffer(data, np.uint8)
    return parts[:whole].reshape(itemsize, -1).T.tobytes() + parts[whole:].tobytes()


def _fletcher32(data: memoryview) -> int:
    """HDF5's checksum: two running sums of big-endian 16-bit words, modulo 65535."""
    words = np.frombuffer(bytes(data) + b"\0" * (len(data) % 2), ">u2").astype(np.uint64)
    first = second = 0
    for start in range(0, len(words), 65536):  # short enough for 64-bit sums
        block = words[start : start + 65536]
        weights = np.arange(len(block), 0, -1, dtype=np.uint64)
        second = (second + len(block) * first + int((weights * block).sum())) % 65535
        first = (first + int(block.sum())) % 65535
    return second << 16 | first
