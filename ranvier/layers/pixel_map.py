"""Affine maps of pictures: each new pixel read from a place in the old picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph import budget

FILL_MODES = ("reflect", "constant", "wrap", "nearest", "mirror")
INTERPOLATIONS = ("bilinear", "nearest")


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
    flat = ops.reshape(images, (-1, height * width, channels))
    if interpolation == "nearest":
        corners = [(_rounded(rows), _rounded(columns), None)]
    else:
        low_r, low_c = ops.floor(rows), ops.floor(columns)
        part_r, part_c = ops.subtract(rows, low_r), ops.subtract(columns, low_c)
        corners = [
            (ops.add(low_r, dr), ops.add(low_c, dc),
             ops.multiply(part_r if dr else ops.subtract(1.0, part_r),
                          part_c if dc else ops.subtract(1.0, part_c)))
            for dr in (0.0, 1.0) for dc in (0.0, 1.0)
        ]  # fmt: skip
    total = None
    for row, column, weight in corners:
        pixels = _read(flat, row, column, (height, width), fill_mode, fill_value)
        if weight is not None:
            pixels = ops.multiply(pixels, ops.expand_dims(weight, -1))
        total = pixels if total is None else ops.add(total, pixels)
    return ops.reshape(total, (-1, height, width, channels))


def grid(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of each pixel, (1, height * width)."""
    budget.constant((height, width), 32)
    row, column = np.mgrid[:height, :width].reshape(2, 1, -1).astype("float32")
    return row, column


def _rounded(x: Any) -> Any:
    """Return the nearest whole number, halves away from zero."""
    return ops.multiply(ops.sign(x), ops.floor(ops.add(ops.absolute(x), 0.5)))


def _read(flat: Any, row: Any, column: Any, size: tuple[int, int], mode: str, value: float) -> Any:
    """Return the pixel at whole rows and columns, some of which lie outside."""
    inside_row, inside_column = (_placed(x, n, mode) for x, n in zip((row, column), size,
                                                                      strict=True))  # fmt: skip
    at = ops.cast(ops.add(ops.multiply(inside_row, float(size[1])), inside_column), "int32")
    wide = ops.broadcast_to(ops.expand_dims(at, -1), (*at.shape, flat.shape[-1]))
    pixels = ops.take_along_axis(flat, wide, axis=1)
    if mode != "constant":
        return pixels
    good = ops.logical_and(_within(row, size[0]), _within(column, size[1]))
    return ops.where(ops.expand_dims(good, -1), pixels, float(value))


def _within(x: Any, size: int) -> Any:
    return ops.logical_and(ops.greater_equal(x, 0.0), ops.less(x, float(size)))


def _placed(x: Any, size: int, mode: str) -> Any:
    """Return the row (or column) inside that stands for one outside."""
    if mode == "wrap":
        return _remainder(x, float(size))
    if mode == "mirror":
        return _mirrored(x, size)
    if mode == "reflect":
        doubled = _mirrored(ops.add(ops.multiply(x, 2.0), 1.0), 2 * size + 1)
        return ops.floor(ops.multiply(ops.subtract(doubled, 1.0), 0.5))
    return ops.clip(x, 0.0, float(size - 1))


def _mirrored(x: Any, size: int) -> Any:
    last = float(size - 1)
    if last == 0:
        return ops.multiply(x, 0.0)
    turned = _remainder(ops.add(x, last), 2 * last)
    return ops.absolute(ops.subtract(turned, last))


def _remainder(x: Any, size: float) -> Any:
    return ops.subtract(x, ops.multiply(ops.floor(ops.divide(x, size)), size))
