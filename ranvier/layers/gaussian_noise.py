"""GaussianNoise: while training, random numbers are added to the inputs."""

from __future__ import annotations

from typing import Any

from .. import ops, random
from .layer import Layer
from .rate import checked_rate


class GaussianNoise(Layer):
    """Add normal numbers of mean 0 to the inputs while training.

    Args:
        stddev: standard deviation of the noise, from 0 to 1.
        seed: an int for the same noise on each run; default None.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if stddev lies outside [0, 1].

    Example:
        >>> GaussianNoise(0.5)([1.0, 2.0])
        array([1., 2.], dtype=float32)

    Source: keras.layers.GaussianNoise.
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stddev = checked_rate(stddev, f"GaussianNoise '{self.name}'", "stddev")
        self.seed = seed
        if self.stddev > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, with noise if `training`."""
        if not training or self.stddev == 0:
            return inputs
        noise = random.normal(
            inputs.shape, 0.0, self.stddev, self.compute_dtype, self.seed_generator
        )
        return ops.add(inputs, noise)
