"""Padding: more elements at the ends of axes, zeros or those that are near."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import budget
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError
from ..graph.node import cast
from .elementwise import rint, where
from .index import ones_like
from .reduce import given, max, mean, min
from .reshape import broadcast_to, concatenate, flip, itself, put_, slice_along, squeeze
from .sequence import linspace
from .statistics import median

#: What fills a pad of one value: a statistic of the line that it lengthens.
_STATISTICS: dict[str, Any] = {"maximum": max, "mean": mean, "median": median, "minimum": min}
_ELEMENTS = ("edge", "reflect", "symmetric", "wrap")
MODES = ("constant", "empty", "linear_ramp", *_STATISTICS, *_ELEMENTS)


def pad(
    x: Any, pad_width: Any, mode: str = "constant", constant_values: float | None = None
) -> Any:
    """Return x with elements added at both ends of its axes.

    Args:
        x: array of any rank.
        pad_width: (before, after) for each axis, one such pair, or one number for all ends.
        mode: what is added: "constant" (default); "edge", the first and the last element again;
            "reflect", the elements mirrored at the first and the last; "symmetric", mirrored
            beyond them, so that they stand twice; "wrap", those of the other end;
            "linear_ramp", even steps from the first and the last down to 0; "maximum", "mean",
            "median" or "minimum" of the line; "empty", zeros.
        constant_values: of mode "constant"; default 0.

    Raises:
        ArgumentError: if a width is negative, the mode is unknown, or `constant_values` is given
            to another mode.
        ShapeError: if an axis without elements has nothing to repeat.

    Example:
        >>> pad([1.0, 2.0, 3.0], 2, mode="reflect").numpy()
        array([3., 2., 1., 2., 3., 2., 1.], dtype=float32)

    Source:
        keras.ops.pad.
    """
    x = given(x)
    if mode not in MODES:
        raise ArgumentError(f"pad, `mode`: got {mode!r}, expected one of {MODES}.")
    if mode != "constant" and constant_values is not None:
        raise ArgumentError(
            f"pad, `constant_values`: got {constant_values!r} for mode {mode!r}, which finds its "
            "own. Leave it out, or use mode='constant'."
        )
    widths = _widths(x, pad_width)
    if any(s is None and (a or b) for s, (a, b) in zip(x.shape, widths, strict=True)):
        raise OpenBatchError("pad of the batch axis needs a batch of one exact size.")
    if not any(map(any, widths)):
        return itself(x)
    if mode in ("constant", "empty"):
        return _with_constant(x, widths, constant_values or 0)
    for axis, (a, b) in enumerate(widths):
        if a or b:
            _hold(x, axis, a, b, mode)
            x = _lengthened(mode)(x, axis, a, b, mode)
    return x


def _lengthened(mode: str) -> Any:
    """Return what pads one axis in a mode."""
    if mode in _STATISTICS:
        return _with_statistic
    return _with_ramps if mode == "linear_ramp" else _with_elements


def _hold(x: Any, axis: int, before: int, after: int, mode: str) -> None:
    """Refuse an axis with nothing to pad from, and pads that no memory holds."""
    n = x.shape[axis]
    if n == 0:
        raise ShapeError(
            f"pad, `mode`: {mode!r} has no element to begin with along axis {axis} of shape "
            f"{tuple(x.shape)}. Use mode='constant'."
        )
    budget.constant((before + n + after,), 32)  # with the list of places


def _widths(x: Any, pad_width: Any) -> list[list[int]]:
    rank = len(x.shape)
    try:
        widths = np.broadcast_to(np.asarray(pad_width), (rank, 2))
    except ValueError:
        widths = np.zeros(0)
    if widths.dtype.kind not in "iu" or widths.shape != (rank, 2) or (widths < 0).any():
        raise ArgumentError(
            f"pad, `pad_width`: got {pad_width!r}, expected ints of at least 0: (before, after) "
            f"for each of {rank} axes."
        )
    return widths.tolist()


def _with_constant(x: Any, widths: list[list[int]], value: Any) -> Any:
    shape, parts = [], []
    for s, (a, b) in zip(x.shape, widths, strict=True):
        shape.append(s if s is None else s + a + b)
        parts.append(None if s is None or not (a or b) else (a, a + s, 1))
    out = put_(x, shape=tuple(shape), parts=tuple(parts))
    if not value:
        return out
    hole = put_(ones_like(x), shape=tuple(shape), parts=tuple(parts))
    return where(cast(hole, "bool"), out, cast(value, x.dtype))


def _with_elements(x: Any, axis: int, before: int, after: int, mode: Any) -> Any:
    """Return x joined of runs of its own elements, each of which a slice can take."""
    places = np.pad(np.arange(x.shape[axis]), (before, after), mode=mode).tolist()
    return concatenate([_run(x, axis, *run) for run in _runs(places)], axis)


def _runs(places: list[int]) -> list[tuple[int, int, int]]:
    """Return (first, step, count) of neighbours a step of 1, -1 or 0 apart."""
    runs: list[tuple[int, int, int]] = []
    for place in places:
        first, step, count = runs[-1] if runs else (0, 0, 0)
        gap = place - (first + step * (count - 1))
        if count and abs(gap) < 2 and (count == 1 or gap == step):
            runs[-1] = (first, gap, count + 1)
        else:
            runs.append((place, 0, 1))
    return runs


def _run(x: Any, axis: int, first: int, step: int, count: int) -> Any:
    part = slice_along(x, axis, first, first + (step * count or 1), step or 1)
    return broadcast_to(part, _of_length(x, axis, count))


def _with_statistic(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    """Return x with one number of each line at its ends, a whole one of whole numbers."""
    found = _STATISTICS[mode](x, axis=axis, keepdims=True)
    if str(found.dtype) != str(x.dtype):
        found = cast(rint(found), x.dtype)
    ends = [broadcast_to(found, _of_length(x, axis, n)) for n in (before, after)]
    return concatenate([ends[0], x, ends[1]], axis)


def _with_ramps(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    """Return x with even steps from 0 to its first element, and from its last to 0."""
    kind, last = str(x.dtype), x.shape[axis] - 1
    ramps = [
        linspace(0, squeeze(slice_along(x, axis, i, i + 1), axis), n, False, dtype=kind, axis=axis)
        for i, n in ((0, before), (last, after))
    ]
    return concatenate([ramps[0], x, flip(ramps[1], axis)], axis)


def _of_length(x: Any, axis: int, n: int) -> tuple[int | None, ...]:
    return tuple(n if i == axis else s for i, s in enumerate(x.shape))
