"""Dropout: while training, a random share of the inputs is set to 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import random
from .layer import Layer
from .rate import checked_noise_shape, checked_rate


class Dropout(Layer):
    """Set a random share of the inputs to 0 while training, and divide the rest by 1 - rate.

    The division keeps the mean, so that nothing needs to change outside of training.

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
        >>> Dropout(0.5)([1.0, 2.0])
        array([1., 2.], dtype=float32)
        >>> sorted(set(Dropout(0.5, seed=1)([1.0] * 50, training=True).tolist()))
        [0.0, 2.0]

    Source: keras.layers.Dropout; Srivastava et al., Dropout (JMLR 15, 2014). The masks drawn are
    not those of Keras.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = self._place
        self.rate = checked_rate(rate, place)
        self.noise_shape = checked_noise_shape(noise_shape, place)
        self.seed = seed
        if self.rate > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.supports_masking = True
        self._build_at_init()

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, some of them dropped if `training`."""
        if not training or self.rate == 0:
            return inputs
        return random.dropout(inputs, self.rate, self.noise_shape, self.seed_generator)
