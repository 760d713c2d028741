"""The pullback: slopes of outputs carried back to what they were computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.dtype import is_float
from ..graph.node import Node, order
from ..ops.elementwise import add
from ..ops.recur import recur_
from ..ops.reshape import unbroadcast


def pullback(
    outputs: Sequence[Node], slopes: Sequence[Any], wrt: Sequence[Node]
) -> list[Node | None]:
    """Return sum(slope * d output / d node) for each node of `wrt`; None where none depends.

    Args:
        outputs: nodes, those without a float type are left out.
        slopes: one an output, of its shape; None counts as zero.
        wrt: float nodes.
    """
    found: dict[Node, Node] = {}
    for node, slope in zip(outputs, slopes, strict=True):
        if slope is not None and is_float(node.dtype):
            found[node] = add(found[node], slope) if node in found else slope
    nodes = order(found)
    needed = _dependents(nodes, wrt)
    for node in reversed(nodes):
        g = found.get(node)
        if g is None or needed.isdisjoint(node.inputs):
            continue
        for x, gx in zip(node.inputs, _slopes(g, node, needed), strict=True):
            if gx is None or x not in needed:
                continue
            if node.op.kind == "map":
                gx = unbroadcast(gx, x.shape)
            found[x] = add(found[x], gx) if x in found else gx
    return [found.get(x) for x in wrt]


def _slopes(g: Node, node: Node, needed: set[Node]) -> Sequence[Any]:
    if node.op is recur_:
        from .recur import slopes_of_loop  # the gradient of a loop is made of those of its step

        return slopes_of_loop(g, node, [x in needed for x in node.inputs])
    if node.op.vjp is None:
        return [None] * len(node.inputs)
    return node.op.vjp(g, node, *node.inputs, **node.attrs)


def _dependents(nodes: Sequence[Node], wrt: Sequence[Node]) -> set[Node]:
    """Nodes that lie on a differentiable way from `wrt`."""
    needed = set(wrt)
    for node in nodes:
        if is_float(node.dtype) and not needed.isdisjoint(node.inputs):
            needed.add(node)
    return needed
