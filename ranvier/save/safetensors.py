"""The safetensors format: a JSON header of names, types, shapes and places, then the numbers.

The format needs 100 lines and no package: docs/decisions/safetensors.md.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..graph.errors import ModelFileError
from .slot import Slot
from .text import read_config

_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
_NAMES = {np.dtype(code): name for name, code in _TYPES.items()}
_NOTES, _CHECKSUM = "__metadata__", "ranvier_sha256"


def pack_safetensors(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return the bytes of a safetensors file with these arrays.

    Example:
        >>> data = pack_safetensors({"a": np.ones(2, "float32")})
        >>> SafetensorsFile(data, "doc").read({"a": Slot("a", (2,), np.dtype("f4"))})
        {'a': array([1., 1.], dtype=float32)}
    """
    header: dict[str, Any] = {}
    pieces = []
    at = 0
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        end = at + plain.nbytes
        header[name] = {"dtype": _NAMES[plain.dtype], "shape": list(array.shape),
                        "data_offsets": [at, end]}  # fmt: skip
        pieces.append(plain.tobytes())
        at = end
    body = b"".join(pieces)
    header = {_NOTES: {"format": "np", _CHECKSUM: _digest(header, body)}, **header}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + body


class SafetensorsFile:
    """The bytes of a safetensors file: names and shapes at once, numbers when asked.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: here and in `read`, if the file is damaged, hostile, or holds other
            arrays than expected.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        size = int.from_bytes(data[:8], "little")
        if len(data) < 8 or size > len(data) - 8:
            raise self._failure("not a safetensors file, or cut off. Copy or save it again.")
        self._entries = read_config(data[8 : 8 + size], f"{name}, header")
        self._body = memoryview(data)[8 + size :]
        notes = self._entries.pop(_NOTES, {})
        self._check_places()
        stored = notes.get(_CHECKSUM) if isinstance(notes, dict) else None
        if stored is not None and stored != _digest(self._entries, self._body):
            raise self._failure("its numbers fail their checksum: the file is damaged.")

    @property
    def names(self) -> list[str]:
        """The names of the arrays."""
        return list(self._entries)

    def read(self, slots: Mapping[str, Slot]) -> dict[str, np.ndarray]:
        """Return arrays by name, each of the shape and type that its slot expects.

        Shapes and types are checked before a number is read; floats of another width are
        converted.
        """
        return {name: self._read(name, slot) for name, slot in slots.items()}

    def _read(self, name: str, slot: Slot) -> np.ndarray:
        entry = self._entries[name]
        kind, shape = entry["dtype"], tuple(entry["shape"])
        dtype = np.dtype("f4" if kind == "BF16" else _TYPES[kind])
        slot.check(self._failure, name, shape, dtype, kind)
        start, end = entry["data_offsets"]
        stored = np.frombuffer(self._body[start:end], "<u2" if kind == "BF16" else dtype)
        if kind == "BF16":  # the upper half of a float32
            stored = (stored.astype(np.uint32) << np.uint32(16)).view(np.float32)
        return slot.converted(self._failure, name, stored.reshape(shape))

    def _check_places(self) -> None:
        """Check that the arrays fill the file one after the other, each with its own size."""
        spans = []
        for name, entry in self._entries.items():
            if not _is_entry(entry):
                raise self._failure(f"damaged header: {name!r} has {entry!r:.60}.")
            start, end = entry["data_offsets"]
            size = math.prod(entry["shape"]) * _itemsize(entry["dtype"])
            if end - start != size:
                raise self._failure(
                    f"'{name}' declares shape {tuple(entry['shape'])} of {entry['dtype']}, "
                    f"{size} bytes, but stores {end - start}; refused."
                )
            spans.append((start, end))
        at = 0
        for start, end in sorted(spans):
            if start != at:
                raise self._failure("damaged header: arrays overlap, or leave room between them.")
            at = end
        if at != len(self._body):
            raise self._failure(f"it stores {len(self._body)} bytes, its header says {at}.")

    def _failure(self, text: str) -> ModelFileError:
        return ModelFileError(f"{self.name}: {text}")


def _is_entry(entry: Any) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        return False
    kind, shape, span = entry["dtype"], entry["shape"], entry["data_offsets"]
    numbers = [*shape, *span] if isinstance(shape, list) and isinstance(span, list) else [None]
    whole = all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers)
    return isinstance(kind, str) and (kind == "BF16" or kind in _TYPES) and whole and (
        len(span) == 2 and len(shape) <= 32)  # fmt: skip


def _itemsize(kind: str) -> int:
    return 2 if kind == "BF16" else np.dtype(_TYPES[kind]).itemsize


def _digest(entries: Mapping[str, Any], body: Any) -> str:
    """Return a SHA-256 over names, types, shapes, places and numbers."""
    total = hashlib.sha256(json.dumps(entries, sort_keys=True).encode())
    total.update(body)
    return total.hexdigest()
