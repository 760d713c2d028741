"""Resizing: pictures of one size from pictures of any."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentError
from ..ops.image.frame import INTERPOLATIONS, crop_to_aspect, pad_to_aspect, resized
from .image import ImageLayer
from .input_spec import InputSpec
from .preparation import one_of


class Resizing(ImageLayer):
    """Pictures scaled to a height and a width.

    Args:
        height, width: the size wanted.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        crop_to_aspect_ratio: cut the margins off that do not fit, rather than distort; default
            False.
        pad_to_aspect_ratio: add margins instead; default False.
        fill_mode: must be "constant".
        fill_value: what margins are filled with; default 0.
        antialias: whether to blur before pictures get smaller; default False.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape: (rows, any height, any width, channels) -> (rows, height, width, channels).
    Raises:
        ArgumentError: for a size below 1, another interpolation, or both ratios kept.

    Example:
        >>> Resizing(1, 2)([[[0.0], [2.0], [4.0], [6.0]]]).ravel()
        array([1., 5.], dtype=float32)

    Source: keras.layers.Resizing. Pictures of uint8 come out as int32, not cut to 255.
    """

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, **kwargs)
        self.input_spec = InputSpec()
        place = f"Resizing '{self.name}'"
        self.height, self.width = self._sizes(height, width)
        self.interpolation = one_of("interpolation", interpolation, INTERPOLATIONS, place)
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ArgumentError(
                f"{place}: got both `crop_to_aspect_ratio` and `pad_to_aspect_ratio`, expected one."
            )
        self.crop_to_aspect_ratio = bool(crop_to_aspect_ratio)
        self.pad_to_aspect_ratio = bool(pad_to_aspect_ratio)
        self.fill_mode = one_of("fill_mode", fill_mode, ("constant",), place)
        self.fill_value, self.antialias = fill_value, bool(antialias)

    def call(self, inputs: Any) -> Any:
        """Return the pictures in the size wanted, in their own element type."""
        self.size_of(inputs)
        axes, size = (self.height_axis, self.width_axis), (self.height, self.width)
        if self.crop_to_aspect_ratio:
            inputs = crop_to_aspect(inputs, axes, size)
        elif self.pad_to_aspect_ratio:
            inputs = pad_to_aspect(inputs, axes, size, self.fill_value)
        return resized(inputs, axes, size, self.interpolation, self.antialias)
