"""Event files of TensorBoard: scalars, histograms and model graphs, written by hand.

A file is a row of TFRecords, each an `Event` in the wire format of protocol buffers. Numbers of
fields are those of tensorflow/core/util/event.proto, framework/summary.proto and tensor.proto.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from itertools import count
from typing import Any

import numpy as np

_CASTAGNOLI = 0x82F63B78
_FLOAT, _DOUBLE, _STRING = 1, 2, 7
#: How TensorBoard is to read a tensor; for graphs it finds out itself.
_SCALAR, _TENSOR, _UNKNOWN = 1, 2, 0
_BUCKETS = 30
_numbers = count()


def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (_CASTAGNOLI if byte & 1 else 0)
        found.append(byte)
    return tuple(found)


_TABLE = _table()


def masked_crc32c(data: bytes) -> int:
    """Return the checksum of TFRecords: CRC-32C, turned by 15 bits and shifted by a constant.

    Example:
        >>> hex(masked_crc32c(b"123456789"))
        '0xc78ab0e5'
    """
    crc, table = 0xFFFFFFFF, _TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data: bytes) -> bytes:
    """Return one TFRecord: length, its checksum, data, their checksum."""
    length = struct.pack("<Q", len(data))
    return b"".join(
        (length, struct.pack("<I", masked_crc32c(length)), data,
         struct.pack("<I", masked_crc32c(data)))
    )  # fmt: skip


class EventFile:
    """Writes one event file; each event is in the file when its call returns.

    Args:
        folder: where the file is made, under a name that TensorBoard looks for.

    Attributes:
        path: the file.

    Raises:
        OSError: that names the file, where it cannot be written.
    """

    def __init__(self, folder: str) -> None:
        os.makedirs(folder, exist_ok=True)
        host = socket.gethostname() or "localhost"
        name = f"events.out.tfevents.{int(time.time()):010d}.{host}.{os.getpid()}.{next(_numbers)}"
        self.path = os.path.join(folder, f"{name}.v2")
        with open(self.path, "wb") as file:
            file.write(record(_event(None, _text(3, "brain.Event:2"))))

    def scalar(self, tag: str, value: float, step: int) -> None:
        """Write one number."""
        self._write(tag, _tensor(_FLOAT, (), np.float32(value).tobytes()), "scalars", _SCALAR, step)

    def histogram(self, tag: str, values: np.ndarray, step: int) -> None:
        """Write how the values are distributed, in 30 buckets."""
        rows = _histogram(values)
        tensor = _tensor(_DOUBLE, rows.shape, rows.tobytes())
        self._write(tag, tensor, "histograms", _TENSOR, step)

    def keras_model(self, tag: str, config: str, step: int = 0) -> None:
        """Write the layers of a model and their connections, as JSON."""
        tensor = _number(1, _STRING) + _bytes(2, b"") + _text(8, config)
        self._write(tag, tensor, "graph_keras_model", _UNKNOWN, step, b"1")

    def _write(
        self, tag: str, tensor: bytes, plugin: str, kind: int, step: int, content: bytes = b""
    ) -> None:
        data = _text(1, plugin) + (_bytes(2, content) if content else b"")
        value = _text(1, tag) + _bytes(8, tensor) + _bytes(9, _bytes(1, data) + _number(4, kind))
        with open(self.path, "ab") as file:
            file.write(record(_event(step, _bytes(5, _bytes(1, value)))))


def _histogram(values: np.ndarray) -> np.ndarray:
    """Return rows of (left, right, count); values that are no numbers are left out."""
    flat = np.asarray(values, np.float64).ravel()
    flat = flat[np.isfinite(flat)]
    if not flat.size:
        return np.zeros((0, 3))
    low, high = flat.min(), flat.max()
    if low == high:
        return np.array([[low - 0.5, high + 0.5, flat.size]])
    counts, edges = np.histogram(flat, _BUCKETS)
    return np.stack([edges[:-1], edges[1:], counts.astype(np.float64)], axis=1)


# --- the wire format: a key (field * 8 + type), then a varint, eight bytes, or a length and bytes
def _event(step: int | None, content: bytes) -> bytes:
    when = b"\x09" + struct.pack("<d", time.time())
    return when + (b"" if step is None else _number(2, step)) + content


def _tensor(dtype: int, shape: tuple[int, ...], content: bytes) -> bytes:
    sizes = b"".join(_bytes(2, _number(1, size)) for size in shape)
    return _number(1, dtype) + _bytes(2, sizes) + _bytes(4, content)


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= 0xFFFFFFFFFFFFFFFF
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: Any) -> bytes:
    return _bytes(field, str(value).encode("utf-8"))
