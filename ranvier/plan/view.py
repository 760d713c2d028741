"""How an array lies in memory: strides over a buffer, and what moves do to them.

An array with the open batch axis is feature-major: rows of the batch are neighbours (stride 1),
so that the lanes of a vector are rows whatever the other sizes are. A fixed array keeps its axes
in some order, the last of them padded to whole vectors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from ..graph.node import Node
from ..graph.shape import Shape, is_open, round_up


@dataclass(frozen=True, eq=False)
class View:
    """Elements of `base` (a node, or a packed copy of one) at offset + sum(index * stride)."""

    base: Any
    offset: int
    strides: tuple[int, ...]
    padded: bool = True

    def same(self, other: View) -> bool:
        """Tell whether both are the same elements in the same order."""
        return self.base is other.base and (self.offset, self.strides, self.padded) == (
            other.offset, other.strides, other.padded)  # fmt: skip


def whole(node: Node, order: tuple[int, ...], capacity: int, lanes: int) -> View:
    """Return the view of a node that has a buffer of its own, its axes stored in `order`."""
    return View(node, 0, strides_of(node.shape, order, capacity, lanes))


def natural(shape: Shape) -> tuple[int, ...]:
    """Return the storage order that follows the axes."""
    return tuple(range(len(shape)))


def strides_of(shape: Shape, order: tuple[int, ...], capacity: int, lanes: int) -> tuple[int, ...]:
    """Return element strides: feature-major for an open shape, padded for a fixed one."""
    if is_open(shape):
        return (1, *dense(shape[1:], capacity))
    result = [0] * len(shape)
    stride = 1
    for i, axis in enumerate(reversed(order)):
        result[axis] = stride
        size = shape[axis] or 1
        stride *= round_up(size, lanes) if i == 0 else size
    return tuple(result)


def dense(shape: Shape, unit: int = 1) -> tuple[int, ...]:
    """Return strides without gaps, the last axis stepping by `unit`."""
    result = []
    for size in reversed(shape):
        result.append(unit)
        unit *= size or 1
    return tuple(reversed(result))


def elements(shape: Shape, order: tuple[int, ...], capacity: int, lanes: int) -> int:
    """Return how many elements a buffer of that shape takes, with a vector to spare."""
    if is_open(shape):
        return math.prod(s or 1 for s in shape) * capacity
    sizes = [s or 1 for s in (shape[a] for a in order)]
    if sizes:
        sizes[-1] = round_up(sizes[-1], lanes)
    return math.prod(sizes) + lanes


def moved(view: View, node: Node) -> View | None:
    """Return where a move's result already lies, or None if it must be copied."""
    name, attrs, source = node.op.name, node.attrs, node.inputs[0].shape
    if name == "transpose":
        return replace(view, strides=tuple(view.strides[a] for a in attrs["axes"]))
    if name == "broadcast":
        lead = len(node.shape) - len(source)
        strides = tuple(
            0 if i < lead or (source[i - lead] == 1 and node.shape[i] != 1)
            else view.strides[i - lead] for i in range(len(node.shape))
        )  # fmt: skip
        return replace(view, strides=strides)
    if name == "slice":
        offset, steps = view.offset, list(view.strides)
        for i, part in enumerate(attrs["parts"]):
            if part is not None:
                offset += part[0] * steps[i]
                steps[i] *= part[2]
        return replace(view, offset=offset, strides=tuple(steps))
    if name == "windows":
        return replace(view, strides=windowed(view.strides, attrs))
    if name == "reshape":
        return reshaped(view, source, node.shape)
    return None


def reshaped(view: View, old: Shape, new: Shape) -> View | None:
    """Return where the elements of a view lie in another shape, or None if not by strides."""
    lead = int(is_open(old))
    rest = _regrouped(old[lead:], view.strides[lead:], new[lead:])
    return None if rest is None else replace(view, strides=view.strides[:lead] + rest)


def windowed(strides: tuple[int, ...], attrs: dict[str, Any]) -> tuple[int, ...]:
    """Return strides of windows over an array: places first, then elements of a window."""
    axis, end = attrs["axis"], attrs["axis"] + len(attrs["size"])
    mine = strides[axis:end]
    steps = (s * t for s, t in zip(mine, attrs["step"], strict=True))
    inner = (s * d for s, d in zip(mine, attrs["dilation"], strict=True))
    return (*strides[:axis], *steps, *inner, *strides[end:])


def _regrouped(old: Shape, strides: tuple[int, ...], new: Shape) -> tuple[int, ...] | None:
    """Return strides of a reshape without a copy, or None where there is none."""
    sizes = [(s, t) for s, t in zip(old, strides, strict=True) if s != 1]
    result: list[int] = []
    at = 0
    pending: list[int] = []
    for size in new:
        pending.append(size or 1)
        if size == 1:
            continue
        have, used = 1, []
        start = at
        want = math.prod(pending)
        while have < want and at < len(sizes):
            have *= sizes[at][0] or 1
            used.append(sizes[at])
            at += 1
        if have == want:
            for (_, t), (s2, t2) in zip(used, used[1:], strict=False):
                if t != t2 * (s2 or 1):
                    return None
            unit = used[-1][1] if used else 0
            result.extend(dense(tuple(pending), unit))
            pending = []
        elif have > want:
            at = start
        else:
            return None
    if math.prod(pending) != 1 or at != len(sizes):
        return None
    return (*result, *([0] * len(pending)))
