"""The constants of a library: one piece of memory, written into the object file itself.

As text for LLVM, 64 MB of weights took 15 seconds and a gigabyte. So the text only keeps room for
them, in a section of their own, and the bytes are put there once the object file is made.
"""

from __future__ import annotations

import struct

import numpy as np

from ...graph.shape import round_up
from ...plan.arena import LINE
from .machine import Machine

_NAME, _SECTION = "constants", ".rodata.ranvier"
_ESCAPES = np.array([f"\\{i:02X}".encode() for i in range(256)], "S3")


class Pool:
    """Constants, each at the start of a cache line; equal ones are there once."""

    def __init__(self, machine: Machine) -> None:
        #: Whether the object file is one whose sections we can find.
        self._elf = not any(x in machine.triple for x in ("apple", "darwin", "windows", "macos"))
        self._places: dict[bytes, int] = {}
        self._size = 0

    def add(self, content: bytes) -> str:
        """Return a pointer to these bytes, as LLVM writes it."""
        place = self._places.get(content)
        if place is None:
            place = self._places[content] = self._size
            self._size += round_up(max(len(content), 1), LINE)
        return f"getelementptr (i8, ptr @{_NAME}, i64 {place})"

    def text(self) -> str:
        """Return the definition of the memory."""
        value = "zeroinitializer"
        if not self._elf:
            value = f'c"{_ESCAPES[np.frombuffer(self._content(), np.uint8)].tobytes().decode()}"'
        section = f', section "{_SECTION}"' if self._elf else ""
        return f"@{_NAME} = internal constant [{self._size} x i8] {value}{section}, align {LINE}"

    def filled(self, code: bytes) -> bytes:
        """Return the object file with the bytes in their section."""
        if not self._elf:
            return code
        start, size = _section(code, _SECTION)
        assert size == self._size
        return b"".join((code[:start], self._content(), code[start + size :]))

    def _content(self) -> bytes:
        """Return all bytes, in the order of their places."""
        parts = [held.ljust(round_up(max(len(held), 1), LINE), b"\0") for held in self._places]
        return b"".join(parts)


def _section(code: bytes, wanted: str) -> tuple[int, int]:
    """Return where a section of an ELF file (64 bits, little-endian) lies, and its size."""
    assert code[:6] == b"\x7fELF\x02\x01"
    (table,) = struct.unpack_from("<Q", code, 0x28)
    step, count, names = struct.unpack_from("<HHH", code, 0x3A)
    rows = [struct.unpack_from("<IIQQQQ", code, table + i * step) for i in range(count)]
    text = rows[names][4]
    for name, _, _, _, offset, size in rows:
        end = code.index(b"\0", text + name)
        if code[text + name : end].decode() == wanted:
            return offset, size
    raise AssertionError(f"the object file lacks the section {wanted}")
