"""Batch renormalization: corrections that tie a batch's statistics to their moving averages."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph.errors import ArgumentError

_KEYS = ("rmax", "rmin", "dmax")


class Renorm:
    """The averages of a BatchNormalization that corrects its batches, and what it does with them.

    r = deviation of the batch / its average, d = (mean of the batch - its average) / that average,
    both held fixed; the normalized values become x * r + d.

    Args:
        layer: the layer being built.
        shape: of each weight.

    Source: Ioffe, Batch Renormalization (2017).
    """

    def __init__(self, layer: Any, shape: tuple[int, ...]) -> None:
        self.layer = layer

        def deviation(shape: Any, dtype: Any = None) -> Any:
            return np.sqrt(np.asarray(layer.moving_variance_initializer(shape, dtype=dtype)))

        for name, initializer in (
            ("moving_stddev", deviation), ("renorm_mean", layer.moving_mean_initializer),
            ("renorm_stddev", deviation),
        ):  # fmt: skip
            made = layer.add_weight(
                name=name, shape=shape, initializer=initializer, trainable=False, autocast=False
            )
            setattr(layer, name, made)

    def corrected(self, mean: Any, variance: Any, gamma: Any, beta: Any) -> tuple[Any, Any]:
        """Return gamma and beta with the corrections in them."""
        layer, bounds = self.layer, self.layer.renorm_clipping
        average = ops.maximum(layer.renorm_stddev, layer.epsilon**0.5)
        r = ops.divide(ops.sqrt(ops.add(variance, layer.epsilon)), average)
        d = ops.divide(ops.subtract(mean, layer.renorm_mean), average)
        if bounds.get("rmin") is not None:
            r = ops.maximum(r, bounds["rmin"])
        if bounds.get("rmax") is not None:
            r = ops.minimum(r, bounds["rmax"])
        if bounds.get("dmax") is not None:
            d = ops.clip(d, -bounds["dmax"], bounds["dmax"])
        r, d = ops.stop_gradient(r), ops.stop_gradient(d)
        if gamma is not None:
            r, d = ops.multiply(r, gamma), ops.multiply(d, gamma)
        return r, d if beta is None else ops.add(d, beta)

    def update(self, mean: Any, variance: Any) -> None:
        """Move the averages: those of the corrections, and those of inference."""
        layer = self.layer
        deviation = ops.sqrt(ops.add(variance, layer.epsilon))
        for name, value, momentum in (
            ("renorm_mean", mean, layer.renorm_momentum),
            ("renorm_stddev", deviation, layer.renorm_momentum),
            ("moving_mean", mean, layer.momentum),
            ("moving_stddev", deviation, layer.momentum),
        ):
            move(getattr(layer, name), value, momentum)
        # Rounding may take the variance below 0.
        variance = ops.subtract(ops.square(layer.moving_stddev), layer.epsilon)
        layer.moving_variance.assign(ops.relu(variance))


def move(average: Any, value: Any, momentum: float) -> None:
    """Move an average towards a value."""
    average.assign(ops.add(ops.multiply(average, momentum), ops.multiply(value, 1.0 - momentum)))


def checked_clipping(bounds: Any, place: str) -> dict[str, float]:
    """Return the bounds of the corrections, or raise ArgumentError."""
    place = f"{place}, `renorm_clipping`"
    if not isinstance(bounds, dict) or set(bounds) - set(_KEYS):
        raise ArgumentError(f"{place}: got {bounds!r}, expected a dict with keys among {_KEYS}.")
    rmax, rmin, dmax = (bounds.get(key) for key in _KEYS)
    if rmax is not None and rmin is not None and rmax < rmin:
        raise ArgumentError(f"{place}: got rmax={rmax} < rmin={rmin}, expected rmin <= rmax.")
    if dmax is not None and dmax < 0:
        raise ArgumentError(f"{place}: got dmax={dmax}, expected a number of at least 0.")
    return bounds
