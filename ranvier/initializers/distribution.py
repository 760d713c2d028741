"""Initializers that draw from one distribution, whatever the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.array import Array
from ..random import flat_normal, flat_truncated_normal, flat_uniform
from .initializer import RandomInitializer, scaled


class RandomNormal(RandomInitializer):
    """Normally distributed numbers.

    Args:
        mean: default 0.
        stddev: standard deviation; default 0.05.
        seed: an int, a SeedGenerator or None; default None.

    Example:
        >>> RandomNormal(seed=1)((2, 3)).shape
        (2, 3)

    Source: keras.initializers.RandomNormal.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        self.mean, self.stddev = mean, stddev
        super().__init__(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the numbers."""
        return scaled(self._drawn(flat_normal, shape, dtype), self.stddev, self.mean)


class TruncatedNormal(RandomInitializer):
    """Normally distributed numbers within two standard deviations of the mean.

    Args:
        mean: default 0.
        stddev: standard deviation before the cut; default 0.05.
        seed: an int, a SeedGenerator or None; default None.

    Example:
        >>> float(abs(TruncatedNormal(seed=1)((1000,))).max()) <= 0.1
        True

    Source: keras.initializers.TruncatedNormal.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: Any = None) -> None:
        self.mean, self.stddev = mean, stddev
        super().__init__(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the numbers."""
        return scaled(self._drawn(flat_truncated_normal, shape, dtype), self.stddev, self.mean)


class RandomUniform(RandomInitializer):
    """Numbers spread evenly over [minval, maxval).

    Args:
        minval: lower bound; default -0.05.
        maxval: upper bound; default 0.05.
        seed: an int, a SeedGenerator or None; default None.

    Example:
        >>> float(RandomUniform(0.0, 1.0, seed=1)((1000,)).min()) >= 0
        True

    Source: keras.initializers.RandomUniform.
    """

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, seed: Any = None) -> None:
        self.minval, self.maxval = minval, maxval
        super().__init__(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the numbers."""
        u = self._drawn(flat_uniform, shape, dtype)
        return scaled(u, self.maxval - self.minval, self.minval)
