"""Rows of products: matrix products by their own op, convolutions, and the rest by formula."""

from __future__ import annotations

import string

from ...graph.constant import number
from ...graph.node import VARIABLE, Node
from ...graph.shape import size
from ...ops.contract import split_spec
from .convolution import convolved
from .lowering import Lowering
from .writer import Value


def contract(lo: Lowering, node: Node) -> Value:
    """Conv where windows meet a kernel, MatMul where it is one or a batch of them, or Einsum."""
    found = convolved(lo, node)
    if found is not None:
        return found
    x, y = (lo.through(lo[v]) for v in node.inputs)
    a, b, out = split_spec(node.attrs["spec"])
    product = None
    if not (node.dtype == "float64" and _beside_a_factor(lo, node)):
        product = _by_matrix(lo, x, y, a, b, out) or _batched(lo, x, y, a, b, out)
    if product is None:
        product = lo.writer.emit("Einsum", (x, y), equation=_plain(a, b, out))
    return lo.words.cast(product, node.dtype)


def _beside_a_factor(lo: Lowering, node: Node) -> bool:
    """Tell whether one known number multiplies a product or what goes into it.

    ONNX Runtime makes it a part of the MatMul, where it is a float32 whatever the product's type.
    """
    users = [user for user in lo.nodes if any(x is node for x in user.inputs)]
    return any(
        near.op.name in ("multiply", "divide")
        and any(number(x) is not None or (x.op is VARIABLE and size(x.shape) == 1)
                for x in near.inputs)
        for near in (*node.inputs, *users)
    )  # fmt: skip


def _by_matrix(lo: Lowering, x: Value, y: Value, a: str, b: str, out: str) -> Value | None:
    """Return rows times one matrix, from either side: what a dense layer is."""
    for one, other, rows, matrix in ((x, y, a, b), (y, x, b, a)):
        shared = set(rows) & set(matrix)
        if len(matrix) != 2 or len(rows) < 2 or len(shared) != 1 or shared & set(out):
            continue
        summed = shared.pop()
        column = matrix.replace(summed, "")
        if rows[-1] != summed or out != rows[:-1] + column:
            continue
        order = (matrix.index(summed), matrix.index(column))
        return lo.writer.emit("MatMul", (one, lo.transposed(other, order)))
    return None


def _batched(lo: Lowering, x: Value, y: Value, a: str, b: str, out: str) -> Value | None:
    """Return a product of one matrix each for every place of shared axes."""
    shared = [c for c in a if c in b]
    summed = [c for c in shared if c not in out]
    lead = [c for c in out if c in shared]
    left, right = [c for c in a if c not in b], [c for c in b if c not in a]
    if not len(summed) == len(left) == len(right) == 1:
        return None
    x = lo.transposed(x, map(a.index, [*lead, *left, *summed]))
    y = lo.transposed(y, map(b.index, [*lead, *summed, *right]))
    made = [*lead, *left, *right]
    return lo.transposed(lo.writer.emit("MatMul", (x, y)), map(made.index, out))


def _plain(a: str, b: str, out: str) -> str:
    """Return the formula in small letters from the beginning of the alphabet."""
    letters = dict(zip(dict.fromkeys(a + b), string.ascii_lowercase, strict=False))
    return ",".join("".join(map(letters.__getitem__, one)) for one in (a, b)) + "->" + "".join(
        map(letters.__getitem__, out))  # fmt: skip
