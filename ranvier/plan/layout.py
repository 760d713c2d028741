"""In which order fixed arrays store their axes.

A weight is stored as its product wants it: the axes that reach the result first, the summed axes
last and padded. A dense kernel (inputs, outputs) so lies as [outputs][inputs], which serves the
forward product, the gradient of the inputs and the update of the weight alike. Whatever is
computed element by element on the way to its update, optimizer slots included, lies the same way,
and so does what is computed element by element from it. A kernel whose products pass over zeros
(`zeros.py`) lies the other way round.
"""

from __future__ import annotations

from typing import Any

from ..graph.graph import Graph
from ..graph.node import VARIABLE, Node
from ..graph.shape import is_open
from .zeros import zero_side

#: A last axis of fewer elements wastes most of a vector.
_NARROW = 8


def storage_orders(graph: Graph) -> dict[Any, tuple[int, ...]]:
    """Return the storage order of each variable and node that departs from its axes' order."""
    orders: dict[Any, tuple[int, ...]] = {}
    for node in graph.nodes:
        if node.op.kind == "contract" and (is_open(node.shape) or is_one_row(node)):
            _weight_orders(node, orders)
        if node.op.name == "recur" and not is_open(node.shape):
            orders[node] = (1, 0, 2)  # what one step reads and writes lies together
    for variable, node in graph.updates:
        if variable in orders:
            _along_update(node, orders[variable], orders)
    for node in graph.nodes:
        if node.op.kind == "map" and node not in orders:
            like = next((x for x in node.inputs if x in orders and x.shape == node.shape), None)
            if like is not None and not is_open(node.shape):
                orders[node] = orders[like]
    return orders


def is_one_row(node: Node) -> bool:
    """Tell whether a contraction multiplies a matrix with one row: all else in it has size 1."""
    inputs, out = node.attrs["spec"].split("->")
    left, right = inputs.split(",")
    sizes = dict(zip(out, node.shape, strict=True))
    kept = [c for c in out if sizes[c] != 1]
    return len(kept) < 2 and not any(c in left and c in right for c in kept)


def _weight_orders(node: Node, orders: dict[Any, tuple[int, ...]]) -> None:
    left, out = node.attrs["spec"].split("->")
    for x, letters in zip(node.inputs, left.split(","), strict=True):
        if x.op is VARIABLE and len(letters) > 1 and x.attrs["variable"] not in orders:
            first = [i for i, c in enumerate(letters) if c in out]
            last = [i for i, c in enumerate(letters) if c not in out]
            order = _padded_well((*first, *last), x.shape, len(first))
            if zero_side(node) >= 0:
                order = (*last, *first)  # lanes run along the outputs
            orders[x.attrs["variable"]] = order
            orders[x] = order


def _padded_well(order: tuple[int, ...], shape: Any, kept: int) -> tuple[int, ...]:
    """Return an order whose last axis fills vectors.

    A filter on few channels would be nearly all padding: its longest axis of the result comes
    last instead.
    """
    longest = max(order[:kept], key=lambda i: shape[i], default=order[-1])
    if len(order) < 3 or shape[order[-1]] >= _NARROW or shape[longest] <= shape[order[-1]]:
        return order
    return (*order[kept:], *(i for i in order[:kept] if i != longest), longest)


def _along_update(root: Node, order: tuple[int, ...], orders: dict[Any, tuple[int, ...]]) -> None:
    stack, seen = [root], set()
    while stack:
        node = stack.pop()
        if node in seen or node.shape != root.shape:
            continue
        seen.add(node)
        if node.op is VARIABLE:
            orders.setdefault(node.attrs["variable"], order)
            orders[node] = orders[node.attrs["variable"]]
        elif node.op.kind in ("map", "contract"):
            orders[node] = order
            if node.op.kind == "map":
                stack.extend(node.inputs)
