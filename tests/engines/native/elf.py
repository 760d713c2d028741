"""What an object file (ELF, 64 bits) asks of others."""

from __future__ import annotations

import struct

_SYMBOLS, _NAMED = 2, 0


def undefined(code: bytes) -> set[str]:
    """Return the names of the symbols that an object file does not define itself."""
    assert code[:5] == b"\x7fELF\x02"
    (start,) = struct.unpack_from("<Q", code, 0x28)
    size, count = struct.unpack_from("<HH", code, 0x3A)
    sections = [struct.unpack_from("<IIQQQQIIQQ", code, start + i * size) for i in range(count)]
    names: set[str] = set()
    for section in sections:
        if section[1] != _SYMBOLS:
            continue
        offset, length, text = section[4], section[5], sections[section[6]][4]
        for at in range(offset, offset + length, 24):
            name, _, _, where = struct.unpack_from("<IBBH", code, at)
            if name and where == _NAMED:
                end = code.index(b"\0", text + name)
                names.add(code[text + name : end].decode())
    return names
