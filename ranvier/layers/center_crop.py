"""CenterCrop: the middle of pictures."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..ops.image.frame import crop_to_aspect, resized, window
from .image import ImageLayer


class CenterCrop(ImageLayer):
    """The middle of pictures; those that are too small are cut to the aspect ratio and resized.

    Args:
        height, width: the size wanted.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape: (rows, any height, any width, channels) -> (rows, height, width, channels).
    Raises:
        ArgumentError: for a size below 1.

    Example:
        >>> CenterCrop(1, 2)([[[0.0], [2.0], [4.0], [6.0]]]).ravel()
        array([2., 4.], dtype=float32)

    Source: keras.layers.CenterCrop.
    """

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data_format, **kwargs)
        self.height, self.width = self._sizes(height, width)

    def call(self, inputs: Any) -> Any:
        """Return the middle of the pictures, as floats."""
        x = ops.cast(inputs, self.compute_dtype)
        height, width = self.size_of(x)
        axes, size = (self.height_axis, self.width_axis), (self.height, self.width)
        if height >= self.height and width >= self.width:
            return window(x, axes, ((height - size[0]) // 2, (width - size[1]) // 2), size)
        return resized(crop_to_aspect(x, axes, size), axes, size, "bilinear")
