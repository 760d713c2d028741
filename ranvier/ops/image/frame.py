"""The frame of pictures: resized, cropped and padded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...graph import budget
from ...graph import dtype as dt
from ...graph.errors import ArgumentError, ShapeError
from ...graph.node import cast
from ...graph.whole import whole
from ..contract import einsum
from ..elementwise import clip, rint
from ..filter import format_of
from ..index import take
from ..pad import pad
from ..reduce import given
from ..reshape import expand_dims, slice_along, squeeze, transpose


def pictures(images: Any, place: str) -> Any:
    """Return pictures as something with a shape: one, or a batch of them."""
    x = given(images)
    if len(x.shape) not in (3, 4):
        raise ShapeError(
            f"{place}, `images`: got shape {tuple(x.shape)}, expected (height, width, channels) or "
            "a batch of them."
        )
    return x


def axes_of(images: Any, data_format: str | None, place: str) -> tuple[int, int]:
    """Return the axes of height and width, counted from the end.

    Raises:
        ShapeError: if one of them is open.
    """
    axes = (-3, -2) if format_of(data_format, place) == "channels_last" else (-2, -1)
    if None in (images.shape[a] for a in axes):
        raise ShapeError(
            f"{place}, `images`: got shape {tuple(images.shape)}, expected pictures of known "
            "height and width."
        )
    return axes


def batch_of(x: Any, data_format: str | None, place: str, rank: int = 2) -> tuple[Any, bool, bool]:
    """Return a batch with channels last, whether x is one picture, and has channels first."""
    one, first = len(x.shape) == rank + 1, format_of(data_format, place) == "channels_first"
    x = expand_dims(x, 0) if one else x
    return transpose(x, (0, *range(2, rank + 2), 1)) if first else x, one, first


def given_back(x: Any, one: bool, first: bool, rank: int = 2) -> Any:
    """Return a batch in the form that `batch_of` was given."""
    x = transpose(x, (0, rank + 1, *range(1, rank + 1))) if first else x
    return squeeze(x, 0) if one else x


def resize(
    images: Any,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Any:
    """Return pictures scaled to a height and a width, in their own element type.

    Args:
        images: (height, width, channels), or a batch of them.
        size: the height and the width wanted.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        antialias: whether to blur before pictures get smaller; default False.
        crop_to_aspect_ratio: cut the margins off that do not fit, rather than distort; default
            False.
        pad_to_aspect_ratio: add margins instead; default False.
        fill_mode: must be "constant".
        fill_value: what margins are filled with; default 0.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ArgumentError: for a size below 1, another interpolation, or both ratios kept.
        ShapeError: for another number of axes.

    Example:
        >>> resize([[[0.0], [2.0], [4.0], [6.0]]], (1, 2)).ravel()
        array([1., 5.], dtype=float32)

    Source: keras.ops.image.resize.
    """
    place = "image.resize"
    high, wide = _pair(size, f"{place}, `size`")
    if interpolation not in INTERPOLATIONS:
        raise ArgumentError(
            f"{place}, `interpolation`: got {interpolation!r}, expected one of {INTERPOLATIONS}."
        )
    if fill_mode != "constant":
        raise ArgumentError(f"{place}, `fill_mode`: got {fill_mode!r}, expected 'constant'.")
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise ArgumentError(
            f"{place}: got both `crop_to_aspect_ratio` and `pad_to_aspect_ratio`, expected one."
        )
    x = pictures(images, place)
    axes = axes_of(x, data_format, place)
    if crop_to_aspect_ratio:
        x = crop_to_aspect(x, axes, (high, wide))
    elif pad_to_aspect_ratio:
        x = pad_to_aspect(x, axes, (high, wide), fill_value)
    return resized(x, axes, (high, wide), interpolation, bool(antialias))


def _pair(size: Any, place: str) -> tuple[int, int]:
    if not isinstance(size, (list, tuple)) or len(size) != 2:
        raise ArgumentError(f"{place}: got {size!r}, expected a height and a width.")
    return whole(place, size[0], 1), whole(place, size[1], 1)


def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Return a part of pictures.

    Args:
        images: (height, width, channels), or a batch of them.
        top_cropping, bottom_cropping, target_height: two of them: how many rows are cut off, and
            how many are left.
        left_cropping, right_cropping, target_width: two of them, of columns.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ArgumentError: if not two of three are given, or they do not fit.

    Example:
        >>> crop_images([[[1], [2], [3]]], 0, 1, 0, None, target_width=2).ravel()
        array([2, 3], dtype=int32)

    Source: keras.ops.image.crop_images.
    """
    place = "image.crop_images"
    x = pictures(images, place)
    axes = axes_of(x, data_format, place)
    rows = (top_cropping, bottom_cropping, target_height)
    columns = (left_cropping, right_cropping, target_width)
    at, size = [], []
    for axis, (names, before, after, length) in zip(
        axes, _sides(place, "cropping", rows, columns), strict=True
    ):
        n = x.shape[axis]
        if before is None:
            before = n - length - after
        length = n - before - after if length is None else length
        if before < 0 or length < 0 or before + length > n:
            raise ArgumentError(
                f"{place}, {names}: {before} cut off and {length} left do "
                f"not fit into {n} of shape {tuple(x.shape)}."
            )
        at.append(before)
        size.append(length)
    return window(x, axes, (at[0], at[1]), (size[0], size[1]))


def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Return pictures with margins of zeros.

    Args:
        images: (height, width, channels), or a batch of them.
        top_padding, bottom_padding, target_height: two of them: how many rows are added, and how
            many there are then.
        left_padding, right_padding, target_width: two of them, of columns.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ArgumentError: if not two of three are given, or they do not fit.

    Example:
        >>> pad_images([[[1], [2]]], 0, 1, 0, None, target_width=4).ravel()
        array([0, 1, 2, 0], dtype=int32)

    Source: keras.ops.image.pad_images.
    """
    place = "image.pad_images"
    x = pictures(images, place)
    axes = axes_of(x, data_format, place)
    rows = (top_padding, bottom_padding, target_height)
    columns = (left_padding, right_padding, target_width)
    margins = [(0, 0)] * len(x.shape)
    for axis, (names, before, after, length) in zip(
        axes, _sides(place, "padding", rows, columns), strict=True
    ):
        n = x.shape[axis]
        if before is None:
            before = length - after - n
        after = length - before - n if after is None else after
        if before < 0 or after < 0:
            raise ArgumentError(
                f"{place}, {names}: {n} of shape {tuple(x.shape)} with "
                f"{before} in front and {after} behind are not possible."
            )
        margins[axis] = (before, after)
    return pad(x, margins)


def _sides(place: str, what: str, *sides: tuple[Any, Any, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield (names, in front, behind, in all) of rows, then of columns: two of each are given."""
    words = (("top", "bottom", "height"), ("left", "right", "width"))
    for (first, second, length), values in zip(words, sides, strict=True):
        names = (f"{first}_{what}", f"{second}_{what}", f"target_{length}")
        given_ = {n: v for n, v in zip(names, values, strict=True) if v is not None}
        if len(given_) != 2:
            raise ArgumentError(f"{place}: got {given_}, expected two of {[*names]}.")
        for name, value in given_.items():
            whole(f"{place}, `{name}`", value, 0)
        yield ", ".join(f"`{name}`" for name in names), *values


# --- by axes --------------------------------------------------------------------------------------
def window(images: Any, axes: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> Any:
    """Return a part of pictures: from `at` on, of a size, or what there is of it."""
    rank = len(images.shape)
    for axis, start, length in zip(axes, at, size, strict=True):
        stop = min(start + length, images.shape[axis])
        if (start, stop) != (0, images.shape[axis]):
            images = slice_along(images, rank + axis, start, stop)
    return images


def crop_to_aspect(images: Any, axes: tuple[int, int], size: tuple[int, int]) -> Any:
    """Return the largest part from the middle of pictures with the aspect ratio of `size`."""
    height, width = (images.shape[axis] for axis in axes)
    high = max(min(height, int(float(width * size[0]) / size[1])), 1)
    wide = max(min(width, int(float(height * size[1]) / size[0])), 1)
    at = (int((height - high) / 2), int((width - wide) / 2))
    return window(images, axes, at, (high, wide))


def pad_to_aspect(images: Any, axes: tuple[int, int], size: tuple[int, int], value: float) -> Any:
    """Return pictures with margins of a value, which give them the aspect ratio of `size`."""
    height, width = (images.shape[axis] for axis in axes)
    above = int((max(height, int(float(width * size[0]) / size[1])) - height) / 2)
    beside = int((max(width, int(float(height * size[1]) / size[0])) - width) / 2)
    margins = [(0, 0)] * len(images.shape)
    if above > 0:
        margins[axes[0]] = (above, above)
    else:
        margins[axes[1]] = (max(beside, 0),) * 2
    return pad(images, margins, constant_values=value)


def resized(
    images: Any, axes: tuple[int, int], size: tuple[int, int], how: str, antialias: bool = False
) -> Any:
    """Return pictures of another size, in their own element type; ints are rounded."""
    given = str(images.dtype)
    x = images
    if how == "nearest":
        for axis, length in zip(axes, size, strict=True):
            count = x.shape[axis]
            if count != length:
                budget.constant((length,))
                places = np.floor((np.arange(length) + 0.5) * (count / length)).astype("int32")
                x = take(x, places, axis=len(x.shape) + axis)
        return x
    if not dt.is_float(given):
        x = cast(x, dt.floatx())
    for axis, length in zip(axes, size, strict=True):
        if x.shape[axis] != length:
            x = _contracted(x, axis, weights(x.shape[axis], length, how, antialias))
    if dt.is_float(given):
        return x
    limits = np.iinfo(given)
    return cast(clip(rint(x), float(limits.min), float(limits.max)), given)


def _contracted(x: Any, axis: int, matrix: np.ndarray) -> Any:
    letters = "abcd"[: len(x.shape)]
    old = letters[axis]
    return einsum(f"{letters},{old}z->{letters.replace(old, 'z')}", x, matrix.astype(str(x.dtype)))


_KERNELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "bilinear": lambda x: np.maximum(0, 1 - x),
    "bicubic": lambda x: np.where(
        x >= 2, 0, np.where(x >= 1, ((-0.5 * x + 2.5) * x - 4) * x + 2, (1.5 * x - 2.5) * x * x + 1)
    ),
    "lanczos3": lambda x: _lanczos(3.0, x),
    "lanczos5": lambda x: _lanczos(5.0, x),
}
INTERPOLATIONS = ("nearest", *_KERNELS)


def _lanczos(radius: float, x: np.ndarray) -> np.ndarray:
    inner = np.where(x > 1e-3, x, 1)
    found = radius * np.sin(np.pi * inner) * np.sin(np.pi * inner / radius) / (np.pi * inner) ** 2
    return np.where(x > radius, 0, np.where(x > 1e-3, found, 1))


def weights(count: int, length: int, how: str, antialias: bool) -> np.ndarray:
    """Return (count, length): how much of each old pixel is in each new one."""
    budget.constant((count, length), 32)  # with what is made on the way
    scale = count / length
    at = (np.arange(length) + 0.5) * scale - 0.5
    spread = max(scale, 1.0) if antialias else 1.0
    matrix = _KERNELS[how](np.abs(at[None, :] - np.arange(count)[:, None]) / spread)
    total = matrix.sum(0, keepdims=True)
    good = np.abs(total) > 1000 * np.finfo(np.float32).eps
    matrix = np.where(good, matrix / np.where(total != 0, total, 1), 0)
    return np.where((at >= -0.5) & (at <= count - 0.5), matrix, 0)
