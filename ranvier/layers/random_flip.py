"""RandomFlip: pictures mirrored at random."""

from __future__ import annotations

from typing import Any

from .. import ops
from .preparation import one_of
from .random_image import RandomImageLayer

_MODES = ("horizontal", "vertical", "horizontal_and_vertical")


class RandomFlip(RandomImageLayer):
    """Mirror each picture with odds of one half while training.

    Args:
        mode: "horizontal" (left to right), "vertical", or "horizontal_and_vertical" (default: both
            at once).
        seed: an int for the same flips on each run; default None.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for another mode.

    Example:
        >>> RandomFlip()([[[1.0], [2.0]]], training=False).ravel()
        array([1., 2.], dtype=float32)

    Source: keras.layers.RandomFlip. The flips drawn are not those of Keras.
    """

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed, data_format, **kwargs)
        self.mode = one_of("mode", mode, _MODES, f"RandomFlip '{self.name}'")

    def changed(self, images: Any) -> Any:
        """Return the pictures, some of them mirrored."""
        flipped = images
        if "horizontal" in self.mode:
            flipped = ops.flip(flipped, axis=len(images.shape) + self.width_axis)
        if "vertical" in self.mode:
            flipped = ops.flip(flipped, axis=len(images.shape) + self.height_axis)
        return ops.where(ops.less_equal(self.drawn(images, 0.0, 1.0), 0.5), flipped, images)
