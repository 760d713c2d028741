"""RandomRotation: pictures turned at random."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from .. import ops
from .random_affine import RandomAffine
from .random_image import factor_range


class RandomRotation(RandomAffine):
    """Turn each picture around its middle by a random angle while training.

    Args:
        factor: the angle lies between -factor and factor (or between two numbers), in whole turns.
        fill_mode: what comes in from outside: "reflect" (default), "constant", "wrap",
            "nearest" or "mirror".
        interpolation: "bilinear" (default) or "nearest".
        seed: an int for the same angles on each run; default None.
        fill_value: for fill_mode="constant"; default 0.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for a factor outside of its range.

    Example:
        >>> RandomRotation((0.5, 0.5))([[[1.0], [2.0]]], training=True).round(3).ravel()
        array([2., 1.], dtype=float32)

    Source: keras.layers.RandomRotation. The angles drawn are not those of Keras.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        self.factor = factor_range("factor", factor, -1.0, 1.0, f"RandomRotation '{self.name}'")

    def places(self, draw: Any, row: Any, column: Any, height: int, width: int) -> Any:
        """Return where each pixel is read: rows and columns."""
        low, high = (part * 2 * math.pi for part in self.factor)
        angle = draw(low, high)
        cos, sin = ops.cos(angle), ops.sin(angle)
        down, right = row - (height - 1) / 2, column - (width - 1) / 2
        columns = ops.subtract(ops.multiply(cos, right), ops.multiply(sin, down))
        rows = ops.add(ops.multiply(sin, right), ops.multiply(cos, down))
        return ops.add(rows, (height - 1) / 2), ops.add(columns, (width - 1) / 2)
