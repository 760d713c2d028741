"""RandomZoom: pictures larger or smaller, at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .random_affine import RandomAffine
from .random_image import factor_range


class RandomZoom(RandomAffine):
    """Make each picture larger or smaller around its middle while training.

    Args:
        height_factor: new pixels lie 1 - height_factor to 1 + height_factor (or 1 plus each of two
            numbers) old ones apart: below 0 is nearer, above farther away.
        width_factor: the same for columns; default as drawn for rows.
        fill_mode: what comes in from outside: "reflect" (default), "constant", "wrap",
            "nearest" or "mirror".
        interpolation: "bilinear" (default) or "nearest".
        seed: an int for the same sizes on each run; default None.
        fill_value: for fill_mode="constant"; default 0.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for a factor outside of its range.

    Example:
        >>> RandomZoom((0.0, 0.0))([[[1.0], [2.0]]], training=True).ravel()
        array([1., 2.], dtype=float32)

    Source: keras.layers.RandomZoom. The sizes drawn are not those of Keras.
    """

    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float] | None = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)
        place = f"RandomZoom '{self.name}'"
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height = factor_range("height_factor", height_factor, -1.0, 1.0, place)
        wide = height_factor if width_factor is None else width_factor
        self._width = factor_range("width_factor", wide, -1.0, 1.0, place)

    def places(self, draw: Any, row: Any, column: Any, height: int, width: int) -> Any:
        """Return where each pixel is read: rows and columns."""
        high = draw(1.0 + self._height[0], 1.0 + self._height[1])
        wide = high
        if self.width_factor is not None:
            wide = draw(1.0 + self._width[0], 1.0 + self._width[1])
        rows = ops.multiply(high, row - (height - 1) / 2)
        columns = ops.multiply(wide, column - (width - 1) / 2)
        return ops.add(rows, (height - 1) / 2), ops.add(columns, (width - 1) / 2)
