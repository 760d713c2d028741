"""Axes by name: split, joined and put in another order."""

from __future__ import annotations

import math
import re
from typing import Any

from ..graph.errors import ArgumentError, ShapeError
from ..graph.whole import whole
from .reduce import given
from .reshape import reshape, transpose

#: The names of one axis: those in parentheses are joined to it.
Group = tuple[str, ...]


def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Any:
    """Return an array whose axes are split, put in another order and joined.

    Args:
        tensor: an array.
        pattern: names of its axes, "->" and names of the result's, as in "b h w c -> b (h w) c".
            Names in parentheses share one axis, the last of them runs fastest.
        **axes_lengths: sizes of names that share an axis; one of each axis may be left out.

    Raises:
        ArgumentError: if both sides have not the same names, each once.
        ShapeError: if names and axes, or sizes, do not fit.

    Example:
        >>> rearrange([[1, 2], [3, 4]], "a b -> (b a)").tolist()
        [1, 3, 2, 4]

    Source: keras.ops.rearrange.
    """
    x = given(tensor)
    left, arrow, right = pattern.partition("->")
    before, after = _groups(left), _groups(right)
    names, wanted = ([n for g in side for n in g] for side in (before, after))
    unknown = [n for n in axes_lengths if n not in names]
    if not arrow or sorted(names) != sorted(wanted) or len({*names}) < len(names) or unknown:
        raise ArgumentError(
            f"rearrange, `pattern`: got {pattern!r} with {axes_lengths}, expected the same names "
            "on both sides of '->', each once, as in 'b h w c -> b (h w) c'."
        )
    if len(before) != len(x.shape):
        raise ShapeError(
            f"rearrange, `pattern`: got {len(before)} axes in {left.strip()!r} for shape "
            f"{tuple(x.shape)}."
        )
    sizes: dict[str, int | None] = {}
    for group, size in zip(before, x.shape, strict=True):
        sizes.update(_split(group, size, axes_lengths))
    x = reshape(x, tuple(sizes[n] for n in names))
    x = transpose(x, [names.index(n) for n in wanted])
    return reshape(x, tuple(_joined([sizes[n] for n in group]) for group in after))


def _groups(side: str) -> list[Group]:
    return [tuple(re.findall(r"\w+", part)) for part in re.findall(r"\([^()]*\)|\w+", side)]


def _split(group: Group, size: int | None, lengths: dict[str, int]) -> dict[str, int | None]:
    if len(group) == 1 and group[0] not in lengths:
        return {group[0]: size}
    known = {n: whole(f"rearrange, `{n}`", lengths[n], 1) for n in group if n in lengths}
    open_ = [n for n in group if n not in lengths]
    share = math.prod(known.values())
    if size is None or len(open_) > 1 or size % share or (not open_ and share != size):
        raise ShapeError(
            f"rearrange: ({' '.join(group)}) with sizes {known} does not fit an axis of size "
            f"{size}. Give the sizes of all names but one."
        )
    return {n: known.get(n, size // share) for n in group}


def _joined(sizes: list[int | None]) -> int | None:
    if len(sizes) == 1:
        return sizes[0]
    return -1 if None in sizes else math.prod(s for s in sizes if s is not None)
