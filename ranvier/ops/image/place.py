"""Maps of pictures: each new pixel read from a place in the old picture."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...graph import budget
from ...graph.dtype import is_float
from ...graph.errors import ArgumentError, ShapeError
from ...graph.node import cast
from ..elementwise import (
    absolute,
    add,
    clip,
    divide,
    floor,
    greater_equal,
    less,
    logical_and,
    multiply,
    sign,
    subtract,
    where,
)  # fmt: skip
from ..index import take, take_along_axis
from ..reduce import floats, given
from ..reshape import broadcast_to, expand_dims, reshape
from .frame import axes_of, batch_of, given_back, pictures

FILL_MODES = ("reflect", "constant", "wrap", "nearest", "mirror")
INTERPOLATIONS = ("bilinear", "nearest")


def affine_transform(
    images: Any,
    transform: Any,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Any:
    """Return pictures whose pixel (x, y) is read at (a0 x + a1 y + a2, b0 x + b1 y + b2).

    Args:
        images: (height, width, channels), or a batch of them.
        transform: [a0, a1, a2, b0, b1, b2, c0, c1], for all pictures or one row a picture; c0 and
            c1 count as 0.
        interpolation: "bilinear" (default), or "nearest".
        fill_mode: what lies outside: "constant" (default), "nearest", "reflect", "mirror" or
            "wrap".
        fill_value: for "constant"; default 0.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes or of coefficients.
        ArgumentError: for another interpolation or mode.

    Example:
        >>> affine_transform([[[1.0], [2.0], [3.0]]], [1, 0, 1, 0, 1, 0, 0, 0]).ravel()
        array([2., 3., 0.], dtype=float32)

    Source: keras.ops.image.affine_transform.
    """
    place = "image.affine_transform"
    x, how = pictures(images, place), given(transform)
    high, wide = (x.shape[a] for a in axes_of(x, data_format, place))
    _known(place, "interpolation", interpolation, INTERPOLATIONS)
    _known(place, "fill_mode", fill_mode, FILL_MODES)
    if len(how.shape) not in (1, 2) or how.shape[-1] != 8:
        raise ShapeError(
            f"{place}, `transform`: got shape {tuple(how.shape)}, expected 8 numbers, or 8 a "
            "picture."
        )
    how = cast(how, x.dtype if is_float(str(x.dtype)) else None)
    how = how if len(how.shape) == 2 else expand_dims(how, 0)
    a0, a1, a2, b0, b1, b2 = (how[:, i : i + 1] for i in range(6))
    row, column = grid(high, wide)
    columns = add(add(multiply(a0, column), multiply(a1, row)), a2)
    rows = add(add(multiply(b0, column), multiply(b1, row)), b2)
    batch, one, first = batch_of(x, data_format, place)
    found = mapped_image(
        cast(batch, how.dtype),
        rows,
        columns,
        interpolation,
        fill_mode,
        _in_kind(fill_value, str(x.dtype)),
    )
    return _in_type(given_back(found, one, first), str(x.dtype))


def map_coordinates(
    inputs: Any, coordinates: Any, order: int, fill_mode: str = "constant", fill_value: float = 0.0
) -> Any:
    """Return what an array holds at places between its elements.

    Args:
        inputs: an array of any number of axes.
        coordinates: (axes of inputs, ...): the place of each new element.
        order: 1 for linear interpolation, 0 for the nearest element.
        fill_mode: what lies outside: "constant" (default), "nearest", "reflect", "mirror" or
            "wrap".
        fill_value: for "constant"; default 0.

    Raises:
        ShapeError: if there are not as many coordinates as axes.
        ArgumentError: for another order or mode.

    Example:
        >>> map_coordinates([[1.0, 2.0], [3.0, 4.0]], [[0.5], [1.0]], 1)
        array([3.], dtype=float32)

    Source: keras.ops.image.map_coordinates.
    """
    place = "image.map_coordinates"
    x, at = given(inputs), given(coordinates)
    size = tuple(x.shape)
    if None in size or not size or len(at.shape) < 2 or at.shape[0] != len(size):
        raise ShapeError(
            f"{place}, `coordinates`: got shape {tuple(at.shape)} for inputs of shape {size}, "
            "expected (axes of the inputs, ...)."
        )
    _known(place, "order", order, (0, 1))
    _known(place, "fill_mode", fill_mode, FILL_MODES)
    kind = str(x.dtype)
    line = reshape(floats(x), (-1,))
    found = _interpolated(
        lambda index: take(line, index),
        [cast(at[i], at.dtype if is_float(str(at.dtype)) else None) for i in range(len(size))],
        size, INTERPOLATIONS[1 - order], fill_mode, _in_kind(fill_value, kind), False,
    )  # fmt: skip
    return _in_type(found, kind)


def _known(place: str, name: str, value: Any, values: tuple[Any, ...]) -> None:
    if isinstance(value, bool) or value not in values:
        raise ArgumentError(f"{place}, `{name}`: got {value!r}, expected one of {values}.")


def _in_kind(value: float, dtype: str) -> float:
    """Return what fills pictures: whole numbers are filled with one."""
    return float(value) if is_float(dtype) else float(int(value))


def _in_type(x: Any, dtype: str) -> Any:
    """Return floats in an element type, rounded to whole numbers where it has no others."""
    return cast(x if is_float(dtype) else _rounded(x), dtype)


def mapped_image(
    images: Any, rows: Any, columns: Any, interpolation: str, fill_mode: str, fill_value: float
) -> Any:
    """Return pictures (rows, height, width, channels) read at places between their pixels.

    Args:
        images: a batch of pictures, channels last.
        rows, columns: where each new pixel is read, (rows, height * width), in pixels.
        interpolation: "bilinear", or "nearest" for the nearest pixel.
        fill_mode: what lies outside: "reflect" (d c b a | a b c d), "mirror" (d c b | a b c d),
            "wrap" (a b c d | a b c d), "nearest" (a a a | a b c d) or "constant".
        fill_value: for "constant".
    """
    _, height, width, channels = images.shape
    flat = reshape(images, (-1, height * width, channels))

    def read(at: Any) -> Any:
        wide = broadcast_to(expand_dims(at, -1), (*at.shape, channels))
        return take_along_axis(flat, wide, axis=1)

    found = _interpolated(
        read, (rows, columns), (height, width), interpolation, fill_mode, fill_value, True
    )
    return reshape(found, (-1, height, width, channels))


def _interpolated(
    read: Callable[[Any], Any], places: Sequence[Any], size: Sequence[int], interpolation: str,
    mode: str, value: float, channels: bool,
) -> Any:  # fmt: skip
    """Return what lies between the elements that `read` finds by a place in the flat array."""

    def each(x: Any) -> Any:
        return expand_dims(x, -1) if channels else x

    if interpolation == "nearest":
        corners = [([_rounded(x) for x in places], None)]
    else:
        low = [floor(x) for x in places]
        parts = [subtract(x, first) for x, first in zip(places, low, strict=True)]
        corners = [
            ([add(first, d) for first, d in zip(low, ends, strict=True)], _share(parts, ends))
            for ends in itertools.product((0.0, 1.0), repeat=len(size))
        ]
    total: Any = None
    for corner, weight in corners:
        at: Any = 0.0
        for x, n in zip(corner, size, strict=True):
            at = add(multiply(at, float(n)), _placed(x, n, mode))
        found = read(cast(at, "int32"))
        if mode == "constant":
            good: Any = True
            for x, n in zip(corner, size, strict=True):
                good = logical_and(good, _within(x, n))
            found = where(each(good), found, float(value))
        if weight is not None:
            found = multiply(found, each(weight))
        total = found if total is None else add(total, found)
    return total


def _share(parts: Sequence[Any], ends: Sequence[float]) -> Any:
    """Return the product of how near a place is to one end of each axis."""
    share: Any = None
    for part, end in zip(parts, ends, strict=True):
        near = part if end else subtract(1.0, part)
        share = near if share is None else multiply(share, near)
    return share


def grid(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of each pixel, (1, height * width)."""
    budget.constant((height, width), 32)
    row, column = np.mgrid[:height, :width].reshape(2, 1, -1).astype("float32")
    return row, column


def _rounded(x: Any) -> Any:
    """Return the nearest whole number, halves away from zero."""
    return multiply(sign(x), floor(add(absolute(x), 0.5)))


def _within(x: Any, size: int) -> Any:
    return logical_and(greater_equal(x, 0.0), less(x, float(size)))


def _placed(x: Any, size: int, mode: str) -> Any:
    """Return the row (or column) inside that stands for one outside."""
    if mode == "wrap":
        return _remainder(x, float(size))
    if mode == "mirror":
        return _mirrored(x, size)
    if mode == "reflect":
        doubled = _mirrored(add(multiply(x, 2.0), 1.0), 2 * size + 1)
        return floor(multiply(subtract(doubled, 1.0), 0.5))
    return clip(x, 0.0, float(size - 1))


def _mirrored(x: Any, size: int) -> Any:
    last = float(size - 1)
    if last == 0:
        return multiply(x, 0.0)
    turned = _remainder(add(x, last), 2 * last)
    return absolute(subtract(turned, last))


def _remainder(x: Any, size: float) -> Any:
    return subtract(x, multiply(floor(divide(x, size)), size))
