"""Windows that slide over axes, and their sum back into one array: what filters are made of.

A convolution is a product of windows with a kernel, pooling a reduction of them. Windows are seen
where the numbers lie (engines copy nothing), so that filters need no routine of their own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..graph.errors import OpenBatchError, ShapeError
from ..graph.node import Node
from ..graph.op import Aval, Op
from ..graph.shape import Shape
from .contract import contract_, split_spec
from .elementwise import equal, where
from .reduce import argmax_, max_, spread
from .reshape import put_, reshape, slice_

#: One number for each axis of the window.
Sizes = tuple[int, ...]


def count(length: int, size: int, step: int, dilation: int) -> int:
    """Return how many windows fit into a length."""
    return (length - (size - 1) * dilation - 1) // step + 1


# --- windows --------------------------------------------------------------------------------------
def _infer(x: Any, *, axis: int, size: Sizes, step: Sizes, dilation: Sizes) -> Aval:
    shape, n = tuple(x.shape), len(size)
    if shape[axis] is None:
        raise OpenBatchError("windows over the batch axis need a batch of one exact size.")
    found = [
        count(s or 0, k, t, d)
        for s, k, t, d in zip(shape[axis : axis + n], size, step, dilation, strict=True)
    ]
    if min(found) < 1:
        raise ShapeError(
            f"windows of size {size} (dilation {dilation}) do not fit into {shape[axis : axis + n]}"
            f", axes {axis} to {axis + n - 1} of shape {shape}. Make them smaller, or pad with "
            "padding='same'."
        )
    return Aval((*shape[:axis], *found, *size, *shape[axis + n :]), str(x.dtype))


def _eval(
    x: np.ndarray, *, axis: int, size: Sizes, step: Sizes, dilation: Sizes
) -> np.ndarray:  # fmt: skip
    shape = _infer(x, axis=axis, size=size, step=step, dilation=dilation).shape
    mine = x.strides[axis : axis + len(size)]
    strides = (
        *x.strides[:axis], *(s * t for s, t in zip(mine, step, strict=True)),
        *(s * d for s, d in zip(mine, dilation, strict=True)), *x.strides[axis + len(size) :],
    )  # fmt: skip
    return np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)  # type: ignore[arg-type]


windows_: Op = Op("windows", "move", _infer, _eval,
                  lambda g, out, x, **attrs: (overlapped(g, shape=tuple(x.shape), **attrs),),
                  doc="Each place of a window (size, dilation between its elements, step between "
                  "windows) as one more axis: places, then elements, at `axis`.")  # fmt: skip


# --- and back -------------------------------------------------------------------------------------
def _places(shape: Sequence[int], axis: int, size: Sizes, step: Sizes,
            dilation: Sizes) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:  # fmt: skip
    """Yield, for each element of the window, its index in windows and its places in the array."""
    lead, n = (slice(None),) * axis, len(size)
    found = [
        count(s, k, t, d)
        for s, k, t, d in zip(shape[axis : axis + n], size, step, dilation, strict=True)
    ]
    for at in itertools.product(*map(range, size)):
        parts = tuple(
            slice(k * d, k * d + (o - 1) * t + 1, t)
            for k, d, t, o in zip(at, dilation, step, found, strict=True)
        )
        yield (*lead, *(slice(None),) * n, *at), (*lead, *parts)


def _overlap_eval(
    g: np.ndarray, *, shape: Shape, axis: int, size: Sizes, step: Sizes, dilation: Sizes
) -> np.ndarray:
    sizes = tuple(len(g) if s is None else s for s in shape)
    out = np.zeros(sizes, g.dtype)
    for one, places in _places(sizes, axis, size, step, dilation):
        out[places] += g[one]
    return out


overlap_ = Op("overlap", "move", lambda g, *, shape, **_: Aval(shape, str(g.dtype)), _overlap_eval,
              lambda h, out, g, *, shape, **attrs: (windows_(h, **attrs),),
              doc="Zeros of a shape to which windows are added, each where it was taken from: "
              "the sum that `windows` is the gradient of.")  # fmt: skip


def overlapped(g: Any, *, shape: Shape, axis: int, size: Sizes, step: Sizes,
               dilation: Sizes) -> Any:  # fmt: skip
    """Return windows added up where they were taken from.

    A product with a kernel needs no windows laid out: it is the convolution of the padded factor
    with the kernel turned round, where windows go step by step.
    """
    if isinstance(g, Node) and g.op is contract_ and max(step) == 1:
        for side in (0, 1):
            found = turned(g.attrs["spec"], g.inputs, side, axis, size, dilation)
            if found is not None:
                return found
    return overlap_(g, shape=shape, axis=axis, size=size, step=step, dilation=dilation)


def turned(spec: str, inputs: Sequence[Any], side: int, axis: int, size: Sizes,
           dilation: Sizes) -> Any:  # fmt: skip
    """Return a product, overlapped, as a convolution of operand `side`; None if it is none."""
    *letters, out = split_spec(spec)
    n = len(size)
    places, inside = out[axis : axis + n], out[axis + n : axis + 2 * n]
    x, kernel = letters[side], letters[1 - side]
    if places not in x or any(c in kernel for c in places) or not set(inside) <= set(kernel):
        return None
    if set(inside) & set(x):
        return None
    at = x.index(places)
    factor, weights = inputs[side], inputs[1 - side]
    shape: list[Any] = list(factor.shape)
    parts: list[Any] = [None] * len(x)
    for i, (k, d) in enumerate(zip(size, dilation, strict=True), at):
        edge, length = (k - 1) * d, factor.shape[i]
        shape[i], parts[i] = length + 2 * edge, (edge, edge + length, 1)
    wide = put_(factor, shape=tuple(shape), parts=tuple(parts))
    seen = windows_(wide, axis=at, size=size, step=(1,) * n, dilation=dilation)
    around = slice_(weights, parts=tuple(
        (size[inside.index(c)] - 1, -1, -1) if c in inside else None for c in kernel))  # fmt: skip
    mine = x[: at + n] + inside + x[at + n :]
    result = out[: axis + n] + out[axis + 2 * n :]
    if side == 0:
        return contract_(seen, around, spec=f"{mine},{kernel}->{result}")
    return contract_(around, seen, spec=f"{kernel},{mine}->{result}")


# --- largest of a window --------------------------------------------------------------------------
def _peak_infer(x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Aval:
    if 0 in axis and x.shape[0] is None:
        raise OpenBatchError("peak over the batch axis needs a batch of one exact size.")
    return max_.infer(x, axis=axis, keepdims=keepdims)


def _peak_vjp(g: Any, out: Any, x: Any, *, axis: tuple[int, ...], keepdims: bool) -> tuple[Any]:
    """The first of equal elements takes the gradient, as in XLA's select-and-scatter."""
    kept = tuple(x.shape[i] if i in axis else 1 for i in range(len(x.shape)))
    number = np.arange(np.prod(kept), dtype=np.int32).reshape(kept)
    first = argmax_(x, axis=axis, keepdims=True)
    return (where(equal(number, first), spread(g, x, axis), 0.0),)


peak_ = Op("peak", "reduce", _peak_infer, max_.eval, _peak_vjp,
           doc="The largest value; the first of equal ones takes the gradient.")  # fmt: skip


def tiles(x: Any, axis: int, size: Sizes) -> tuple[Any, tuple[int, ...]]:
    """Return x cut into windows side by side, as axes (places, elements, places, elements...).

    Returns:
        The tiles, and which of their axes are elements of windows. What does not fill a window
        at the end of an axis is left out.
    """
    n = len(size)
    whole = [(s or 0) // k for s, k in zip(x.shape[axis : axis + n], size, strict=True)]
    if any(o * k != s for o, k, s in zip(whole, size, x.shape[axis : axis + n], strict=True)):
        parts: list[Any] = [None] * len(x.shape)
        for i, (o, k) in enumerate(zip(whole, size, strict=True), axis):
            parts[i] = (0, o * k, 1)
        x = slice_(x, parts=tuple(parts))
    pairs = tuple(s for pair in zip(whole, size, strict=True) for s in pair)
    shape = (*x.shape[:axis], *pairs, *x.shape[axis + n :])
    return reshape(x, shape), tuple(axis + 1 + 2 * i for i in range(n))


OPS = (windows_, overlap_, peak_)
