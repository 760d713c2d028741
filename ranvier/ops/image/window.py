"""Windows over pictures: their patches, blurred pictures, edges, and how alike two pictures are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...graph import budget
from ...graph.dtype import is_float
from ...graph.errors import ArgumentError, ShapeError
from ...graph.node import cast
from ...graph.whole import whole
from ..conv import depthwise_conv
from ..elementwise import add, divide, multiply, square, subtract
from ..filter import edges, fits, padding_of, sizes_of
from ..pad import pad
from ..reduce import floats, given, mean
from ..reshape import reshape, squeeze, stack
from ..window import windows_
from .frame import batch_of, given_back, pictures

# --- patches --------------------------------------------------------------------------------------


def extract_patches(
    images: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Return the patches of pictures, the numbers of each as channels.

    Args:
        images: (height, width, channels), or a batch of them; with three sizes volumes, as in
            `extract_patches_3d`.
        size: height and width of a patch, an int or 2 ints.
        strides: steps between patches; default their size.
        dilation_rate: steps between the elements of a patch; default 1.
        padding: "valid" (default), or "same" for zeros around.
        data_format: "channels_last" (default) or "channels_first".

    Shape: (rows, height, width, channels) -> (rows, down, along, elements of a patch * channels).
    Raises:
        ShapeError: for another number of axes, or a patch larger than the picture.

    Example:
        >>> extract_patches([[[1.0], [2.0], [3.0], [4.0]]], (1, 2)).tolist()
        [[[1.0, 2.0], [3.0, 4.0]]]

    Source: keras.ops.image.extract_patches.
    """
    three = isinstance(size, (list, tuple)) and len(size) == 3
    return _patches(
        "image.extract_patches", images, size, strides, dilation_rate, padding, data_format,
        3 if three else 2,
    )  # fmt: skip


def extract_patches_3d(
    volumes: Any,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Return the patches of volumes, the numbers of each as channels.

    Args:
        volumes: (depth, height, width, channels), or a batch of them.
        size: depth, height and width of a patch, an int or 3 ints.
        strides: steps between patches; default their size.
        dilation_rate: steps between the elements of a patch; default 1.
        padding: "valid" (default), or "same" for zeros around.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes, or a patch larger than the volume.

    Example:
        >>> extract_patches_3d([[[[1.0], [2.0]]]], (1, 1, 2)).tolist()
        [[[[1.0, 2.0]]]]

    Source: keras.ops.image.extract_patches_3d.
    """
    return _patches(
        "image.extract_patches_3d", volumes, size, strides, dilation_rate, padding, data_format, 3
    )


def _patches(
    place: str, x: Any, size: Any, strides: Any, dilation: Any, padding: Any,
    data_format: str | None, rank: int,
) -> Any:  # fmt: skip
    x = given(x)
    if len(x.shape) not in (rank + 1, rank + 2):
        raise ShapeError(
            f"{place}: got shape {tuple(x.shape)}, expected {rank} spatial axes and the channels, "
            "or a batch of them."
        )
    kernel = sizes_of(size, rank, f"{place}, `size`")
    step = sizes_of(strides if strides else size, rank, f"{place}, `strides`")
    apart = sizes_of(dilation, rank, f"{place}, `dilation_rate`")
    padding = padding_of(padding, place)
    batch, one, first = batch_of(x, data_format, place, rank)
    fits(batch.shape, kernel, apart, padding, "channels_last", f"{place}, `size`")
    margins = edges(batch.shape, kernel, step, apart, padding)
    batch = pad(batch, [(0, 0), *margins, (0, 0)])
    seen = windows_(batch, axis=1, size=kernel, step=step, dilation=apart)
    count = tuple(seen.shape[1 : rank + 1])
    length = int(np.prod(kernel)) * batch.shape[-1]
    return given_back(reshape(seen, (seen.shape[0], *count, length)), one, first, rank)


# --- filters --------------------------------------------------------------------------------------


def gaussian_blur(
    images: Any,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Sequence[float] = (1.0, 1.0),
    data_format: str | None = None,
) -> Any:
    """Return pictures, each pixel the mean of its neighbours, weighted by exp(-d^2 / 2 sigma^2).

    Args:
        images: (height, width, channels), or a batch of them.
        kernel_size: how many columns and rows of neighbours count; default 3 of each.
        sigma: the width of the bell along the row and the column, in pixels; default 1.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes.
        ArgumentError: for a kernel size below 1 or a sigma that is not above 0.

    Example:
        >>> gaussian_blur([[[0.0], [1.0], [0.0]]], (3, 1)).round(2).ravel()
        array([0.27, 0.45, 0.27], dtype=float32)

    Source: keras.ops.image.gaussian_blur. As its code, and unlike its text, the first of each two
        numbers is that of the columns.
    """
    place = "image.gaussian_blur"
    wide, high = sizes_of(kernel_size, 2, f"{place}, `kernel_size`")
    if not isinstance(sigma, (list, tuple)) or len(sigma) != 2:
        raise ArgumentError(f"{place}, `sigma`: got {sigma!r}, expected two numbers.")
    along, down = (_bell(n, s, f"{place}, `sigma`") for n, s in zip((wide, high), sigma,
                                                                    strict=True))  # fmt: skip
    x = floats(pictures(images, place))
    batch, one, first = batch_of(x, data_format, place)
    return given_back(_filtered(batch, np.outer(down, along), "same"), one, first)


def _bell(count: int, sigma: Any, place: str) -> np.ndarray:
    """Return weights that sum to 1, the largest in the middle."""
    if isinstance(sigma, bool) or not isinstance(sigma, (int, float)) or not sigma > 0:
        raise ArgumentError(f"{place}: got {sigma!r}, expected a number above 0.")
    budget.constant((count, count), 32)
    line = np.exp(-0.5 * ((np.arange(count) - (count - 1) / 2) / sigma) ** 2)
    return line / line.sum()


def _filtered(x: Any, weights: np.ndarray, padding: str) -> Any:
    """Return each channel of a batch filtered with the same weights."""
    budget.constant((*weights.shape, x.shape[-1]), 32)
    kernel = np.repeat(weights[:, :, None, None], x.shape[-1], 2).astype(str(x.dtype))
    return depthwise_conv(x, kernel, padding=padding)


def sobel_edges(images: Any, data_format: str | None = None) -> Any:
    """Return the slopes of pictures, (down, along), as a last axis of two.

    Args:
        images: (height, width, channels), or a batch of them.
        data_format: "channels_last" (default) or "channels_first".

    Raises:
        ShapeError: for another number of axes.

    Example:
        >>> sobel_edges([[[0.0], [1.0], [3.0]]])[0, 1, 0].tolist()
        [0.0, 6.0]

    Source: keras.ops.image.sobel_edges.
    """
    place = "image.sobel_edges"
    x = floats(pictures(images, place))
    batch, one, first = batch_of(x, data_format, place)
    down = np.outer([-1.0, 0.0, 1.0], [1.0, 2.0, 1.0])
    slopes = [given_back(_filtered(batch, w, "same"), one, first) for w in (down, down.T)]
    return stack(slopes, -1)


def ssim(
    image1: Any,
    image2: Any,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Any:
    """Return how alike two pictures are, from -1 to 1, by their structural similarity.

    It is the mean over windows of (2 m1 m2 + c1)(2 s12 + c2) / ((m1^2 + m2^2 + c1)(s1^2 + s2^2 +
    c2)), with means m, variances s^2, the covariance s12, c1 = (k1 max_val)^2, c2 = (k2 max_val)^2.

    Args:
        image1, image2: (height, width, channels), or batches of them.
        max_val: the largest number a pixel may have; default 1.
        filter_size: how many pixels a window has along each axis; default 11.
        filter_sigma: the width of its bell, in pixels; default 1.5.
        k1, k2: how far small means and variances count; default 0.01 and 0.03.
        data_format: "channels_last" (default) or "channels_first".

    Shape: (rows, height, width, channels) -> (rows,); one picture gives one number.
    Raises:
        ShapeError: for other axes, or windows larger than the pictures.

    Example:
        >>> import numpy as np
        >>> float(ssim(np.eye(12)[..., None], np.eye(12)[..., None]))
        1.0

    Source: keras.ops.image.ssim; Wang, Bovik, Sheikh and Simoncelli, Image quality assessment
        (IEEE Transactions on Image Processing, 2004).
    """
    place = "image.ssim"
    n = whole(f"{place}, `filter_size`", filter_size, 1)
    line = _bell(n, filter_sigma, f"{place}, `filter_sigma`")
    xs = [pictures(x, place) for x in (image1, image2)]
    kind = str(xs[0].dtype)
    xs = [cast(x, kind if is_float(kind) else None) for x in xs]
    (a, one, _), (b, _, _) = (batch_of(x, data_format, place) for x in xs)
    fits(a.shape, (n, n), (1, 1), "valid", "channels_last", f"{place}, `filter_size`")

    def blurred(x: Any) -> Any:
        return _filtered(x, np.outer(line, line), "valid")

    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    ma, mb = blurred(a), blurred(b)
    squares, both = add(square(ma), square(mb)), multiply(ma, mb)
    variance = subtract(add(blurred(square(a)), blurred(square(b))), squares)
    shared = subtract(blurred(multiply(a, b)), both)
    top = multiply(add(multiply(both, 2.0), c1), add(multiply(shared, 2.0), c2))
    found = mean(divide(top, multiply(add(squares, c1), add(variance, c2))), (1, 2, 3))
    return cast(squeeze(found, 0) if one else found, kind)
