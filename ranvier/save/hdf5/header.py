"""Object headers: the list of messages that describes a group or a dataset."""

from __future__ import annotations

from dataclasses import dataclass

from .source import Cursor, Source

SPACE, LINK_INFO, TYPE, LINK, EXTERNAL, LAYOUT = 0x01, 0x02, 0x03, 0x06, 0x07, 0x08
FILTERS, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE = 0x0B, 0x0C, 0x10, 0x11

_SHARED = 0x02


@dataclass(frozen=True)
class Header:
    """The messages of one object, by kind, in their order."""

    source: Source
    messages: dict[int, list[memoryview]]

    def has(self, kind: int) -> bool:
        return kind in self.messages

    def one(self, kind: int, what: str) -> Cursor:
        """Return a cursor over the message of a kind that must be there once."""
        found = self.messages.get(kind, [])
        if len(found) != 1:
            raise self.source.damaged(f"{len(found)} {what} messages in an object, expected 1")
        return Cursor(self.source, found[0])

    def all(self, kind: int) -> list[Cursor]:
        """Return a cursor over each message of a kind."""
        return [Cursor(self.source, view) for view in self.messages.get(kind, [])]


def read_header(source: Source, address: int) -> Header:
    """Read the object header at `address`, of either version, with its continuations."""
    if bytes(source.take(address, 4)) == b"OHDR":
        pieces = _start_new(source, address)
    else:
        pieces = _start_old(source, address)
    found: dict[int, list[memoryview]] = {}
    seen = {address}
    for piece, form in pieces:  # the list grows while it is read
        while piece.left >= form.head:
            source.spend()
            kind, flags, body = form.message(piece)
            if kind == CONTINUATION:
                pieces.append((_continued(body, form, seen), form))
            elif kind != 0:
                if flags & _SHARED:
                    raise source.failure("it uses shared header messages, which are not read.")
                found.setdefault(kind, []).append(body.view)
    return Header(source, found)


@dataclass(frozen=True)
class _Form:
    """How messages are laid out: version 1 or version 2, with or without a creation order."""

    version: int
    head: int

    def message(self, piece: Cursor) -> tuple[int, int, Cursor]:
        if self.version == 1:
            kind, size, flags = piece.number(2), piece.number(2), piece.number(1)
            piece.skip(3)
        else:
            kind, size, flags = piece.number(1), piece.number(2), piece.number(1)
            piece.skip(self.head - 4)
        return kind, flags, Cursor(piece.source, piece.raw(size))


def _start_old(source: Source, address: int) -> list[tuple[Cursor, _Form]]:
    start = source.cursor(address, 16)
    version = start.number(1)
    if version != 1:
        raise source.damaged(f"object header of version {version}")
    start.skip(7)
    return [(source.cursor(address + 16, start.number(4)), _Form(1, 8))]


def _start_new(source: Source, address: int) -> list[tuple[Cursor, _Form]]:
    start = source.cursor(address, min(38, len(source.view) - address))
    start.skip(4)
    version, flags = start.number(1), start.number(1)
    if version != 2:
        raise source.damaged(f"object header of version {version}")
    start.skip((16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0))
    size = start.number(1 << (flags & 3))
    form = _Form(2, 6 if flags & 0x04 else 4)
    return [(source.cursor(address + start.at, size), form)]


def _continued(body: Cursor, form: _Form, seen: set[int]) -> Cursor:
    address, size = body.number(8), body.number(8)
    source = body.source
    if address in seen:
        raise source.damaged("an object header continues in itself")
    seen.add(address)
    piece = source.cursor(address, size)
    if form.version == 1:
        return piece
    piece.expect(b"OCHK", "the rest of an object header")
    return Cursor(source, piece.raw(max(piece.left - 4, 0)))  # a checksum ends it
