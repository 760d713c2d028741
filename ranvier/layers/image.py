"""Layers on pictures: what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph.errors import ShapeError
from ..graph.whole import whole
from ..ops.filter import format_of
from .layer import Layer


class ImageLayer(Layer):
    """Base of layers on pictures, (height, width, channels) or batches of them.

    Args:
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = format_of(data_format, self._place)

    def _sizes(self, height: Any, width: Any) -> tuple[int, int]:
        """Return a height and a width, both positive ints."""
        return checked_size(height, width, self._place)

    @property
    def height_axis(self) -> int:
        """The axis of rows of pixels, from the end."""
        return -3 if self.data_format == "channels_last" else -2

    @property
    def width_axis(self) -> int:
        """The axis of columns of pixels, from the end."""
        return self.height_axis + 1

    def size_of(self, images: Any) -> tuple[int, int]:
        """Return height and width of pictures.

        Raises:
            ShapeError: if they have another number of axes, or open sizes.
        """
        shape = tuple(images.shape)
        sizes = (shape[self.height_axis], shape[self.width_axis]) if len(shape) in (3, 4) else ()
        if not sizes or None in sizes:
            raise ShapeError(
                f"{self._place}: got shape {shape}, expected pictures of "
                "known size: (height, width, channels), or a batch of them."
            )
        return sizes

    def each(self, images: Any, value: Callable[[tuple[Any, ...]], Any]) -> Any:
        """Return one number a picture, in a shape that fits them: what `value` gives for it."""
        return value((images.shape[0], 1, 1, 1) if len(images.shape) == 4 else (1, 1, 1))


def checked_size(height: Any, width: Any, place: str) -> tuple[int, int]:
    """Return the height and the width of pictures.

    Raises:
        ArgumentError: if one of them is no positive int.
    """
    way_out = "Give a number of pixels."
    return (
        whole(f"{place}, `height`", height, 1, way_out),
        whole(f"{place}, `width`", width, 1, way_out),
    )
