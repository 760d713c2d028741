"""Attributes: short notes at a group; only strings of fixed length are read."""

from __future__ import annotations

from . import header as h
from .header import Header
from .source import Cursor

_STRING = 3
_LONGEST = 4096


def fixed_attributes(header: Header) -> dict[str, bytes]:
    """Return the attributes of an object that are single strings of fixed length."""
    found: dict[str, bytes] = {}
    for message in header.all(h.ATTRIBUTE):
        header.source.spend()
        pair = _read(message)
        if pair is not None:
            found[pair[0]] = pair[1]
    return found


def _read(message: Cursor) -> tuple[str, bytes] | None:
    version = message.number(1)
    if version not in (1, 2, 3):
        raise message.source.damaged(f"attribute of version {version}")
    flags = message.number(1)
    if version > 1 and flags & 3:
        return None  # its type is kept elsewhere: none of ours
    sizes = [message.number(2) for _ in range(3)]
    message.skip(1 if version == 3 else 0)
    step = 8 if version == 1 else 1
    name, kind, space = (_padded(message, size, step) for size in sizes)
    if len(kind) < 8 or kind[0] & 15 != _STRING or len(space) < 2 or space[1] != 0:
        return None
    size = int.from_bytes(kind[4:8], "little")
    if size > min(_LONGEST, message.left):
        return None
    return name.split(b"\0")[0].decode("utf-8", "replace"), bytes(message.raw(size))


def _padded(message: Cursor, size: int, step: int) -> bytes:
    piece = bytes(message.raw(size))
    message.skip(-size % step)
    return piece
