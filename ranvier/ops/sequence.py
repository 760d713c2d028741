"""Lines of numbers: even steps, grids, shifts, differences, running products, joining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.dtype import canonical, is_integer
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError
from ..graph.node import cast
from ..graph.shape import is_several, normal_axis, several
from ..graph.whole import whole
from .elementwise import (
    absolute,
    add,
    divide,
    exp,
    floor,
    log,
    multiply,
    not_equal,
    power_,
    sign,
    subtract,
)  # fmt: skip
from .index import iota, ones_like
from .reduce import counted, given, sum
from .reshape import (
    broadcast_to,
    concatenate,
    expand_dims,
    flip,
    itself,
    reshape,
    slice_along,
    split,
    squeeze,
    swapaxes,
)  # fmt: skip


def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False,
    dtype: object = None, axis: int = 0,
) -> Any:  # fmt: skip
    """Return `num` evenly spaced numbers from `start` to `stop`, along a new axis.

    Args:
        start: the first number, or an array of them.
        stop: the last one.
        num: how many; default 50.
        endpoint: whether `stop` is among them; default True.
        retstep: also return the distance of neighbours; default False.
        dtype: default the type of start and stop as floats; whole numbers are rounded down.
        axis: where the new axis stands; default 0.
    """
    num = whole("linspace, `num`", num, 0)
    gap = subtract(multiply(stop, 1.0), start)
    start = broadcast_to(start, gap.shape)
    at = normal_axis(axis, len(gap.shape) + 1)
    line = [1] * (len(gap.shape) + 1)
    line[at] = num
    parts = num - 1 if endpoint else num
    count = cast(iota(line, at), gap.dtype)
    step = divide(gap, float(parts)) if parts else multiply(gap, float("nan"))
    shift = multiply(count, expand_dims(gap, at))
    result = add(divide(shift, float(max(parts, 1))), expand_dims(start, at))
    if dtype is not None:
        result = cast(floor(result) if is_integer(canonical(dtype)) else result, dtype)
    return (result, step) if retstep else result


def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: float = 10,
    dtype: object = None, axis: int = 0,
) -> Any:  # fmt: skip
    """Return base to the power of `num` evenly spaced exponents."""
    result = power_(float(base), linspace(start, stop, num, endpoint, axis=axis))
    return result if dtype is None else cast(result, dtype)


def geomspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: object = None,
    axis: int = 0,
) -> Any:  # fmt: skip
    """Return `num` numbers from `start` to `stop`, each the same multiple of the one before.

    Both have one sign, and neither is 0.
    """
    exponent = linspace(log(absolute(start)), log(absolute(stop)), num, endpoint, axis=axis)
    at = normal_axis(axis, len(exponent.shape))
    line = tuple(s for i, s in enumerate(exponent.shape) if i != at)
    result = multiply(expand_dims(broadcast_to(sign(start), line), at), exp(exponent))
    return result if dtype is None else cast(result, dtype)


def meshgrid(*x: Any, indexing: str = "xy") -> list[Any]:
    """Return, for each vector, the array of a grid's coordinates along it.

    Args:
        x: vectors.
        indexing: "xy" (default): the first two axes of the grid are swapped, as in a picture;
            "ij": the grid has the vectors' order.
    """
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f"meshgrid, `indexing`: got {indexing!r}, expected 'xy' or 'ij'.")
    lines = [reshape(v, (-1,)) for v in x]
    shape = tuple(v.shape[0] for v in lines)
    grids = []
    for i, v in enumerate(lines):
        place = [1] * len(lines)
        place[i] = shape[i]
        grid = broadcast_to(reshape(v, place), shape)
        grids.append(swapaxes(grid, 0, 1) if indexing == "xy" and len(lines) > 1 else grid)
    return grids


def roll(x: Any, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Any:
    """Return x with its elements shifted along `axis`; what leaves at the end enters in front."""
    x = given(x)
    if axis is None:
        return reshape(roll(reshape(x, (-1,)), shift, 0), x.shape)
    axes = several(axis)
    shifts = several(shift) if is_several(shift) else (shift,) * len(axes)
    if len(axes) != len(shifts):
        raise ArgumentError(
            f"roll, `shift` and `axis`: got {shift!r} and {axis!r}, expected as many in both."
        )
    for a, by in zip(axes, shifts, strict=True):
        at = normal_axis(a, len(x.shape))
        n = x.shape[at]
        if n is None:
            raise OpenBatchError("roll of the batch axis needs a batch of one exact size.")
        by = whole("roll, `shift`", by) % n if n else 0
        if by:
            parts = [slice_along(x, at, n - by, n), slice_along(x, at, 0, n - by)]
            x = concatenate(parts, at)
    return itself(x)


def rot90(array: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Return an array turned k times by 90 degrees, from the first axis towards the second."""
    x = given(array)
    at = [normal_axis(i, len(x.shape)) for i in several(axes)]
    if len(at) != 2 or at[0] == at[1]:
        raise ArgumentError(f"rot90, `axes`: got {axes!r}, expected two different axes.")
    a, b = at
    k = whole("rot90, `k`", k) % 4
    if k == 0:
        return itself(x)
    if k == 2:
        return flip(flip(x, a), b)
    return swapaxes(flip(x, b), a, b) if k == 1 else flip(swapaxes(x, a, b), b)


def fliplr(x: Any) -> Any:
    """Return x with its second axis reversed."""
    return flip(x, 1)


def flipud(x: Any) -> Any:
    """Return x with its first axis reversed."""
    return flip(x, 0)


def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """Return the differences of neighbours along `axis`, taken n times."""
    x = given(a)
    at = normal_axis(axis, len(x.shape))
    if x.shape[at] is None:
        raise OpenBatchError("diff along the batch axis needs a batch of one exact size.")
    for _ in range(whole("diff, `n`", n, 0)):
        size = x.shape[at]
        if size < 1:
            raise ShapeError(f"diff, `n`: {n} is more than axis {axis} has elements.")
        pair = slice_along(x, at, 1, size), slice_along(x, at, 0, size - 1)
        x = not_equal(*pair) if str(x.dtype) == "bool" else subtract(*pair)
    return itself(x)


def trapezoid(y: Any, x: Any = None, dx: float = 1.0, axis: int = -1) -> Any:
    """Return the area under samples by the trapezoidal rule along `axis`."""
    y = given(y)
    at = normal_axis(axis, len(y.shape))
    n = y.shape[at]
    both = add(slice_along(y, at, 1, n), slice_along(y, at, 0, n - 1))
    width: Any = dx
    if x is not None:
        x = given(x)
        x = cast(x, None) if str(x.dtype) == "bool" else x
        one = len(x.shape) == 1
        width = diff(x, axis=-1 if one else at - len(y.shape))
        if one and len(y.shape) > 1:
            width = reshape(width, [n - 1 if i == at else 1 for i in range(len(y.shape))])
    return sum(multiply(multiply(both, width), 0.5), at)


def cumprod(x: Any, axis: int | None = None, dtype: object = None) -> Any:
    """Return the running product along `axis` (of the flattened array by default).

    A `dtype` of "bool" tells whether all so far were true.
    """
    x, finished = counted(x, dtype)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    at = normal_axis(axis, len(x.shape))
    n = x.shape[at]
    if n is None:
        raise OpenBatchError("cumprod along the batch axis needs a batch of one exact size.")
    # Each round multiplies by what stands twice as far in front: log2(n) products, not n.
    step = 1
    while step < n:
        ones = ones_like(slice_along(x, at, 0, step))
        x = multiply(x, concatenate([ones, slice_along(x, at, 0, n - step)], at))
        step *= 2
    return finished(x)


# --- joining and parting ------------------------------------------------------------------------


def append(x1: Any, x2: Any, axis: int | None = None) -> Any:
    """Return x2 joined behind x1 along `axis`; both flattened by default."""
    if axis is None:
        return concatenate([reshape(x1, (-1,)), reshape(x2, (-1,))], 0)
    return concatenate([x1, x2], axis)


def vstack(xs: Sequence[Any]) -> Any:
    """Return arrays joined along the first axis; vectors become rows."""
    return concatenate([_at_least_2d(x) for x in xs], 0)


def hstack(xs: Sequence[Any]) -> Any:
    """Return arrays joined along the second axis, vectors along their only one."""
    arrays = [given(x) for x in xs]
    arrays = [x if len(x.shape) else reshape(x, (1,)) for x in arrays]
    return concatenate(arrays, 0 if len(arrays[0].shape) == 1 else 1)


def dstack(xs: Sequence[Any]) -> Any:
    """Return arrays joined along the third axis; vectors and matrices get one."""
    arrays = [_at_least_2d(x) for x in xs]
    return concatenate([x if len(x.shape) > 2 else expand_dims(x, 2) for x in arrays], 2)


def hsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Return x cut along the second axis, a vector along its only one; see `split`."""
    x = given(x)
    return split(x, indices_or_sections, 0 if len(x.shape) == 1 else 1)


def vsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Return x cut along the first axis; see `split`."""
    return split(_of_rank("vsplit", x, 2), indices_or_sections, 0)


def dsplit(x: Any, indices_or_sections: int | Sequence[int]) -> list[Any]:
    """Return x cut along the third axis; see `split`."""
    return split(_of_rank("dsplit", x, 3), indices_or_sections, 2)


def _of_rank(name: str, x: Any, least: int) -> Any:
    x = given(x)
    if len(x.shape) < least:
        raise ShapeError(f"{name}: got shape {tuple(x.shape)}, expected at least {least} axes.")
    return x


def _at_least_2d(x: Any) -> Any:
    x = given(x)
    return x if len(x.shape) > 1 else reshape(x, (1, -1))


def array_split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Return x cut along `axis` into parts as equal as can be; the first may be one longer."""
    if is_several(indices_or_sections):
        return split(x, indices_or_sections, axis)
    sections = whole("array_split, `indices_or_sections`", indices_or_sections, 1)
    x = given(x)
    n = x.shape[normal_axis(axis, len(x.shape))]
    if n is None:
        raise OpenBatchError("array_split of the batch axis needs a batch of one exact size.")
    budget.constant((sections,), 64)
    short, more = divmod(n, sections)
    lengths = [short + 1] * more + [short] * (sections - more)
    return split(x, np.cumsum(lengths)[:-1].tolist(), axis)


def unstack(x: Any, num: int | None = None, axis: int = 0) -> list[Any]:
    """Return the parts of x along `axis`, without that axis."""
    x = given(x)
    at = normal_axis(axis, len(x.shape))
    n = x.shape[at]
    if n is None:
        raise OpenBatchError("unstack of the batch axis needs a batch of one exact size.")
    if num is not None and num != n:
        raise ArgumentError(f"unstack, `num`: got {num}, but axis {axis} has size {n}.")
    return [squeeze(slice_along(x, at, i, i + 1), at) for i in range(n)]
