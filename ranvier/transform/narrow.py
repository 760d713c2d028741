"""A part of a convolution is the convolution of a part: what is cut away is never computed."""

from __future__ import annotations

from typing import Any

from ..graph.node import Node
from ..ops.contract import contract_, split_spec
from ..ops.reshape import put_
from ..ops.window import windows_


def narrow(node: Node) -> Node:
    """Return a slice of windows of a padded array times a kernel with less padding instead.

    The gradient of padding is such a slice: the zeros around an input take no gradient.
    """
    product = node.inputs[0]
    if product.op is not contract_:
        return node
    letters = split_spec(product.attrs["spec"])
    for side in (0, 1):
        seen = product.inputs[side]
        if seen.op is windows_ and seen.inputs[0].op is put_ and max(seen.attrs["step"]) == 1:
            parts = _by_letter(node, letters[2])
            if set(parts) & set(letters[1 - side]):  # a cut through the kernel's channels, too
                continue
            smaller = _narrowed(seen, letters[side], parts)
            if smaller is not None:
                pair = (smaller, product.inputs[1]) if side == 0 else (product.inputs[0], smaller)
                return contract_(*pair, spec=product.attrs["spec"])
    return node


def _by_letter(node: Node, out: str) -> dict[str, tuple[int, int]]:
    """Return the (start, stop) of each letter that the slice cuts."""
    return {
        c: (part[0], part[1] if part[2] == 1 else -1)
        for c, part in zip(out, node.attrs["parts"], strict=True) if part is not None
    }  # fmt: skip


def _narrowed(seen: Node, letters: str, parts: dict[str, tuple[int, int]]) -> Node | None:
    """Return the windows at the places in `parts`, or None where that is no less padding."""
    axis, n = seen.attrs["axis"], len(seen.attrs["size"])
    padded = seen.inputs[0]
    shape: list[Any] = list(padded.shape)
    put: list[Any] = list(padded.attrs["parts"])
    for c, (start, stop) in parts.items():
        i = letters.index(c)
        if not axis <= i < axis + n or put[i] is None or stop <= start:
            return None
        size, dilation = seen.attrs["size"][i - axis], seen.attrs["dilation"][i - axis]
        shape[i] = stop - start + (size - 1) * dilation
        first, end, step = put[i]
        put[i] = (first - start, end - start, step)
        if first < start or step < 1 or end - start > shape[i]:
            return None
    smaller = put_(padded.inputs[0], shape=tuple(shape), parts=tuple(put))
    return windows_(smaller, **seen.attrs)
