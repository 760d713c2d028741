"""Initializers whose spread follows from the number of inputs and outputs of the weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..graph.array import Array
from ..graph.errors import ArgumentError, nearest
from ..random import flat_normal, flat_truncated_normal, flat_uniform
from .initializer import RandomInitializer, checked_shape, scaled

#: Standard deviation of a standard normal distribution cut off at -2 and 2.
TRUNCATED_STDDEV = 0.87962566103423978

MODES = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("uniform", "truncated_normal", "untruncated_normal")


def compute_fans(
    shape: Sequence[int],
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Return how many inputs and outputs weights of a shape have.

    The last two axes are inputs and outputs; those before count for both, as in the kernel of a
    convolution.

    Example:
        >>> compute_fans((784, 100)), compute_fans((3, 3, 16, 32)), compute_fans((5,))
        ((784, 100), (144, 288), (5, 5))
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class VarianceScaling(RandomInitializer):
    """Numbers of variance scale / n, so that signals neither grow nor die on their way.

    n is the number of inputs, of outputs, or their mean. "truncated_normal" cuts at two standard
    deviations and widens the curve to keep the variance; "uniform" reaches sqrt(3 scale / n).

    Args:
        scale: positive; default 1.
        mode: "fan_in", "fan_out" or "fan_avg"; default "fan_in".
        distribution: "truncated_normal" (or "normal"), "untruncated_normal" or "uniform".
        seed: an int, a SeedGenerator or None; default None.
        input_axes: which axes count as inputs, with output_axes; default by `compute_fans`.
        output_axes: which axes count as outputs.

    Raises:
        ArgumentError: if scale is not positive, or mode or distribution unknown.

    Example:
        >>> VarianceScaling(2.0, "fan_avg", "uniform", seed=1)((300, 100)).shape
        (300, 100)

    Source: keras.initializers.VarianceScaling.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        place = type(self).__name__
        if not scale > 0:
            raise ArgumentError(f"{place}, `scale`: got {scale!r}, expected a positive float.")
        if mode not in MODES:
            raise ArgumentError(f"{place}, `mode`: got {mode!r}. {nearest(mode, MODES)}")
        kind = "truncated_normal" if distribution == "normal" else str(distribution).lower()
        if kind not in DISTRIBUTIONS:
            raise ArgumentError(
                f"{place}, `distribution`: got {distribution!r}. {nearest(kind, DISTRIBUTIONS)}"
            )
        self.scale, self.mode, self.distribution = scale, mode, kind
        self.input_axes, self.output_axes = input_axes, output_axes
        super().__init__(seed)

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Array:
        """Return the numbers."""
        sizes = checked_shape(shape, type(self).__name__)
        fan_in, fan_out = compute_fans(sizes, self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return scaled(self._drawn(flat_uniform, sizes, dtype), 2 * limit, -limit)
        if self.distribution == "untruncated_normal":
            return scaled(self._drawn(flat_normal, sizes, dtype), math.sqrt(variance))
        values = self._drawn(flat_truncated_normal, sizes, dtype)
        return scaled(values, math.sqrt(variance) / TRUNCATED_STDDEV)


class _Named(VarianceScaling):
    """One of the six schemes that are known by their authors."""

    scheme: tuple[float, str, str]

    def __init__(
        self,
        seed: Any = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(*self.scheme, seed, input_axes, output_axes)


class GlorotUniform(_Named):
    """Uniform within sqrt(6 / (inputs + outputs)), also called Xavier; the default of Dense.

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Example:
        >>> GlorotUniform(seed=1)((784, 100)).shape
        (784, 100)

    Source: keras.initializers.GlorotUniform; Glorot and Bengio (2010).
    """

    scheme = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Named):
    """Truncated normal of variance 2 / (inputs + outputs).

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Source: keras.initializers.GlorotNormal; Glorot and Bengio (2010).
    """

    scheme = (1.0, "fan_avg", "truncated_normal")


class LecunUniform(_Named):
    """Uniform within sqrt(3 / inputs).

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Source: keras.initializers.LecunUniform; LeCun et al., Efficient backprop (1998).
    """

    scheme = (1.0, "fan_in", "uniform")


class LecunNormal(_Named):
    """Truncated normal of variance 1 / inputs; goes with selu.

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Source: keras.initializers.LecunNormal; LeCun et al., Efficient backprop (1998).
    """

    scheme = (1.0, "fan_in", "truncated_normal")


class HeUniform(_Named):
    """Uniform within sqrt(6 / inputs); goes with relu.

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Source: keras.initializers.HeUniform; He et al., Delving deep into rectifiers (2015).
    """

    scheme = (2.0, "fan_in", "uniform")


class HeNormal(_Named):
    """Truncated normal of variance 2 / inputs; goes with relu.

    Args:
        seed: an int, a SeedGenerator or None; default None.
        input_axes, output_axes: as in `VarianceScaling`.

    Example:
        >>> HeNormal(seed=1)((784, 300)).shape
        (784, 300)

    Source: keras.initializers.HeNormal; He et al., Delving deep into rectifiers (2015).
    """

    scheme = (2.0, "fan_in", "truncated_normal")
