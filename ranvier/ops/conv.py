"""Convolutions: windows of the input times a kernel."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ShapeError
from .contract import contract_
from .filter import edges, fits, padding_of, pictures, returned, sizes_of
from .pad import pad
from .reduce import given
from .reshape import reshape, slice_
from .window import overlap_, turned, windows_

_PLACES, _INSIDE = "hwd", "ijk"


def _prepared(x: Any, kernel: Any, strides: Any, padding: str, data_format: str | None,
              dilation_rate: Any, place: str) -> tuple[Any, Any, int, bool]:  # fmt: skip
    """Return windows of the padded input, the kernel, the spatial rank, and where channels were."""
    x, rank, first = pictures(x, data_format, place)
    kernel = given(kernel)
    if len(kernel.shape) != rank + 2:
        raise ShapeError(
            f"{place}, `kernel`: got shape {tuple(kernel.shape)} for an input of {rank} spatial "
            f"axes, expected {rank + 2} axes."
        )
    size = tuple(kernel.shape[:rank])
    step = sizes_of(strides, rank, f"{place}, `strides`")
    dilation = sizes_of(dilation_rate, rank, f"{place}, `dilation_rate`")
    kind = padding_of(padding, place, ("valid", "same", "causal") if rank == 1 else (
        "valid", "same"))  # fmt: skip
    fits(x.shape, size, dilation, kind, None, f"{place}, `kernel`")
    around = edges(x.shape, size, step, dilation, kind)
    x = pad(x, [(0, 0), *around, (0, 0)])
    return windows_(x, axis=1, size=size, step=step, dilation=dilation), kernel, rank, first


def conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: str = "valid",
    data_format: str | None = None, dilation_rate: Any = 1,
) -> Any:  # fmt: skip
    """Return the convolution of pictures with a kernel, over one to three spatial axes.

    y[n, p, f] = sum over k, c of x[n, p * strides + k * dilation_rate, c] * kernel[k, c, f]

    Args:
        inputs: (batch, spatial..., channels), or (batch, channels, spatial...).
        kernel: (spatial..., channels / groups, filters). Fewer channels than the input has make
            groups, each with its share of channels and filters.
        strides: steps between windows, an int or one an axis.
        padding: "valid" (none), "same" (as many places as steps fit into the input), or "causal"
            (zeros before the first of one axis).
        data_format: "channels_last" (default) or "channels_first".
        dilation_rate: steps between the elements of a window.

    Raises:
        ShapeError: if kernel and input do not fit.

    Example:
        >>> conv([[[1.0], [2.0], [4.0]]], [[[1.0]], [[10.0]]]).numpy()
        array([[[21.],
                [42.]]], dtype=float32)

    Source: keras.ops.conv.
    """
    seen, kernel, rank, first = _prepared(
        inputs, kernel, strides, padding, data_format, dilation_rate, "conv")  # fmt: skip
    channels, (inner, filters) = seen.shape[-1], kernel.shape[-2:]
    groups = channels // inner if inner else 0
    if groups * inner != channels or not groups or filters % groups:
        raise ShapeError(
            f"conv, `kernel`: got {inner} input channels and {filters} filters for an input of "
            f"{channels} channels. Channels must be a multiple of the kernel's, and filters of "
            "their quotient, the groups."
        )
    o, k = _PLACES[:rank], _INSIDE[:rank]
    if groups == 1:
        return returned(contract_(seen, kernel, spec=f"n{o}{k}c,{k}cf->n{o}f"), first)
    seen = reshape(seen, (*seen.shape[:-1], groups, inner))
    kernel = reshape(kernel, (*kernel.shape[:-1], groups, filters // groups))
    y = contract_(seen, kernel, spec=f"n{o}{k}gc,{k}cgf->n{o}gf")
    return returned(reshape(y, (*y.shape[:-2], filters)), first)


def depthwise_conv(
    inputs: Any, kernel: Any, strides: Any = 1, padding: str = "valid",
    data_format: str | None = None, dilation_rate: Any = 1,
) -> Any:  # fmt: skip
    """Return the convolution of each channel with kernels of its own.

    Args:
        inputs, strides, padding, data_format, dilation_rate: as in `conv`.
        kernel: (spatial..., channels, multiplier).

    Returns:
        channels * multiplier channels: those of the first channel first.

    Source: keras.ops.depthwise_conv.
    """
    seen, kernel, rank, first = _prepared(
        inputs, kernel, strides, padding, data_format, dilation_rate, "depthwise_conv")  # fmt: skip
    if seen.shape[-1] != kernel.shape[-2]:
        raise ShapeError(
            f"depthwise_conv, `kernel`: got {kernel.shape[-2]} channels for an input of "
            f"{seen.shape[-1]}."
        )
    o, k = _PLACES[:rank], _INSIDE[:rank]
    y = contract_(seen, kernel, spec=f"n{o}{k}c,{k}cm->n{o}cm")
    return returned(reshape(y, (*y.shape[:-2], y.shape[-2] * y.shape[-1])), first)


def separable_conv(
    inputs: Any, depthwise_kernel: Any, pointwise_kernel: Any, strides: Any = 1,
    padding: str = "valid", data_format: str | None = None, dilation_rate: Any = 1,
) -> Any:  # fmt: skip
    """Return a convolution of each channel, then one that mixes channels at each place.

    Args:
        inputs, strides, padding, data_format, dilation_rate: as in `conv`.
        depthwise_kernel: (spatial..., channels, multiplier).
        pointwise_kernel: (1..., channels * multiplier, filters).

    Source: keras.ops.separable_conv.
    """
    y = depthwise_conv(inputs, depthwise_kernel, strides, padding, data_format, dilation_rate)
    return conv(y, pointwise_kernel, 1, "valid", data_format)


def conv_transpose(
    inputs: Any, kernel: Any, strides: Any = 1, padding: str = "valid", output_padding: Any = None,
    data_format: str | None = None, dilation_rate: Any = 1,
) -> Any:  # fmt: skip
    """Return the transpose of a convolution: every place adds its kernel to the output.

    Args:
        inputs, strides, data_format, dilation_rate: as in `conv`.
        kernel: (spatial..., filters, channels).
        padding: "valid", or "same": `strides` places for each of the input.
        output_padding: places more at the end, fewer than `strides`; by default what makes the
            sizes (length - 1) * stride + max(window, stride), or length * stride for "same".

    Source: keras.ops.conv_transpose.
    """
    x, rank, first = pictures(inputs, data_format, "conv_transpose")
    kernel = given(kernel)
    if len(kernel.shape) != rank + 2 or kernel.shape[-1] != x.shape[-1]:
        raise ShapeError(
            f"conv_transpose, `kernel`: got shape {tuple(kernel.shape)}, expected {rank} spatial "
            f"sizes, the filters, and the input's {x.shape[-1]} channels."
        )
    size = tuple(kernel.shape[:rank])
    step = sizes_of(strides, rank, "conv_transpose, `strides`")
    dilation = sizes_of(dilation_rate, rank, "conv_transpose, `dilation_rate`")
    kind = padding_of(padding, "conv_transpose")
    more = (None,) * rank if output_padding is None else sizes_of(
        output_padding, rank, "conv_transpose, `output_padding`", 0)  # fmt: skip
    o, k = _PLACES[:rank], _INSIDE[:rank]
    spec = f"n{o}c,{k}fc->n{o}{k}f"
    wide = [(n - 1) * d + 1 for n, d in zip(size, dilation, strict=True)]
    full = [(n - 1) * t + w for n, t, w in zip(x.shape[1:-1], step, wide, strict=True)]
    if max(step) == 1:
        y = turned(spec, (x, kernel), 0, 1, size, dilation)
    else:
        y = overlap_(contract_(x, kernel, spec=spec), axis=1, size=size, step=step,
                     dilation=dilation, shape=(x.shape[0], *full, kernel.shape[-2]))  # fmt: skip
    cuts = [_cut(w, t, m, kind) for w, t, m in zip(wide, step, more, strict=True)]
    y = pad(y, [(0, 0), *((0, max(-b, 0)) for _, b in cuts), (0, 0)])
    parts = tuple((a, n - max(b, 0), 1) for (a, b), n in zip(cuts, y.shape[1:-1], strict=True))
    if any((a, b) != (0, n) for (a, b, _), n in zip(parts, y.shape[1:-1], strict=True)):
        y = slice_(y, parts=(None, *parts, None))
    return returned(y, first)


def _cut(wide: int, step: int, more: int | None, padding: str) -> tuple[int, int]:
    """Return what the whole output loses at both ends; below 0 it grows."""
    if padding == "valid":
        return 0, -(max(wide, step) - wide if more is None else more)
    total = step + wide - 2 if more is None else wide + wide % 2 - 2 + more
    left = min(total // 2 + total % 2, wide - 1)
    return wide - 1 - left, wide - 1 - (total - left)
