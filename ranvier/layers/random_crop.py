"""RandomCrop: a part of pictures at a random place."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops, random
from ..graph import budget
from ..ops.image.frame import crop_to_aspect, resized, window
from .random_image import RandomImageLayer


class RandomCrop(RandomImageLayer):
    """A part of the pictures at a random place while training, one place a batch.

    Args:
        height, width: the size of the part; pictures that are too small are cut to its aspect
            ratio and resized.
        seed: an int for the same places on each run; default None.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape: (rows, any height, any width, channels) -> (rows, height, width, channels). Outside of
        training, as in Keras, pictures are left as they are.
    Raises:
        ArgumentError: for a size below 1.

    Example:
        >>> RandomCrop(1, 1)([[[5.0], [5.0]], [[5.0], [5.0]]], training=True).ravel()
        array([5.], dtype=float32)

    Source: keras.layers.RandomCrop. The places drawn are not those of Keras.
    """

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed, data_format, **kwargs)
        self.height, self.width = self._sizes(height, width)

    def changed(self, images: Any) -> Any:
        """Return the part."""
        height, width = self.size_of(images)
        axes, size = (self.height_axis, self.width_axis), (self.height, self.width)
        if height <= self.height or width <= self.width:
            at = _middle(images, axes, size)
            return resized(window(images, axes, at, size), axes, size, "bilinear")
        for axis, length in zip(axes, size, strict=True):
            budget.constant((length,))
            room = float(images.shape[axis] - length + 1)
            start = ops.cast(random.uniform((1,), 0.0, room, seed=self.seed_generator), "int32")
            places = ops.add(start, np.arange(length, dtype="int32"))
            images = ops.take(images, places, axis=len(images.shape) + axis)
        return images


def _middle(images: Any, axes: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    part = crop_to_aspect(images, axes, size)
    return tuple(int((images.shape[a] - part.shape[a]) / 2) for a in axes)  # type: ignore[return-value]
