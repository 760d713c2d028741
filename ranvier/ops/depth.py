"""Depth and places: channels spread over blocks of a picture, and back."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ShapeError
from ..graph.whole import whole
from .filter import format_of
from .reduce import given
from .reshape import reshape, transpose


def depth_to_space(x: Any, block_size: int, data_format: str = "channels_last") -> Any:
    """Return pictures whose channels are spread over blocks of places (pixel shuffle).

    Args:
        x: (batch, height, width, channels), or (batch, channels, height, width).
        block_size: the height and width of a block; its square divides the channels.
        data_format: "channels_last" (default) or "channels_first".

    Example:
        >>> depth_to_space([[[[1.0, 2.0, 3.0, 4.0]]]], 2)[0, :, :, 0]
        array([[1., 2.],
               [3., 4.]], dtype=float32)

    Source: keras.ops.depth_to_space.
    """
    x, n = _checked("depth_to_space", x, block_size), block_size
    if format_of(data_format, "depth_to_space") == "channels_first":
        rows, c, h, w = x.shape
        _divides("depth_to_space", x, n * n, c)
        parts = transpose(reshape(x, (rows, c // n**2, n, n, h, w)), (0, 1, 4, 2, 5, 3))
        return reshape(parts, (rows, c // n**2, h * n, w * n))
    rows, h, w, c = x.shape
    _divides("depth_to_space", x, n * n, c)
    parts = transpose(reshape(x, (rows, h, w, n, n, c // n**2)), (0, 1, 3, 2, 4, 5))
    return reshape(parts, (rows, h * n, w * n, c // n**2))


def space_to_depth(x: Any, block_size: int, data_format: str = "channels_last") -> Any:
    """Return pictures whose blocks of places lie in channels; undoes `depth_to_space`.

    Args:
        x: (batch, height, width, channels), or (batch, channels, height, width).
        block_size: the height and width of a block; it divides those of the picture.
        data_format: "channels_last" (default) or "channels_first".

    Example:
        >>> space_to_depth([[[[1.0], [2.0]], [[3.0], [4.0]]]], 2)
        array([[[[1., 2., 3., 4.]]]], dtype=float32)

    Source: keras.ops.space_to_depth.
    """
    x, n = _checked("space_to_depth", x, block_size), block_size
    if format_of(data_format, "space_to_depth") == "channels_first":
        rows, c, h, w = x.shape
        _divides("space_to_depth", x, n, h, w)
        parts = transpose(reshape(x, (rows, c, h // n, n, w // n, n)), (0, 1, 3, 5, 2, 4))
        return reshape(parts, (rows, c * n**2, h // n, w // n))
    rows, h, w, c = x.shape
    _divides("space_to_depth", x, n, h, w)
    parts = transpose(reshape(x, (rows, h // n, n, w // n, n, c)), (0, 1, 3, 2, 4, 5))
    return reshape(parts, (rows, h // n, w // n, c * n**2))


def _checked(name: str, x: Any, block_size: Any) -> Any:
    whole(f"{name}, `block_size`", block_size, 1)
    x = given(x)
    if len(x.shape) != 4:
        raise ShapeError(f"{name}: got shape {tuple(x.shape)}, expected four axes.")
    return x


def _divides(name: str, x: Any, by: int, *sizes: int) -> None:
    if any(size % by for size in sizes):
        raise ShapeError(
            f"{name}: got shape {tuple(x.shape)}, of which {by} does not divide "
            f"{' and '.join(map(str, sizes))}. Choose another block_size."
        )
