"""Pooling: the largest or the mean of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import budget
from ..graph.node import Node
from .activation import relu
from .contract import contract_
from .elementwise import divide
from .filter import edges, fits, padding_of, pictures, returned, sizes_of
from .index import take
from .pad import pad
from .reduce import floats, sum_
from .reshape import reshape
from .window import Sizes, peak_, tiles, windows_


def _seen(x: Any, size: Sizes, step: Sizes, padding: str,
          fill: float) -> tuple[Any, tuple[int, ...]]:  # fmt: skip
    """Return the windows of x, and which axes hold the elements of one."""
    rank = len(size)
    once = (1,) * rank
    around = edges(x.shape, size, step, once, padding)
    x = pad(x, [(0, 0), *around, (0, 0)], constant_values=fill)
    if size == step and all((s or 0) >= k for s, k in zip(x.shape[1:], size, strict=False)):
        return tiles(x, 1, size)
    seen = windows_(x, axis=1, size=size, step=step, dilation=once)
    return seen, tuple(range(1 + rank, 1 + 2 * rank))


def _arguments(x: Any, pool_size: Any, strides: Any, padding: str,
               place: str) -> tuple[Sizes, Sizes, str]:  # fmt: skip
    rank = len(x.shape) - 2
    size = sizes_of(pool_size, rank, f"{place}, `pool_size`")
    step = size if strides is None else sizes_of(strides, rank, f"{place}, `strides`")
    kind = padding_of(padding, place)
    fits(x.shape, size, (1,) * rank, kind, None, f"{place}, `pool_size`")
    return size, step, kind


def max_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid",
    data_format: str | None = None,
) -> Any:  # fmt: skip
    """Return the largest value of each window.

    Args:
        inputs: (batch, spatial..., channels), or (batch, channels, spatial...).
        pool_size: sizes of the window, an int or one an axis.
        strides: steps between windows; default `pool_size`, side by side.
        padding: "valid" (windows that lie within the input), or "same" (windows may reach over
            its ends; what lies outside does not count).
        data_format: "channels_last" (default) or "channels_first".

    The first of equal values takes the gradient.

    Source: keras.ops.max_pool.
    """
    x, _, first = pictures(inputs, data_format, "max_pool")
    size, step, kind = _arguments(x, pool_size, strides, padding, "max_pool")
    if isinstance(x, Node) and x.op is relu:
        # The largest of relu is relu of the largest, and so are the slopes: fewer to compute.
        return returned(relu(_max(x.inputs[0], size, step, kind)), first)
    return returned(_max(x, size, step, kind), first)


def _max(x: Any, size: Sizes, step: Sizes, padding: str) -> Any:
    lowest = -np.inf if str(x.dtype).startswith("float") else float(np.iinfo(str(x.dtype)).min)
    seen, axes = _seen(x, size, step, padding, lowest)
    return peak_(seen, axis=axes, keepdims=False)


def average_pool(
    inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid",
    data_format: str | None = None,
) -> Any:  # fmt: skip
    """Return the mean of each window; with padding="same", of what lies within the input.

    Args:
        inputs, pool_size, strides, padding, data_format: as in `max_pool`.

    Source: keras.ops.average_pool.
    """
    x, _, first = pictures(floats(inputs), data_format, "average_pool")
    size, step, kind = _arguments(x, pool_size, strides, padding, "average_pool")
    seen, axes = _seen(x, size, step, kind, 0.0)
    total = sum_(seen, axis=axes, keepdims=False)
    if kind == "valid":
        return returned(divide(total, float(np.prod(size))), first)
    budget.constant(x.shape[1:-1])
    ones = np.ones((1, *x.shape[1:-1], 1), str(x.dtype))
    inside, axes = _seen(ones, size, step, kind, 0.0)
    return returned(divide(total, np.asarray(inside).sum(axes)), first)


# --- a given number of windows --------------------------------------------------------------------
def _adaptive(inputs: Any, output_size: Any, data_format: str | None, place: str,
              reduce: Any) -> Any:  # fmt: skip
    """Reduce windows that cut each axis into `output_size` parts, one axis after the other.

    Parts overlap where they do not go into the length, or are more than there are places.
    """
    x, rank, first = pictures(inputs, data_format, place)
    wanted = sizes_of(output_size, rank, f"{place}, `output_size`")
    for axis, out in enumerate(wanted, 1):
        length = x.shape[axis]
        budget.constant((out,), 32)
        starts = np.arange(out) * length // out
        ends = -(-np.arange(1, out + 1) * length // out)
        x = reduce(x, axis, starts, ends)
    return returned(x, first)


def _largest_parts(x: Any, axis: int, starts: np.ndarray, ends: np.ndarray) -> Any:
    width = int((ends - starts).max())
    if (np.diff(starts) == width).all() and (ends - starts == width).all():
        seen, axes = tiles(x, axis, (width,))
        return peak_(seen, axis=axes, keepdims=False)
    # The last place of a shorter part stands in for what it lacks.
    budget.constant((len(starts), width), 24)
    index = np.minimum(starts[:, None] + np.arange(width), ends[:, None] - 1).astype(np.int32)
    seen = take(x, index.reshape(-1), axis=axis)
    seen = reshape(seen, (*x.shape[:axis], *index.shape, *x.shape[axis + 1 :]))
    return peak_(seen, axis=(axis + 1,), keepdims=False)


def _mean_parts(x: Any, axis: int, starts: np.ndarray, ends: np.ndarray) -> Any:
    budget.constant((x.shape[axis], len(starts)), 12)
    place = np.arange(x.shape[axis])[:, None]
    shares = ((place >= starts) & (place < ends)) / (ends - starts)
    letters = "nabcd"[: len(x.shape)]
    out = letters.replace(letters[axis], "z")
    return contract_(x, shares.astype(str(x.dtype)), spec=f"{letters},{letters[axis]}z->{out}")


def adaptive_max_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Any:
    """Return the largest values of parts of the input, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Source: keras.ops.adaptive_max_pool.
    """
    return _adaptive(inputs, output_size, data_format, "adaptive_max_pool", _largest_parts)


def adaptive_average_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Any:
    """Return the means of parts of the input, `output_size` parts an axis.

    Part i of n reaches from floor(i * length / n) to ceil((i + 1) * length / n).

    Source: keras.ops.adaptive_average_pool.
    """
    return _adaptive(floats(inputs), output_size, data_format, "adaptive_average_pool", _mean_parts)
