"""AlphaDropout: dropout that keeps mean and variance, for nets of SELU units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops, random
from ..random.draw import mask_shape
from .layer import Layer
from .rate import checked_noise_shape, checked_rate

#: -alpha * scale of SELU: the value that SELU takes far to the left (Klambauer et al., 2017).
_SATURATED = -1.6732632423543772 * 1.0507009873554805


class AlphaDropout(Layer):
    """Set a random share of the inputs to SELU's lowest value while training, then rescale.

    output = a * (input or -1.758) + b, with a and b such that mean 0 and variance 1 stay

    Args:
        rate: the share to drop, 0 <= rate <= 1.
        noise_shape: shape of the random mask, 1 where an axis shares it; default the input's.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if rate lies outside [0, 1].

    Example:
        >>> AlphaDropout(0.5)([1.0, 2.0])
        array([1., 2.], dtype=float32)

    Source: keras.layers.AlphaDropout; Klambauer et al., Self-normalizing neural networks (2017).
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.rate = checked_rate(rate, f"AlphaDropout '{self.name}'")
        self.noise_shape = checked_noise_shape(noise_shape, f"AlphaDropout '{self.name}'")
        self.seed = seed
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, some of them saturated if `training`."""
        if not training or self.rate == 0:
            return inputs
        place = f"AlphaDropout '{self.name}'"
        sizes = mask_shape(tuple(inputs.shape), self.noise_shape, place)
        drawn = random.uniform(sizes, seed=self.seed_generator)
        kept = ops.where(ops.greater_equal(drawn, self.rate), inputs, _SATURATED)
        # At rate 1 everything is dropped: there is no variance left to restore.
        variance = (1 - self.rate) * (1 + self.rate * _SATURATED**2)
        a = variance**-0.5 if variance > 0 else 1.0
        return ops.add(ops.multiply(kept, a), -a * _SATURATED * self.rate)
