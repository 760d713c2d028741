"""RandomBrightness: pictures lighter or darker, at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .random_image import RandomImageLayer, factor_range


class RandomBrightness(RandomImageLayer):
    """Add a random number to each picture while training.

    Args:
        factor: the number lies between -factor and factor (or between two numbers) times the
            width of value_range.
        value_range: results are cut to these limits; default (0, 255).
        seed: an int for the same numbers on each run; default None.
        **kwargs: data_format, name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for a factor outside [-1, 1].

    Example:
        >>> RandomBrightness((0.1, 0.1))([[[100.0]]], training=True).item()
        125.5

    Source: keras.layers.RandomBrightness. The numbers drawn are not those of Keras.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed, **kwargs)
        self.factor = factor_range("factor", factor, -1.0, 1.0, f"RandomBrightness '{self.name}'")
        self.value_range = sorted(value_range)

    def changed(self, images: Any) -> Any:
        """Return the pictures lighter or darker."""
        low, high = self.value_range
        delta = ops.multiply(self.drawn(images, *self.factor), float(high - low))
        return ops.clip(ops.add(images, delta), low, high)
