"""The step function of the perceptron."""

from __future__ import annotations

from typing import Any

from .. import ops


def heaviside(x: Any) -> Any:
    """Return 1 where x >= 0 and 0 elsewhere; NaN stays NaN.

    Its gradient is 0 everywhere, so layers below it learn nothing: for showing what a perceptron
    computes, not for training one.

    Args:
        x: floats.

    Example:
        >>> heaviside([-1.0, 0.0, 2.0]).numpy()
        array([0., 1., 1.], dtype=float32)

    Source: Rosenblatt, The perceptron (1958); Keras has none.
    """
    x = ops.stop_gradient(x)
    step = ops.where(ops.less(x, 0.0), 0.0, 1.0)
    return ops.where(ops.isnan(x), x, step)
