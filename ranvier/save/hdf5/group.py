"""Groups: names and where their objects lie."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from . import header as h
from .attribute import fixed_attributes, read_texts
from .dataset import Dataset
from .header import Header, read_header
from .source import UNDEFINED, Cursor, Source
from .tree import GROUPS, tree_leaves

_KINDS = {0: "hard", 1: "soft", 64: "external"}


@dataclass(frozen=True)
class Link:
    """A name in a group: only hard links lead to an object of the file itself."""

    kind: str
    address: int


class Group:
    """A group of an HDF5 file: its links by name, found once."""

    def __init__(self, source: Source, path: str, header: Header) -> None:
        self.source = source
        self.path = path
        self._header = header
        self.links = _links(header)
        self._children: dict[str, Group | Dataset] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.links

    def child(self, name: str) -> Group | Dataset:
        """Return the group or dataset called `name`; soft and external links are refused."""
        if name in self._children:
            return self._children[name]
        path = f"{self.path}/{name}" if self.path else name
        link = self.links.get(name)
        if link is None:
            raise self.source.failure(f"'{path}' is missing.")
        if link.kind != "hard":
            raise self.source.failure(
                f"'{path}' is a link of the {link.kind} kind, which is never followed. "
                "Weights must be stored in the file itself."
            )
        header = read_header(self.source, link.address)
        is_group = header.has(h.SYMBOL_TABLE) or header.has(h.LINK_INFO) or header.has(h.LINK)
        found = (Group if is_group else Dataset)(self.source, path, header)
        self._children[name] = found
        return found

    def group(self, path: str) -> Group:
        """Return the group at a path below this one."""
        here = self
        for name in filter(None, path.split("/")):
            found = here.child(name)
            if not isinstance(found, Group):
                raise self.source.failure(f"'{found.path}' is an array, expected a group.")
            here = found
        return here

    def dataset(self, name: str) -> Dataset:
        """Return the dataset called `name` in this group."""
        found = self.child(name)
        if not isinstance(found, Dataset):
            raise self.source.failure(f"'{found.path}' is a group, expected an array.")
        return found

    def texts(self, name: str, most: int = 1 << 20) -> list[str] | None:
        """Return an attribute that is a text or a list of texts of at most `most` bytes, or None.

        A long list may be cut into `name0`, `name1` and so on, as Keras does.
        """
        found = read_texts(self._header, name, most)
        if found is not None:
            return found
        pieces: list[str] = []
        for place in itertools.count():
            piece = read_texts(self._header, f"{name}{place}", most)
            if piece is None:
                return pieces if place else None
            pieces.extend(piece)
        return None

    def attributes(self) -> dict[str, bytes]:
        """Return the attributes that are strings of fixed length."""
        return fixed_attributes(self._header)


def _links(header: Header) -> dict[str, Link]:
    source = header.source
    if header.has(h.SYMBOL_TABLE):
        message = header.one(h.SYMBOL_TABLE, "symbol table")
        return _old_links(source, message.number(8), message.number(8))
    for info in header.all(h.LINK_INFO):
        info.skip(1)
        info.skip(8 if info.number(1) & 1 else 0)
        if info.number(8) != UNDEFINED:
            raise source.failure(
                "it keeps its links in the dense form of HDF5, which is not read. "
                "Write the file again with h5py's default settings (no `libver`)."
            )
    found: dict[str, Link] = {}
    for message in header.all(h.LINK):
        source.spend()
        name, link = _new_link(message)
        _add(source, found, name, link)
    return found


def _add(source: Source, found: dict[str, Link], name: str, link: Link) -> None:
    if name in found:
        raise source.damaged(f"the name {name!r} is there twice in one group")
    found[name] = link


def _name(source: Source, raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise source.damaged("a name that is not UTF-8") from None


def _new_link(message: Cursor) -> tuple[str, Link]:
    source = message.source
    if message.number(1) != 1:
        raise source.damaged("a link message of unknown version")
    flags = message.number(1)
    kind = message.number(1) if flags & 0x08 else 0
    message.skip(8 if flags & 0x04 else 0)
    message.skip(1 if flags & 0x10 else 0)
    name = _name(source, bytes(message.raw(message.number(1 << (flags & 3)))))
    address = message.number(8) if kind == 0 else UNDEFINED
    return name, Link(_KINDS.get(kind, "user-defined"), address)


def _old_links(source: Source, tree: int, heap: int) -> dict[str, Link]:
    names = _heap(source, heap)
    found: dict[str, Link] = {}
    lists = set[int]()
    for _, address in tree_leaves(source, tree, GROUPS, key_size=8):
        if address in lists:
            raise source.damaged("a list that is in its group twice")
        lists.add(address)
        node = source.cursor(address, 8)
        node.expect(b"SNOD", "the list of a group")
        node.skip(2)
        count = node.number(2)
        source.spend(count)
        entries = source.cursor(address + 8, 40 * count)
        for _ in range(count):
            start, header, cache = entries.number(8), entries.number(8), entries.number(4)
            entries.skip(20)
            name = _name(source, _text_at(source, names, start))
            _add(source, found, name, Link("soft" if cache == 2 else "hard", header))
    return found


def _heap(source: Source, address: int) -> memoryview:
    heap = source.cursor(address, 32)
    heap.expect(b"HEAP", "the names of a group")
    heap.skip(4)
    size = heap.number(8)
    heap.skip(8)
    return source.take(heap.number(8), size)


def _text_at(source: Source, names: memoryview, start: int) -> bytes:
    piece = bytes(names[start : start + 1024])  # longer names do not occur in weights files
    end = piece.find(b"\0")
    if start >= len(names) or end < 0:
        raise source.damaged("a name without an end")
    return piece[:end]
