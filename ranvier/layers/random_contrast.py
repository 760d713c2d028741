"""RandomContrast: pictures with more or less contrast, at random."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from .random_image import RandomImageLayer, factor_range


class RandomContrast(RandomImageLayer):
    """(x - mean) * f + mean for each picture and channel while training, f drawn at random.

    Args:
        factor: f lies between 1 and 1 + factor, or for two numbers between 1 - the smaller and
            1 + the larger one.
        value_range: results are cut to these limits; default (0, 255).
        seed: an int for the same factors on each run; default None.
        **kwargs: data_format, name, trainable, dtype.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: for a factor outside [0, 1].

    Example:
        >>> RandomContrast(0.0)([[[1.0], [3.0]]], training=True).ravel()
        array([1., 3.], dtype=float32)

    Source: keras.layers.RandomContrast. The factors drawn are not those of Keras.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed, **kwargs)
        self.factor = factor_range("factor", factor, 0.0, 1.0, f"RandomContrast '{self.name}'")
        self.value_range = tuple(value_range)

    def changed(self, images: Any) -> Any:
        """Return the pictures with another contrast."""
        rank = len(images.shape)
        axes = (rank + self.height_axis, rank + self.width_axis)
        mean = ops.mean(images, axes, keepdims=True)
        factor = self.drawn(images, 1.0 - self.factor[0], 1.0 + self.factor[1])
        x = ops.add(ops.multiply(ops.subtract(images, mean), factor), mean)
        return ops.clip(x, *self.value_range)
