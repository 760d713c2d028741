"""Filters as ONNX has them: products of windows with a kernel are Conv and ConvTranspose."""

from __future__ import annotations

from math import prod
from typing import Any

from ...graph.node import Node
from ...graph.shape import Shape
from ...ops.contract import split_spec
from .lowering import Lowering
from .writer import Line, Value, Writer


def convolved(lo: Lowering, node: Node) -> Value | None:
    """Return a product of windows with a kernel as a Conv, None where it is none."""
    if node.dtype != "float32":  # what runtimes have filters for
        return None
    letters = split_spec(node.attrs["spec"])
    for side in (0, 1):
        seen, kernel = node.inputs[side], node.inputs[1 - side]
        windows = _windows(seen)
        if windows is not None:
            found = _conv(lo, windows, seen, kernel, letters[side], letters[1 - side], letters[2])
            if found is not None:
                return found
    return None


def _windows(seen: Node) -> Node | None:
    """Return the windows that a node is, their channels cut into groups or not."""
    inner = seen.inputs[0] if seen.op.name == "reshape" else seen
    if inner.op.name != "windows" or inner.attrs["axis"] != 1:
        return None
    fixed = 1 + 2 * len(inner.attrs["size"])
    return inner if seen.shape[:fixed] == inner.shape[:fixed] else None


def _conv(lo: Lowering, windows: Node, seen: Node, kernel: Node, mine: str, other: str,
          out: str) -> Value | None:  # fmt: skip
    r = len(windows.attrs["size"])
    row, places, inside = mine[:1], mine[1 : 1 + r], mine[1 + r : 1 + 2 * r]
    rest = mine[1 + 2 * r :]
    groups = "".join(c for c in rest if c in other and c in out)
    summed = "".join(c for c in rest if c in other and c not in out)
    filters = "".join(c for c in other if c not in mine)
    if rest != groups + summed or not set(inside) <= set(other) - set(out):
        return None
    if set(row + places) & set(other) or not set(row + places) <= set(out):
        return None
    sizes = dict(zip(other, kernel.shape, strict=True))
    weight = lo.transposed(lo[kernel], map(other.index, groups + filters + summed + inside))
    wide = (_count(sizes, groups + filters), _count(sizes, summed), *windows.attrs["size"])
    weight = lo.reshaped(weight, wide)
    source, around = _source(windows)
    y = lo.writer.emit(
        "Conv", (channels_first(lo, source, r), weight), group=_count(sizes, groups),
        kernel_shape=list(windows.attrs["size"]), strides=list(windows.attrs["step"]),
        dilations=list(windows.attrs["dilation"]), pads=around,
    )  # fmt: skip
    made = row + places + groups + filters
    shape = dict(zip(mine, seen.shape, strict=True)) | sizes
    y = channels_last(lo, y, r, tuple(shape[c] for c in made))
    return lo.transposed(y, map(made.index, out))


def _count(sizes: dict[str, Any], letters: str) -> int:
    return prod(sizes[c] for c in letters)


def _source(windows: Node) -> tuple[Node, list[int]]:
    """Return what windows are taken from, and the zeros around it, which filters add themselves."""
    x, r = windows.inputs[0], len(windows.attrs["size"])
    if x.op.name != "put" or any(p is not None and p[2] != 1 for p in x.attrs["parts"]):
        return x, [0] * (2 * r)
    parts = x.attrs["parts"]
    if parts[0] is not None or any(p is not None for p in parts[1 + r :]):
        return x, [0] * (2 * r)
    spatial = [s or 0 for s in x.shape[1 : 1 + r]]
    found = [p or (0, s, 1) for p, s in zip(parts[1 : 1 + r], spatial, strict=True)]
    after = [s - p[1] for p, s in zip(found, spatial, strict=True)]
    return x.inputs[0], [p[0] for p in found] + after


def channels_first(lo: Lowering, x: Node, rank: int) -> Value:
    """Return x as (rows, channels, spatial...), all axes after the spatial ones made one."""
    shape = (*x.shape[: 1 + rank], prod(s or 1 for s in x.shape[1 + rank :]))
    value = lo[x] if shape == x.shape else lo.reshaped(lo[x], shape)
    return lo.transposed(value, (0, rank + 1, *range(1, rank + 1)))


def channels_last(lo: Lowering, y: Value, rank: int, shape: Shape) -> Value:
    """Return (rows, channels, spatial...) as (rows, spatial..., channels...) of a shape."""
    y = lo.transposed(y, (0, *range(2, rank + 2), 1))
    return y if len(shape) == rank + 2 else lo.reshaped(y, shape)


def add(lo: Lowering, node: Node) -> Value:
    """Add; of a number for each filter, as the bias of the Conv."""
    for one, other in (node.inputs, node.inputs[::-1]):
        if one.op.name in _FILTERS and one.shape == node.shape:
            found = _with_bias(lo, lo[one], lo[other], len(node.shape))
            if found is not None:
                return found
    return lo.spelled(node)


#: Ops whose value may be a Conv's, cut into other axes or not.
_FILTERS = ("contract", "overlap", "transpose")


def _with_bias(lo: Lowering, x: Value, bias: Value, rank: int) -> Value | None:
    writer = lo.writer
    turn, known = writer.maker(x, "Transpose"), writer.numbers.get(bias.name)
    inner = Value(turn.inputs[0], x.dtype) if turn is not None else x
    conv = writer.maker(inner, "Conv") or writer.maker(inner, "ConvTranspose")
    if conv is None or known is None or len(conv.inputs) > 2 or known.ndim > rank:
        return None
    axes = turn.attrs["perm"] if turn is not None else list(range(rank))
    sizes = (1,) * (rank - known.ndim) + known.shape
    channels = axes.index(1)
    if known.size != sizes[channels] or known.size != _filters(conv, writer):
        return None
    given = [Value(name, x.dtype) for name in conv.inputs]
    y = writer.emit(conv.op, (*given, lo.reshaped(bias, (known.size,))), **conv.attrs)
    return lo.transposed(y, axes)


def _filters(conv: Line, writer: Writer) -> int:
    """Return how many filters a Conv has, 0 where that is not known here."""
    kernel = writer.numbers.get(conv.inputs[1])
    if kernel is None:
        return 0
    return int(kernel.shape[0] if conv.op == "Conv" else kernel.shape[1])


# --- the other way round ------------------------------------------------------------------------
def spread_out(lo: Lowering, node: Node) -> Value | None:
    """Return the overlapped product of places with a kernel as a ConvTranspose, or None."""
    product, r = node.inputs[0], len(node.attrs["size"])
    if product.op.name != "contract" or node.dtype != "float32" or node.attrs["axis"] != 1:
        return None
    *letters, out = split_spec(product.attrs["spec"])
    row, places, inside, rest = out[:1], out[1 : 1 + r], out[1 + r : 1 + 2 * r], out[1 + 2 * r :]
    for side in (0, 1):
        mine, other = letters[side], letters[1 - side]
        summed = mine[1 + r :]
        if mine[: 1 + r] != row + places or set(row + places) & set(other):
            continue
        if set(other) != set(inside + rest + summed) or set(summed) & set(out):
            continue
        x, kernel = product.inputs[side], product.inputs[1 - side]
        return _conv_transpose(lo, node, x, kernel, other, (summed, rest, inside))
    return None


def _conv_transpose(lo: Lowering, node: Node, x: Node, kernel: Node, other: str,
                    parts: tuple[str, str, str]) -> Value | None:  # fmt: skip
    attrs, (summed, rest, inside) = node.attrs, parts
    size, r = attrs["size"], len(attrs["size"])
    full = tuple(
        ((o or 0) - 1) * t + (k - 1) * d + 1
        for o, k, t, d in zip(x.shape[1:], size, attrs["step"], attrs["dilation"], strict=False)
    )
    if node.shape[1 : 1 + r] != full:
        return None
    sizes = dict(zip(other, kernel.shape, strict=True))
    weight = lo.transposed(lo[kernel], map(other.index, summed + rest + inside))
    weight = lo.reshaped(weight, (_count(sizes, summed), _count(sizes, rest), *size))
    y = lo.writer.emit(
        "ConvTranspose", (channels_first(lo, x, r), weight), kernel_shape=list(size),
        strides=list(attrs["step"]), dilations=list(attrs["dilation"]),
    )  # fmt: skip
    return channels_last(lo, y, r, node.shape)
