"""The rectifier with its three arguments."""

from __future__ import annotations

from typing import Any

from .. import ops


def relu(
    x: Any, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Any:
    """Return x where it is positive and 0 elsewhere: max(x, 0).

    In full: min(x, max_value) where x > threshold, negative_slope * (x - threshold) elsewhere.
    NaN stays NaN, and the slope at a kink is that of JAX: 0 at 0.

    Args:
        x: floats.
        negative_slope: slope below the threshold; default 0.
        max_value: upper bound; default None, no bound.
        threshold: where it begins; default 0.

    Returns:
        As x in shape and dtype.

    Example:
        >>> relu([-2.0, 0.0, 3.0]).numpy()
        array([0., 0., 3.], dtype=float32)

    Source: keras.activations.relu.
    """
    if not (negative_slope or threshold or max_value is not None):
        return ops.relu(x)
    if negative_slope and not threshold and max_value is None:
        return ops.leaky_relu(x, negative_slope)
    above = ops.where(ops.less_equal(x, threshold), 0.0, x) if threshold else ops.relu(x)
    if max_value == 6 and not threshold:
        above = ops.relu6(x)
    elif max_value is not None:
        # Only a negative threshold lets negative numbers through to the lower bound.
        low = threshold < 0
        above = ops.clip(above, 0.0, max_value) if low else ops.minimum(above, max_value)
    if not negative_slope:
        return above
    below = ops.relu(ops.subtract(threshold, x))
    return ops.subtract(above, ops.multiply(below, negative_slope))
