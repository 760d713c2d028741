"""Attributes: short notes at a group; only strings are read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from . import header as h
from .header import Header
from .heap import heap_text
from .source import Cursor, Source

_STRING, _VARIABLE = 3, 9
_LONGEST = 4096


@dataclass(frozen=True)
class _Attribute:
    """The name of an attribute, how its elements are stored, and their bytes."""

    name: str
    kind: bytes
    shape: tuple[int, ...]
    data: Cursor

    @property
    def size(self) -> int:
        return int.from_bytes(self.kind[4:8], "little")


def fixed_attributes(header: Header) -> dict[str, bytes]:
    """Return the attributes of an object that are single strings of fixed length."""
    found: dict[str, bytes] = {}
    for one in _all(header):
        if one.kind[0] & 15 != _STRING or one.shape:
            continue
        if one.size <= min(_LONGEST, one.data.left):
            found[one.name] = bytes(one.data.raw(one.size))
    return found


def read_texts(header: Header, name: str, most: int) -> list[str] | None:
    """Return an attribute that is a string or a list of them, None if there is none.

    Args:
        header: of the object that has it.
        name: the attribute.
        most: how many bytes the strings may take.

    Raises:
        ModelFileError: if it holds something else, or more.
    """
    source = header.source
    found = [one for one in _all(header) if one.name == name]
    if not found:
        return None
    one, count = found[0], math.prod(found[0].shape)
    source.spend(count)
    if count == 0:
        return []
    form = one.kind[0] & 15
    if form == _STRING and one.size * count <= most:
        pieces = [bytes(one.data.raw(one.size)) for _ in range(count)]
    elif form == _VARIABLE and one.kind[1] & 15 == 1 and one.size == 16:
        pieces = [_variable(source, one.data) for _ in range(count)]
    else:
        raise source.failure(f"its attribute '{name}' is no text, or too long.")
    if sum(map(len, pieces)) > most:
        raise source.failure(f"its attribute '{name}' is longer than {most} bytes; refused.")
    try:
        return [piece.rstrip(b"\0").decode("utf-8") for piece in pieces]
    except UnicodeDecodeError:
        raise source.damaged(f"an attribute '{name}' that is not UTF-8") from None


def _variable(source: Source, data: Cursor) -> bytes:
    length, address, index = data.number(4), data.number(8), data.number(4)
    if length == 0:
        return b""
    source.spend_bytes(length)  # many elements may name one text
    return heap_text(source, address, index, length)


def _all(header: Header) -> list[_Attribute]:
    found = []
    for message in header.all(h.ATTRIBUTE):
        header.source.spend()
        one = _read(message)
        if one is not None:
            found.append(one)
    return found


def _read(message: Cursor) -> _Attribute | None:
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
    if len(kind) < 8 or len(space) < 4:
        return None
    shape = _shape(space)
    if shape is None:
        return None
    return _Attribute(name.split(b"\0")[0].decode("utf-8", "replace"), kind, shape, message.rest())


def _shape(space: bytes) -> tuple[int, ...] | None:
    """Return the sizes in a dataspace message; None where it is cut off."""
    axes, start = space[1], 8 if space[0] == 1 else 4
    if start + 8 * axes > len(space):
        return None
    if space[0] == 2 and space[3] == 2:
        return (0,)
    ends = range(start, start + 8 * axes, 8)
    return tuple(int.from_bytes(space[at : at + 8], "little") for at in ends)


def _padded(message: Cursor, size: int, step: int) -> bytes:
    piece = bytes(message.raw(size))
    message.skip(-size % step)
    return piece
