"""Tells whether a node is one known number."""

from __future__ import annotations

from .node import CONST, Node


def number(node: Node) -> float | None:
    """Return the one number that a constant (repeated or not) holds, or None."""
    while node.op.name in ("broadcast", "reshape"):
        node = node.inputs[0]
    if node.op is CONST and node.attrs["value"].array.size == 1:
        return node.attrs["value"].array.item()
    return None
