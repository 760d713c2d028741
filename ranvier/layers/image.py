"""Layers on pictures: what they share, and resizing and cropping with ops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import ops
from ..graph import budget
from ..graph import dtype as dt
from ..graph.errors import ArgumentError, ShapeError
from ..graph.whole import whole
from .layer import Layer


class ImageLayer(Layer):
    """Base of layers on pictures, (height, width, channels) or batches of them.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = checked_format(data_format, f"{type(self).__name__} '{self.name}'")

    def _sizes(self, height: Any, width: Any) -> tuple[int, int]:
        """Return a height and a width, both positive ints."""
        return checked_size(height, width, f"{type(self).__name__} '{self.name}'")

    @property
    def height_axis(self) -> int:
        """The axis of rows of pixels, from the end."""
        return -3 if self.data_format == "channels_last" else -2

    @property
    def width_axis(self) -> int:
        """The axis of columns of pixels, from the end."""
        return self.height_axis + 1

    def size_of(self, images: Any) -> tuple[int, int]:
        """Return height and width of pictures.

        Raises:
            ShapeError: if they have another number of axes, or open sizes.
        """
        shape = tuple(images.shape)
        sizes = (shape[self.height_axis], shape[self.width_axis]) if len(shape) in (3, 4) else ()
        if not sizes or None in sizes:
            raise ShapeError(
                f"{type(self).__name__} '{self.name}': got shape {shape}, expected pictures of "
                "known size: (height, width, channels), or a batch of them."
            )
        return sizes

    def each(self, images: Any, value: Callable[[tuple[Any, ...]], Any]) -> Any:
        """Return one number a picture, in a shape that fits them: what `value` gives for it."""
        return value((images.shape[0], 1, 1, 1) if len(images.shape) == 4 else (1, 1, 1))


def checked_size(height: Any, width: Any, place: str) -> tuple[int, int]:
    """Return the height and the width of pictures.

    Raises:
        ArgumentError: if one of them is no positive int.
    """
    way_out = "Give a number of pixels."
    return (
        whole(f"{place}, `height`", height, 1, way_out),
        whole(f"{place}, `width`", width, 1, way_out),
    )


def checked_format(data_format: str | None, place: str) -> str:
    """Return the data format, "channels_last" for None.

    Raises:
        ArgumentError: for another word.
    """
    if data_format in (None, "channels_last"):
        return "channels_last"
    if data_format != "channels_first":
        raise ArgumentError(
            f"{place}, `data_format`: got {data_format!r}, expected 'channels_last' or "
            "'channels_first'."
        )
    return "channels_first"


def window(images: Any, axes: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> Any:
    """Return a part of pictures: from `at` on, of a size, or what there is of it."""
    rank = len(images.shape)
    for axis, start, length in zip(axes, at, size, strict=True):
        stop = min(start + length, images.shape[axis])
        if (start, stop) != (0, images.shape[axis]):
            images = images[(slice(None),) * (rank + axis) + (slice(start, stop),)]
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
    elif beside > 0:
        margins[axes[1]] = (beside, beside)
    else:
        return images
    return ops.pad(images, margins, constant_values=value)


def resize(
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
                x = ops.take(x, places, axis=len(x.shape) + axis)
        return x
    if not dt.is_float(given):
        x = ops.cast(x, dt.floatx())
    for axis, length in zip(axes, size, strict=True):
        if x.shape[axis] != length:
            x = _contracted(x, axis, weights(x.shape[axis], length, how, antialias))
    if dt.is_float(given):
        return x
    limits = np.iinfo(given)
    return ops.cast(ops.clip(ops.rint(x), float(limits.min), float(limits.max)), given)


def _contracted(x: Any, axis: int, matrix: np.ndarray) -> Any:
    letters = "abcd"[: len(x.shape)]
    old = letters[axis]
    return ops.einsum(
        f"{letters},{old}z->{letters.replace(old, 'z')}", x, matrix.astype(str(x.dtype))
    )


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
