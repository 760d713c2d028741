"""B-trees of version 1: how HDF5 finds the links of a group and the chunks of an array."""

from __future__ import annotations

from .source import Cursor, Source

GROUPS, CHUNKS = 0, 1


def tree_leaves(source: Source, address: int, key_size: int) -> list[int]:
    """Return what the leaves of a B-tree of groups point to, in order; circles are refused."""
    found: list[int] = []
    waiting, seen = [address], set[int]()
    while waiting:
        here = waiting.pop()
        if here in seen:
            raise source.damaged("a tree that contains itself")
        seen.add(here)
        level, entries = read_tree_node(source, here, GROUPS, key_size)
        children = []
        for _ in range(entries.left // (key_size + 8)):
            entries.skip(key_size)
            children.append(entries.number(8))
        if level == 0:
            for child in children:
                if child in seen:
                    raise source.damaged("a list that is in its group twice")
                seen.add(child)
            found.extend(children)
        else:
            waiting.extend(reversed(children))
    return found


def read_tree_node(source: Source, address: int, kind: int, key_size: int) -> tuple[int, Cursor]:
    """Return the level of a B-tree node, and a cursor over its pairs of key and child."""
    start = source.cursor(address, 24)
    start.expect(b"TREE", "a tree")
    if start.number(1) != kind:
        raise source.damaged("a tree of the wrong kind")
    level, count = start.number(1), start.number(2)
    source.spend(1 + count)
    return level, source.cursor(address + 24, count * (key_size + 8))
