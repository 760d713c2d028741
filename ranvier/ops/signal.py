"""Signals: correlation, the noise of one against another, and windows for spectra."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import budget
from ..graph.errors import ArgumentError, ShapeError
from ..graph.node import cast
from ..graph.whole import whole
from .contract import contract_
from .elementwise import multiply, square, subtract
from .numeric import log10
from .pad import pad
from .reduce import floats, given, mean
from .reshape import flip
from .window import windows_


def correlate(x1: Any, x2: Any, mode: str = "valid") -> Any:
    """Return the products of two vectors' elements, summed at each shift of one to the other.

    y[k] = sum over n of x1[n + k] * x2[n]

    Args:
        x1, x2: vectors.
        mode: "valid" (default), the shifts at which the shorter lies within the longer; "same",
            as many as the longer has elements; "full", all at which they meet.

    Raises:
        ArgumentError: for another mode.
        ShapeError: unless both are vectors with elements.

    Example:
        >>> correlate([1.0, 2.0, 3.0], [0.0, 1.0]).numpy()
        array([2., 3.], dtype=float32)

    Source: keras.ops.correlate.
    """
    if mode not in ("valid", "same", "full"):
        raise ArgumentError(f"correlate, `mode`: got {mode!r}, expected 'valid', 'same' or 'full'.")
    x, y = floats(x1), floats(x2)
    if [len(v.shape) for v in (x, y)] != [1, 1] or not all(v.shape[0] for v in (x, y)):
        raise ShapeError(
            f"correlate: got shapes {tuple(x.shape)} and {tuple(y.shape)}, expected two vectors "
            "of known length."
        )
    if x.shape[0] < y.shape[0]:
        return flip(correlate(y, x, mode))
    n = y.shape[0]
    around = {"valid": (0, 0), "same": (n // 2, n - n // 2 - 1), "full": (n - 1, n - 1)}
    x = pad(x, (around[mode],))
    return contract_(windows_(x, axis=0, size=(n,), step=(1,), dilation=(1,)), y, spec="ok,k->o")


def psnr(x1: Any, x2: Any, max_val: float) -> Any:
    """Return the ratio of the largest power to that of the difference, in decibels.

    psnr = 20 * log10(max_val) - 10 * log10(mean((x1 - x2)^2))

    Args:
        x1, x2: arrays of one shape.
        max_val: the largest value there can be, for instance 255 or 1.0.

    Raises:
        ShapeError: if the shapes differ.

    Example:
        >>> float(psnr([0.0, 1.0], [0.1, 0.9], 1.0).round())
        20.0

    Source: keras.ops.psnr.
    """
    x, y = given(x1), given(x2)
    if tuple(x.shape) != tuple(y.shape):
        raise ShapeError(
            f"psnr: got shapes {tuple(x.shape)} and {tuple(y.shape)}, expected equal shapes."
        )
    noise = mean(square(subtract(x, y)))
    return subtract(multiply(20, log10(cast(max_val, y.dtype))), multiply(10, log10(noise)))


def _points(place: str, x: int) -> int:
    """Return the length of a window."""
    points = whole(f"{place}, `x`", x, 0)
    budget.constant((points,))
    return points


def bartlett(x: int) -> Any:
    """Return a triangle of x points that begins and ends with 0."""
    return cast(np.bartlett(_points("bartlett", x)), None)


def blackman(x: int) -> Any:
    """Return Blackman's window of x points, a sum of three cosines."""
    return cast(np.blackman(_points("blackman", x)), None)


def hamming(x: int) -> Any:
    """Return Hamming's window of x points: 0.54 - 0.46 * cos(2 pi i / (x - 1))."""
    return cast(np.hamming(_points("hamming", x)), None)


def hanning(x: int) -> Any:
    """Return von Hann's window of x points: 0.5 - 0.5 * cos(2 pi i / (x - 1))."""
    return cast(np.hanning(_points("hanning", x)), None)


def kaiser(x: int, beta: float) -> Any:
    """Return Kaiser's window of x points; the larger `beta`, the narrower."""
    return cast(np.kaiser(_points("kaiser", x), beta), None)
