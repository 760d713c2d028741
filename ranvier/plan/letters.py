"""How a contraction becomes register tiles: which letter runs along lanes, rows, loops, sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from ..graph.node import Node
from ..graph.shape import is_open, size
from .layout import is_one_row
from .view import View
from .zeros import zero_side

#: Turns of a sum over places from which lanes run along the rows, and the most results: every one
#: is a vector that waits in memory, and is added up across its lanes at the end.
_TURNS, _RESULTS = 32, 1 << 11


@dataclass(frozen=True)
class Form:
    """A contraction sorted out; see `plan.Product` for the fields.

    Attributes:
        operands: view and letters of both sides.
        pack: which side must be copied batch-major first, 0 or 1; -1 for none.
        across: the summed letter along which lanes run; "" for none. Both operands then have what
            is summed as neighbours: one row and a matrix that lies so, or two arrays of a batch
            whose rows and places are summed into few results.
        zeros: which side has zeros that are passed over, 0 or 1; -1 for none. See `zeros.py`.
    """

    sizes: dict[str, int | None]
    vector: str
    row: str
    outer: tuple[str, ...]
    sums: tuple[str, ...]
    operands: tuple[tuple[View, str], tuple[View, str]]
    pack: int
    out: str
    across: str = ""
    zeros: int = -1


def arrange(node: Node, left: View, right: View, order: tuple[int, ...]) -> Form | None:
    """Return the form of a contraction, or None where a plain loop must do.

    Args:
        node: the contraction.
        left, right: where its operands lie.
        order: in which order the result stores its axes.
    """
    inputs, out = node.attrs["spec"].split("->")
    letters = tuple(inputs.split(","))
    if not out:
        return None
    sizes: dict[str, int | None] = {}
    for x, mine in zip(node.inputs, letters, strict=True):
        sizes.update(zip(mine, x.shape, strict=True))
    vector = out[0] if is_open(node.shape) else out[order[-1]]
    operands = [(left, letters[0]), (right, letters[1])]
    pack, across, zeros = -1, "", _passed_over(node, operands, vector)
    for side, (view, mine) in enumerate(operands):
        stride = dict(zip(mine, view.strides, strict=True)).get(vector, 0)
        if side == zeros and is_open(node.shape):
            pack = side  # row by row, the zeros of each are found among neighbours
            continue
        if stride in (0, 1):
            continue
        across = _summed_neighbours(node, operands, sizes, vector)
        if across:
            break
        if pack >= 0 or sizes[mine[0]] is not None or view.strides[0] != 1:
            return None
        pack = side
        at = mine.index(vector)
        axes = [i for i in range(len(mine)) if i != at] + [at]
        view = replace(view, strides=tuple(view.strides[i] for i in axes))
        operands[side] = (view, "".join(mine[i] for i in axes))
    kept = [c for c in out if c != vector]
    single = [c for c in kept if (c in letters[0]) != (c in letters[1])]
    apart = [c for c in single if not any(c in m and vector in m for m in letters)]
    far = [c for c in apart if sizes[c] != 1]
    if (
        not far
        and any(sizes[c] != 1 for c in kept if c not in single)
        and sum(vector in mine for mine in letters) == 1
    ):
        # A filter for each channel: what lanes load serves one result, so that a tile has nothing
        # to share, and a loop takes its places in the order in which they lie. It takes half as
        # long at 16 x 16 places of 128 channels.
        return None
    wide = far or [c for c in single if sizes[c] != 1]
    rows = sorted(wide or apart or single, key=lambda c: -(sizes[c] or 0))
    row = rows[0] if rows else ""
    return Form(
        sizes=sizes, vector=vector, row=row, outer=tuple(c for c in kept if c != row),
        sums=tuple(c for c in sizes if c not in out), operands=(operands[0], operands[1]),
        pack=pack, out=out, across=across, zeros=zeros,
    )  # fmt: skip


def _passed_over(node: Node, operands: list[tuple[View, str]], vector: str) -> int:
    """Return which side's zeros are passed over, where both lie as that needs; -1 for none."""
    zeros = zero_side(node)
    if zeros < 0:
        return -1
    (x, mine), (other, letters) = operands[zeros], operands[1 - zeros]
    outputs = next(c for c in letters if c not in mine)
    along = is_open(node.shape) and other.strides[letters.index(outputs)] == 1
    return zeros if (along or vector == outputs) and x.strides[0] == 1 else -1


def _summed_neighbours(
    node: Node, operands: list[tuple[View, str]], sizes: dict[str, int | None], vector: str
) -> str:
    """Return the summed letter along which lanes had better run, or ""."""
    out = node.attrs["spec"].split("->")[1]
    summed = [c for c in sizes if c not in out and sizes[c] != 1]
    near = [
        c for c in summed
        if all(c in mine and view.strides[mine.index(c)] == 1 for view, mine in operands)
    ]  # fmt: skip
    if not near or not node.dtype.startswith("float"):
        return ""
    if sizes[near[0]] is None:
        turns = prod(sizes[c] or 1 for c in summed)
        return near[0] if turns >= _TURNS and size(node.shape) <= _RESULTS else ""
    one_row = is_one_row(node) and all(sizes[c] == 1 for c in out if c != vector)
    return near[0] if one_row and len(summed) == 1 else ""
