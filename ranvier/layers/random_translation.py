"""RandomTranslation: pictures moved at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .random_affine import RandomAffine
from .random_image import factor_range


class RandomTranslation(RandomAffine):
    """Move each picture by a random share of its height and width while training.

    Args:
        height_factor: the share lies between -height_factor and height_factor (or between two
            numbers); above 0 is down.
        width_factor: the same for columns; above 0 is to the right.
        fill_mode: what comes in from outside: "reflect" (default), "constant", "wrap",
            "nearest" or "mirror".
        interpolation: "bilinear" (default) or "nearest".
        seed: an int for the same moves on each run; default None.
        fill_value: for fill_mode="constant"; default 0.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for a factor outside of its range.

    Example:
        >>> layer = RandomTranslation(0.0, (0.5, 0.5), fill_mode="nearest")
        >>> layer([[[1.0], [2.0]]], training=True).ravel()
        array([1., 1.], dtype=float32)

    Source: keras.layers.RandomTranslation. The moves drawn are not those of Keras.
    """

    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float],
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        place = f"RandomTranslation '{self.name}'"
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height = factor_range("height_factor", height_factor, -1.0, 1.0, place)
        self._width = factor_range("width_factor", width_factor, -1.0, 1.0, place)

    def places(self, draw: Any, row: Any, column: Any, height: int, width: int) -> Any:
        """Return where each pixel is read: rows and columns."""
        down = ops.multiply(draw(*self._height), float(height))
        right = ops.multiply(draw(*self._width), float(width))
        return ops.subtract(row, down), ops.subtract(column, right)
