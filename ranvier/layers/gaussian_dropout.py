"""GaussianDropout: while training, inputs are multiplied by random numbers around 1."""

from __future__ import annotations

from math import sqrt
from typing import Any

from .. import ops, random
from ..graph.errors import ArgumentError
from .layer import Layer
from .rate import checked_rate


class GaussianDropout(Layer):
    """Multiply the inputs by normal numbers of mean 1 while training.

    standard deviation = sqrt(rate / (1 - rate)), as that of dropout of the same rate

    Args:
        rate: 0 <= rate < 1.
        seed: an int for the same numbers on each run; default None.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if rate lies outside [0, 1).

    Example:
        >>> GaussianDropout(0.5)([1.0, 2.0])
        array([1., 2.], dtype=float32)

    Source: keras.layers.GaussianDropout, which takes a rate of 1 too and then divides by zero.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = checked_rate(rate, f"GaussianDropout '{self.name}'")
        if self.rate == 1:
            raise ArgumentError(
                f"GaussianDropout '{self.name}', `rate`: got 1, expected a number below 1: the "
                "noise of rate 1 has no bound. For instance rate=0.5."
            )
        self.seed = seed
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, multiplied by noise if `training`."""
        if not training or self.rate == 0:
            return inputs
        spread = sqrt(self.rate / (1 - self.rate))
        noise = random.normal(inputs.shape, 1.0, spread, self.compute_dtype, self.seed_generator)
        return ops.multiply(inputs, noise)
