"""B-trees of version 1: how HDF5 finds the links of a group and the chunks of an array."""

from __future__ import annotations

from collections.abc import Iterator

from .source import Cursor, Source

GROUPS, CHUNKS = 0, 1


def tree_leaves(
    source: Source, address: int, kind: int, key_size: int
) -> Iterator[tuple[Cursor, int]]:
    """Give what the leaves of a B-tree point to, in order: key and address; circles are refused."""
    waiting, seen = [address], set[int]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            raise source.damaged("a tree that contains itself")
        seen.add(here)
        start = source.cursor(here, 24)
        start.expect(b"TREE", "a tree")
        if start.number(1) != kind:
            raise source.damaged("a tree of the wrong kind")
        level, count = start.number(1), start.number(2)
        source.spend(1 + count)
        entries = source.cursor(here + 24, count * (key_size + 8))
        pairs = [(Cursor(source, entries.raw(key_size)), entries.number(8)) for _ in range(count)]
        if level == 0:
            yield from pairs
        else:
            waiting.extend(child for _, child in reversed(pairs))
