"""Pools as ONNX has them: the largest or the mean of windows, overlapping or side by side."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

from ...graph.node import Node
from .convolution import channels_first, channels_last
from .lowering import Lowering, Row
from .reduce import reduction
from .writer import Value


class _Windows(NamedTuple):
    """What a pool goes over, and how."""

    source: Node
    size: tuple[int, ...]
    step: tuple[int, ...]
    dilation: tuple[int, ...]


def pool(op: str, instead: str, dtypes: tuple[str, ...]) -> Row:
    """Return the row of a reduction that is a pool where it goes over windows.

    Args:
        op: ONNX's pool.
        instead: its reduction of anything else.
        dtypes: for which runtimes have the pool.
    """
    other = reduction(instead)

    def row(lo: Lowering, node: Node) -> Value:
        found = _seen(node) or _side_by_side(node)
        if found is None or node.attrs["keepdims"] or node.dtype not in dtypes:
            return other(lo, node)
        rank = len(found.size)
        spread: dict[str, Any] = {} if op == "AveragePool" else {"dilations": list(found.dilation)}
        if not spread and max(found.dilation) > 1:
            return other(lo, node)
        y = lo.writer.emit(
            op, (channels_first(lo, found.source, rank),),
            kernel_shape=list(found.size), strides=list(found.step), **spread,
        )  # fmt: skip
        y = channels_last(lo, y, rank, node.shape)
        if op == "AveragePool":  # what is asked for is the sum
            y = lo.words.mul(y, lo.words.const(prod(found.size), y))
        return y

    return row


def _seen(node: Node) -> _Windows | None:
    """Return the windows whose elements are folded, all of them."""
    windows = node.inputs[0]
    if windows.op.name != "windows" or windows.attrs["axis"] != 1:
        return None
    a = windows.attrs
    rank = len(a["size"])
    if node.attrs["axis"] != tuple(range(1 + rank, 1 + 2 * rank)):
        return None
    return _Windows(windows.inputs[0], a["size"], a["step"], a["dilation"])


def _side_by_side(node: Node) -> _Windows | None:
    """Return windows that are cut out of axes by a reshape: places, elements, and so on."""
    cut, axes = node.inputs[0], node.attrs["axis"]
    rank = len(axes)
    if cut.op.name != "reshape" or axes != tuple(range(2, 2 + 2 * rank, 2)) or rank > 3:
        return None
    source = cut.inputs[0]
    if len(source.shape) != rank + 2 or len(cut.shape) != 2 * rank + 2:
        return None
    size = tuple(cut.shape[a] or 0 for a in axes)
    whole = tuple((cut.shape[a - 1] or 0) * k for a, k in zip(axes, size, strict=True))
    if source.shape != (cut.shape[0], *whole, cut.shape[-1]) or 0 in whole:
        return None
    return _Windows(source, size, size, (1,) * rank)
