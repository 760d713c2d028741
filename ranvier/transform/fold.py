"""Folding: what is known before the step runs, or changes nothing, leaves the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import frexp, isfinite
from operator import is_

import numpy as np

from ..graph.body import Body
from ..graph.constant import number as constant
from ..graph.dtype import is_float
from ..graph.graph import Graph
from ..graph.node import CAST, CONST, Node, const_node
from ..graph.op import Aval, Op
from ..graph.shape import Shape, broadcast, is_open, size
from ..ops.contract import contract_
from ..ops.elementwise import add, divide, multiply, negative, stopped, subtract
from ..ops.index import rows_add_
from ..ops.recur import recur_
from ..ops.reduce import sum_
from ..ops.reshape import broadcast_, concat_, put_, reshape_, slice_, transpose_
from .dedupe import dedupe
from .lookup import added, looked_up
from .narrow import narrow
from .rebuild import rebuild

#: Constants grow no larger than this many elements by folding.
_LIMIT = 4096


def fold(graph: Graph) -> Graph:
    """Return the graph with constants computed and operations that change nothing left out.

    Numbers are added up for what they are (x + 0, x * 1, -(-x), x * 2 * 3), and a map reads a
    small operand itself instead of a repeated copy. Rounding may differ in the last place where
    two constant factors become one; NaN and infinity stay what they are.
    """
    return rebuild(graph, _fold)


def _fold(node: Node) -> Node:
    if not node.inputs:
        return node
    if {x.op for x in node.inputs} == {CONST}:
        return _computed(node)
    before = None
    while node is not before and node.inputs:
        before = node
        rule = _RULES.get(node.op)
        if rule is not None:
            node = rule(node)
        if node is before and node.op.kind == "map":
            node = _thin(node)
    return node


def _computed(node: Node) -> Node:
    if node.op is broadcast_ or None in node.shape or size(node.shape) > _LIMIT:
        return node
    with np.errstate(all="ignore"):
        value = node.op.eval(*(x.attrs["value"].array for x in node.inputs), **node.attrs)
    return const_node(value, node.dtype)


# --- maps of repeated operands --------------------------------------------------------------------
def _thin(node: Node) -> Node:
    """Let a map repeat a small operand itself, and repeat its result if all operands are small."""
    thin = tuple([_unrepeated(x) for x in node.inputs])
    if all(map(is_, thin, node.inputs)):
        return node
    shape = broadcast(*[x.shape for x in thin])
    small = Node(node.op, thin, node.attrs, Aval(shape, node.dtype))
    return small if shape == node.shape else broadcast_(_fold(small), shape=node.shape)


def _unrepeated(x: Node) -> Node:
    """Return what broadcasting would repeat to x by itself."""
    while x.op is broadcast_ or (
        x.op is reshape_ and _tail(x.shape) == _tail(x.inputs[0].shape) and None not in x.shape
        and len(x.inputs[0].shape) <= len(x.shape)
    ):  # fmt: skip
        x = x.inputs[0]
    return x


def _tail(shape: Shape) -> Shape:
    """Return a shape without the ones at its front."""
    at = 0
    while at < len(shape) and shape[at] == 1:
        at += 1
    return shape[at:]


# --- one rule an op -------------------------------------------------------------------------------
def _kept(node: Node, x: Node) -> Node:
    """Return x in place of node where both have one shape, else node."""
    return x if x.shape == node.shape else node


def _again(node: Node, op: Op, *inputs: Node) -> Node:
    """Return another op for node: its shape is already that of the operands together."""
    return Node(op, inputs, {}, Aval(node.shape, node.dtype))


def _fold_add(node: Node) -> Node:
    x, y = node.inputs
    if constant(y) == 0:
        return _kept(node, x)
    if constant(x) == 0:
        return _kept(node, y)
    if y.op is negative:
        return _again(node, subtract, x, y.inputs[0])
    if x.op is negative:
        return _again(node, subtract, y, x.inputs[0])
    return _joined(node) if y.op is put_ else node


def _joined(node: Node) -> Node:
    """Return a sum of parts put among zeros as one concatenation, where they fill the whole."""
    pieces: list[tuple[int, int, int, Node]] = []
    stack: list[Node] = [node]
    while stack:
        x = stack.pop()
        if x.op is add and x.inputs[0].shape == x.inputs[1].shape:
            stack.extend(x.inputs)
            continue
        cut = [i for i, p in enumerate(x.attrs["parts"]) if p is not None] if x.op is put_ else []
        if len(cut) != 1 or x.attrs["parts"][cut[0]][2] != 1:
            return node
        low, high, _ = x.attrs["parts"][cut[0]]
        pieces.append((cut[0], low, high, x.inputs[0]))
    pieces.sort(key=lambda piece: piece[:2])
    axis, at = pieces[0][0], 0
    for mine, low, high, _ in pieces:
        if mine != axis or low != at:
            return node
        at = high
    if at != node.shape[axis]:
        return node
    whole: Node = concat_(*(x for *_, x in pieces), axis=axis)
    return whole


def _fold_subtract(node: Node) -> Node:
    x, y = node.inputs
    if constant(y) == 0:
        return _kept(node, x)
    return _again(node, add, x, y.inputs[0]) if y.op is negative else node


def _fold_multiply(node: Node) -> Node:
    x, y = node.inputs
    if x.op is negative and y.op is negative:
        return _again(node, multiply, x.inputs[0], y.inputs[0])
    number = constant(y)
    if number is None:
        x, y = y, x
        number = constant(y)
    if number is None or isinstance(number, bool):
        return node
    if number == 1:
        return _kept(node, x)
    if number == -1 and x.shape == node.shape:
        return negative(x)
    if x.op is negative and is_float(node.dtype):
        return _scaled(node, x.inputs[0], -number)
    if x.op is multiply:
        for factor, rest in (x.inputs, x.inputs[::-1]):
            inner = constant(factor)
            if inner is not None and _plain_product(inner, number, node.dtype):
                return _scaled(node, rest, inner * number)
    return node


def _plain_product(a: float, b: float, dtype: str) -> bool:
    """Tell whether a * b may stand for both: neither too large nor too small for its type."""
    if not is_float(dtype):
        return False
    size, info = abs(a * b), np.finfo(dtype)
    return isfinite(size) and float(info.tiny) < size < float(info.max)


def _scaled(node: Node, x: Node, number: float) -> Node:
    if x.shape != node.shape:
        return node
    return _again(node, multiply, x, const_node(number, node.dtype))


def _fold_divide(node: Node) -> Node:
    x, y = node.inputs
    number = constant(y)
    if number == 1:
        return _kept(node, x)
    # Dividing by a power of two is multiplying by another, to the last bit.
    if number and 2**-60 < abs(number) < 2**60 and abs(frexp(number)[0]) == 0.5:
        return _scaled(node, x, 1 / number)
    return node


def _fold_negative(node: Node) -> Node:
    (x,) = node.inputs
    if x.op is negative:
        return x.inputs[0]
    if x.op is subtract:
        return _again(node, subtract, *x.inputs[::-1])
    if x.op is multiply and is_float(node.dtype):
        for factor, rest in (x.inputs, x.inputs[::-1]):
            number = constant(factor)
            if number is not None:
                return _scaled(node, rest, -number)
    return node


#: Casts that lose nothing: a second cast may start from the first one's operand.
_EXACT = {
    ("int32", "int64"), ("uint32", "int64"), ("int32", "float64"), ("uint32", "float64"),
    ("float32", "float64"),
}  # fmt: skip


def _fold_cast(node: Node) -> Node:
    (x,) = node.inputs
    if x.dtype == node.dtype:
        return x
    if x.op is CAST and (x.inputs[0].dtype == "bool" or (x.inputs[0].dtype, x.dtype) in _EXACT):
        return Node(CAST, x.inputs, node.attrs, Aval(node.shape, node.dtype))
    return node


def _fold_sum(node: Node) -> Node:
    (x,) = node.inputs
    if all(x.shape[a] == 1 for a in node.attrs["axis"]):
        return _shaped(x, node.shape)
    if x.op is negative:
        return negative(Node(sum_, x.inputs, node.attrs, Aval(node.shape, node.dtype)))
    if x.op is reshape_:
        return _before_reshape(node, x)
    return node


def _before_reshape(node: Node, x: Node) -> Node:
    """Return a sum over the first axes of a reshape as one of what is reshaped, where it is one.

    The bias of a convolution takes the sum of what a pool hands back: one loop does both then.
    """
    (source,), axes = x.inputs, node.attrs["axis"]
    if axes != tuple(range(len(axes))) or is_open(source.shape) != is_open(x.shape):
        return node
    for end in range(1, len(source.shape) + 1):
        if size(source.shape[:end]) == size(x.shape[: len(axes)]):
            return _shaped(sum_(source, axis=tuple(range(end)), keepdims=False), node.shape)
    return node


def _shaped(x: Node, shape: Shape) -> Node:
    return x if x.shape == shape else _fold_reshape(reshape_(x, shape=shape))


def _fold_reshape(node: Node) -> Node:
    (x,) = node.inputs
    while x.op is reshape_:
        x = x.inputs[0]
    if x.shape == node.shape:
        return x
    if x.op is broadcast_ and _single(x.inputs[0].shape):
        return broadcast_(_shaped(x.inputs[0], ()), shape=node.shape)
    return node if x is node.inputs[0] else reshape_(x, shape=node.shape)


def _single(shape: Sequence[int | None]) -> bool:
    return all(s == 1 for s in shape)


def _fold_broadcast(node: Node) -> Node:
    x = _unrepeated(node.inputs[0])
    if x.shape == node.shape:
        return x
    return node if x is node.inputs[0] else broadcast_(x, shape=node.shape)


def _fold_transpose(node: Node) -> Node:
    (x,) = node.inputs
    if x.op is not transpose_:
        return node
    axes = tuple(x.attrs["axes"][a] for a in node.attrs["axes"])
    if axes == tuple(range(len(axes))):
        return x.inputs[0]
    return transpose_(x.inputs[0], axes=axes)


def _fold_put(node: Node) -> Node:
    """Return what fills the whole as a slice, which turns axes round as well: no number moves."""
    (x,) = node.inputs
    return slice_(x, parts=node.attrs["parts"]) if x.shape == node.shape else node


def _fold_recur(node: Node) -> Node:
    """Fold the step of a recurrence."""
    body = node.attrs["body"]
    folded = Body(dedupe(fold(body.graph)))
    if folded == body:
        return node
    attrs = {**node.attrs, "body": folded}
    return Node(recur_, node.inputs, attrs, Aval(node.shape, node.dtype))


_RULES: dict[Op, Callable[[Node], Node]] = {
    add: _fold_add,
    subtract: _fold_subtract,
    multiply: _fold_multiply,
    divide: _fold_divide,
    stopped: lambda node: node.inputs[0],
    negative: _fold_negative,
    CAST: _fold_cast,
    sum_: _fold_sum,
    reshape_: _fold_reshape,
    broadcast_: _fold_broadcast,
    transpose_: _fold_transpose,
    slice_: narrow,
    put_: _fold_put,
    contract_: looked_up,
    rows_add_: added,
    recur_: _fold_recur,
}
