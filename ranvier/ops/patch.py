"""Patches of pictures as columns, and their sum back into pictures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ShapeError
from .filter import fits, sizes_of
from .pad import pad
from .reduce import given
from .reshape import reshape, slice_, transpose
from .window import Sizes, count, overlap_, windows_


def _arguments(
    place: str, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> tuple[Sizes, Sizes, Sizes, Sizes]:
    return (
        sizes_of(kernel_size, 2, f"{place}, `kernel_size`"),
        sizes_of(dilation, 2, f"{place}, `dilation`"),
        sizes_of(padding, 2, f"{place}, `padding`", 0),
        sizes_of(stride, 2, f"{place}, `stride`"),
    )


def _of_rank(place: str, x: Any, rank: int, axes: str) -> Any:
    x = given(x)
    if len(x.shape) != rank:
        raise ShapeError(f"{place}: got shape {tuple(x.shape)}, expected ({axes}).")
    return x


def unfold(
    x: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Any:  # fmt: skip
    """Return the patches of pictures, each as a column.

    Args:
        x: (batch, channels, height, width).
        kernel_size: height and width of a patch, an int or 2 ints.
        dilation: steps between the elements of a patch; default 1.
        padding: how many zeros are added at each end of height and width; default 0.
        stride: steps between patches; default 1.

    Shape: (batch, channels, height, width) -> (batch, channels * elements of a patch, patches).
    Raises:
        ShapeError: for another number of axes, or a patch larger than the picture.

    Example:
        >>> unfold([[[[1.0, 2.0], [3.0, 4.0]]]], (1, 2)).numpy()
        array([[[1., 3.],
                [2., 4.]]], dtype=float32)

    Source: keras.ops.unfold.
    """
    x = _of_rank("unfold", x, 4, "batch, channels, height, width")
    size, apart, around, step = _arguments("unfold", kernel_size, dilation, padding, stride)
    x = pad(x, [(0, 0), (0, 0), *((n, n) for n in around)])
    fits(x.shape, size, apart, "valid", "channels_first", "unfold, `kernel_size`")
    seen = windows_(x, axis=2, size=size, step=step, dilation=apart)
    rows, channels, high, wide = seen.shape[:4]
    columns = transpose(seen, (0, 1, 4, 5, 2, 3))
    return reshape(columns, (rows, channels * int(np.prod(size)), high * wide))


def fold(
    x: Any, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Any:  # fmt: skip
    """Return pictures to which patches are added, each where `unfold` takes it from.

    Args:
        x: (batch, channels * elements of a patch, patches).
        output_size: height and width of the pictures, an int or 2 ints.
        kernel_size, dilation, padding, stride: as in `unfold`.

    Shape: (batch, channels * elements of a patch, patches) -> (batch, channels, height, width).
    Raises:
        ShapeError: if there are not as many patches as fit, or no whole number of channels.

    Example:
        >>> fold([[[1.0, 3.0], [2.0, 4.0]]], 2, (1, 2)).numpy()
        array([[[[1., 2.],
                 [3., 4.]]]], dtype=float32)

    Source: keras.ops.fold.
    """
    x = _of_rank("fold", x, 3, "batch, channels * elements of a patch, patches")
    size, apart, around, step = _arguments("fold", kernel_size, dilation, padding, stride)
    out = sizes_of(output_size, 2, "fold, `output_size`")
    whole = tuple(n + 2 * p for n, p in zip(out, around, strict=True))
    fits((None, None, *whole), size, apart, "valid", "channels_first", "fold, `kernel_size`")
    found = [count(n, k, t, d) for n, k, t, d in zip(whole, size, step, apart, strict=True)]
    rows, lines, patches = x.shape
    elements = int(np.prod(size))
    if lines % elements or patches != found[0] * found[1]:
        raise ShapeError(
            f"fold: got shape {tuple(x.shape)}, expected (batch, a multiple of {elements}, "
            f"{found[0] * found[1]}): {found[0]} by {found[1]} patches of {size}."
        )
    channels = lines // elements
    seen = transpose(reshape(x, (rows, channels, *size, *found)), (0, 1, 4, 5, 2, 3))
    y = overlap_(seen, shape=(rows, channels, *whole), axis=2, size=size, step=step,
                 dilation=apart)  # fmt: skip
    if not any(around):
        return y
    inside = ((p, p + n, 1) for n, p in zip(out, around, strict=True))
    return slice_(y, parts=(None, None, *inside))
