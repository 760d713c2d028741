"""Writes the maps of a kernel: each op in its own words, on values in registers."""

from __future__ import annotations

from collections.abc import Callable

from ...graph.constant import number
from ...graph.node import ROWS, Node
from .emit import Function, Value
from .words import Words


def write_body(
    function: Function,
    words: Words,
    nodes: list[Node],
    known: dict[Node, Value],
    read: Callable[[Node], Value],
    counter: Callable[[Node], Value],
) -> dict[Node, Value]:
    """Write the maps in order; returns the values, `known` ones included.

    Args:
        known: values that are in registers already.
        read: loads what lies in memory.
        counter: gives the value of an `iota`.
    """
    values = dict(known)

    def operand(x: Node) -> Value:
        if x not in values:
            values[x] = constant_or_rows(function, x) or read(x)
        return values[x]

    for node in nodes:
        if node.op.name == "iota":
            values[node] = counter(node)
        else:
            assert node.op.scalar is not None
            inputs = [operand(x) for x in node.inputs]
            values[node] = node.op.scalar(words, *inputs, **node.attrs)
    return values


def constant_or_rows(function: Function, x: Node) -> Value | None:
    """Return a number or the row count as a vector; None for anything else."""
    known = number(x)
    if known is not None:
        return function.constant(known, x.dtype)
    if x.op is ROWS:
        count = function.let("trunc i64 %rows to i32")
        return Value(function.splat(count, "i32"), "int32")
    return None
