"""What layers share that change pictures at random while training."""

from __future__ import annotations

from typing import Any

from .. import ops, random
from ..graph.errors import ArgumentError
from .image import ImageLayer


class RandomImageLayer(ImageLayer):
    """Base of layers that change pictures at random while training, and leave them alone else.

    A subclass defines `changed(images)`.

    Args:
        seed: an int for the same changes on each run; default None.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, trainable, dtype.
    """

    def __init__(
        self, seed: int | None = None, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data_format, **kwargs)
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = True) -> Any:
        """Return the pictures as floats, changed if `training`."""
        x = ops.cast(inputs, self.compute_dtype)
        self.size_of(x)
        return self.changed(x) if training else x

    def changed(self, images: Any) -> Any:
        """Return the pictures changed."""
        raise NotImplementedError

    def drawn(self, images: Any, low: float, high: float) -> Any:
        """Return a random number a picture, in a shape that fits them."""
        return self.each(
            images,
            lambda shape: random.uniform(
                shape, low, high, self.compute_dtype, seed=self.seed_generator
            ),
        )


def factor_range(
    name: str, factor: Any, least: float, most: float, place: str
) -> tuple[float, float]:
    """Return the range that a factor means: [-f, f] for a number, sorted for two.

    Raises:
        ArgumentError: outside of [least, most].
    """
    pair = isinstance(factor, (list, tuple)) and len(factor) == 2
    values = list(factor) if pair else [factor]
    good = all(isinstance(v, (int, float)) and least <= v <= most for v in values)
    if not good:
        raise ArgumentError(
            f"{place}, `{name}`: got {factor!r}, expected a number from {least:g} to {most:g}, or "
            "two of them."
        )
    if pair:
        low, high = sorted(values)
        return low, high
    return max(-abs(factor), least), abs(factor)
