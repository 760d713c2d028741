"""What random rotation, zoom and translation share: new pixels read from places in the old."""

from __future__ import annotations

from typing import Any

from .. import random
from ..ops.image.frame import batch_of, given_back
from ..ops.image.place import FILL_MODES, INTERPOLATIONS, grid, mapped_image
from .preparation import one_of
from .random_image import RandomImageLayer


class RandomAffine(RandomImageLayer):
    """Base of layers that move pixels while training.

    A subclass defines `places(draw, row, column, height, width)`.

    Args:
        fill_mode: what comes in from outside: "reflect" (default), "constant", "wrap",
            "nearest" or "mirror".
        interpolation: "bilinear" (default) or "nearest".
        seed: an int for the same changes on each run; default None.
        fill_value: for fill_mode="constant"; default 0.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.
    """

    def __init__(
        self,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed, data_format, **kwargs)
        place = self._place
        self.fill_mode = one_of("fill_mode", fill_mode, FILL_MODES, place)
        self.interpolation = one_of("interpolation", interpolation, INTERPOLATIONS, place)
        self.fill_value = fill_value

    def places(self, draw: Any, row: Any, column: Any, height: int, width: int) -> Any:
        """Return where each pixel is read: rows and columns.

        Args:
            draw: gives a random number a picture between two limits, (rows, 1).
            row, column: of each new pixel, (1, pixels).
            height, width: of the pictures.
        """
        raise NotImplementedError

    def changed(self, images: Any) -> Any:
        """Return the pictures with their pixels moved."""
        height, width = self.size_of(images)
        x, alone, first = batch_of(images, self.data_format, type(self).__name__)
        shape = (x.shape[0], 1)

        def draw(low: float, high: float) -> Any:
            return random.uniform(shape, low, high, self.compute_dtype, seed=self.seed_generator)

        row, column = grid(height, width)
        rows, columns = self.places(draw, row, column, height, width)
        x = mapped_image(x, rows, columns, self.interpolation, self.fill_mode, self.fill_value)
        return given_back(x, alone, first)
