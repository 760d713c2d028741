"""A product of rows that are looked up in a table: the table is multiplied, not each of the rows.

    take(t, i) w        =  take(t w, i)
    take(t, i)' g       =  t' rows_add(g, i), the gradient for w
    rows_add(g w', i)   =  rows_add(g, i) w', the gradient for t

Texts of 100 words from a vocabulary of 500, in batches of 64, look each word up a dozen times.
Numbers of rows that none looks up take part, times zero: where one is infinite, so is the gradient.
"""

from __future__ import annotations

from ..graph.node import Node
from ..graph.shape import size
from ..ops.contract import contract_, split_spec
from ..ops.elementwise import add
from ..ops.index import rows_add_, take_
from ..ops.reshape import put_, slice_

#: Rows of a table for each lookup that a row of the batch makes, up to which the table is
#: multiplied: a batch of so many rows has no less to do either way.
_MOST = 8


def looked_up(node: Node) -> Node:
    """Return a product of looked-up rows, or the gradient of its other operand, on the table."""
    *sides, out = split_spec(node.attrs["spec"])
    for at, rows in enumerate(node.inputs):
        found = _lookup(rows)
        if found is None or not _pays(*found):
            continue
        table, index = found
        mine, letters = sides[at], sides[1 - at]
        pair = [table, table]
        if _matches(mine, out, letters):
            pair[1 - at] = node.inputs[1 - at]
            return take_(_on_table(node, mine[:-1], pair), index)
        if _matches(mine, letters, out):
            pair[1 - at] = _sums(node.inputs[1 - at], table.shape[0], index)
            return _on_table(node, mine[:-1], pair)
    return node


def added(node: Node) -> Node:
    """Return sums of rows that are products of rows as the products of the rows' sums."""
    x, index = node.inputs
    sums = _of_products(x, node, index) if _pays(node, index) else None
    return node if sums is None else sums


def _of_products(x: Node, table: Node, index: Node) -> Node | None:
    """Return the sums of rows of x by products of sums; None where x holds no product."""
    if x.op is add and x.inputs[0].shape == x.inputs[1].shape:
        parts = [_of_products(term, table, index) for term in x.inputs]
        if all(part is None for part in parts):
            return None
        return add(*(_sums(term, table.shape[0], index) if part is None else part
                     for term, part in zip(x.inputs, parts, strict=True)))  # fmt: skip
    turned = x.op is slice_ and x.shape == x.inputs[0].shape
    if (turned or x.op is put_) and x.attrs["parts"][-1] is None:
        # The same numbers at other places, and zeros: the index goes to the places instead.
        return _of_products(x.inputs[0], table, _part(index, x))
    if x.op is not contract_:
        return None
    *sides, out = split_spec(x.attrs["spec"])
    for at, letters in enumerate(sides):
        if _matches(letters, out, sides[1 - at]):
            pair = list(x.inputs)
            pair[at] = _sums(pair[at], table.shape[0], index)
            return _on_table(x, out[:-1], pair)
    return None


def _matches(rows: str, others: str, matrix: str) -> bool:
    """Tell whether a matrix has the last letters of two kinds of rows at the same places."""
    same = rows[:-1] == others[:-1] != ""
    return same and sorted(matrix) == sorted(rows[-1] + others[-1])


def _lookup(rows: Node) -> tuple[Node, Node] | None:
    """Return the table and the index whose rows these are, as they are or some places of them."""
    if rows.op is take_:
        table, index = rows.inputs
        return table, index
    if rows.op is not slice_ or rows.attrs["parts"][-1] is not None:
        return None
    found = _lookup(rows.inputs[0])
    return found and (found[0], _part(found[1], rows))


def _part(index: Node, rows: Node) -> Node:
    """Return the part of an index that a slice takes of rows, or to which rows were put."""
    part: Node = slice_(index, parts=rows.attrs["parts"][:-1])
    return part


def _pays(table: Node, index: Node) -> bool:
    """Tell whether a table is a matrix of few rows, for so many lookups."""
    return len(table.shape) == 2 and 0 < (table.shape[0] or 0) <= _MOST * size(index.shape)


def _on_table(product: Node, places: str, pair: list[Node]) -> Node:
    """Return a product with rows of a table in place of rows at all places."""
    new: Node = contract_(*pair, spec=product.attrs["spec"].replace(places, places[:1]))
    return new


def _sums(x: Node, rows: int | None, index: Node) -> Node:
    """Return the sums of rows of x that belong to one of so many rows each."""
    sums: Node = rows_add_(x, index, shape=(rows, x.shape[-1]))
    return sums
