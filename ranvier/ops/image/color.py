"""The colors of pictures: gray from red, green and blue, and hue, saturation and value."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...graph.dtype import is_float
from ...graph.errors import DTypeError, ShapeError
from ...graph.node import cast
from ..elementwise import (
    absolute,
    add,
    clip,
    divide,
    equal,
    greater,
    less,
    maximum,
    minimum,
    mod,
    multiply,
    subtract,
    where,
)  # fmt: skip
from ..filter import format_of
from ..reduce import floats
from ..reshape import concatenate, slice_along
from .frame import pictures

#: How bright red, green and blue look.
_BRIGHT = (0.2989, 0.5870, 0.1140)


def _planes(images: Any, data_format: str | None, place: str) -> tuple[list[Any], int]:
    """Return the planes of three colors, each with an axis of one channel, and that axis."""
    x = pictures(images, place)
    axis = len(x.shape) - (1 if format_of(data_format, place) == "channels_last" else 3)
    if x.shape[axis] != 3:
        raise ShapeError(
            f"{place}, `images`: got {x.shape[axis]} channels of shape {tuple(x.shape)}, expected "
            "3: red, green and blue, or hue, saturation and value."
        )
    return [slice_along(x, axis, i, i + 1) for i in range(3)], axis


def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """Return the brightness of pictures, 0.2989 red + 0.587 green + 0.114 blue, as one channel.

    Args:
        images: (height, width, 3), or a batch of them; those of one channel stay as they are.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes or channels.

    Example:
        >>> rgb_to_grayscale([[[1.0, 1.0, 0.0]]]).round(2).ravel()
        array([0.89], dtype=float32)

    Source: keras.ops.image.rgb_to_grayscale.
    """
    place = "image.rgb_to_grayscale"
    x = pictures(images, place)
    if x.shape[-1 if format_of(data_format, place) == "channels_last" else -3] == 1:
        return x
    kind = str(x.dtype)
    planes, _ = _planes(floats(x), data_format, place)
    red, green, blue = (multiply(p, b) for p, b in zip(planes, _BRIGHT, strict=True))
    return cast(add(add(red, green), blue), kind)


def _floats(images: Any, place: str) -> Any:
    x = pictures(images, place)
    if not is_float(str(x.dtype)):
        raise DTypeError(
            f"{place}, `images`: got {x.dtype}, expected floats from 0 to 1. Divide by 255.0."
        )
    return x


def rgb_to_hsv(images: Any, data_format: str | None = None) -> Any:
    """Return hue, saturation and value of pictures of red, green and blue from 0 to 1.

    Args:
        images: (height, width, 3), or a batch of them.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes or channels.
        DTypeError: for whole numbers.

    Example:
        >>> rgb_to_hsv([[[0.0, 0.5, 0.0]]]).round(2).ravel()
        array([0.33, 1.  , 0.5 ], dtype=float32)

    Source: keras.ops.image.rgb_to_hsv.
    """
    place = "image.rgb_to_hsv"
    x = _floats(images, place)
    planes, axis = _planes(x, data_format, place)
    small = float(np.finfo(str(x.dtype)).eps)
    red, green, blue = (where(less(absolute(p), small), 0.0, p) for p in planes)
    value = maximum(maximum(red, green), blue)
    spread = subtract(value, minimum(minimum(red, green), blue))
    colored = greater(spread, 0.0)
    sixth = divide(1.0, multiply(where(colored, spread, 1.0), 6.0))
    hue = where(
        equal(value, green),
        add(multiply(sixth, subtract(blue, red)), 2.0 / 6.0),
        add(multiply(sixth, subtract(red, green)), 4.0 / 6.0),
    )
    hue = where(equal(value, red), multiply(sixth, subtract(green, blue)), hue)
    hue = add(where(colored, hue, 0.0), cast(less(hue, 0.0), x.dtype))
    lit = greater(value, 0.0)
    saturation = where(lit, divide(spread, where(lit, value, 1.0)), 0.0)
    return concatenate([hue, saturation, value], axis)


def hsv_to_rgb(images: Any, data_format: str | None = None) -> Any:
    """Return red, green and blue of pictures of hue, saturation and value from 0 to 1.

    Args:
        images: (height, width, 3), or a batch of them.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes or channels.
        DTypeError: for whole numbers.

    Example:
        >>> hsv_to_rgb([[[1 / 3, 1.0, 0.5]]]).round(2).ravel()
        array([0. , 0.5, 0. ], dtype=float32)

    Source: keras.ops.image.hsv_to_rgb.
    """
    place = "image.hsv_to_rgb"
    (hue, saturation, value), axis = _planes(_floats(images, place), data_format, place)
    around = multiply(mod(hue, 1.0), 6.0)
    shares = (
        subtract(absolute(subtract(around, 3.0)), 1.0),
        subtract(2.0, absolute(subtract(around, 2.0))),
        subtract(2.0, absolute(subtract(around, 4.0))),
    )
    gray = subtract(1.0, saturation)
    return concatenate(
        [multiply(value, add(gray, multiply(saturation, clip(s, 0.0, 1.0)))) for s in shares], axis
    )
