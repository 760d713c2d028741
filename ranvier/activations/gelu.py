"""The Gaussian error linear unit, exact unless asked otherwise."""

from __future__ import annotations

from typing import Any

from .. import ops


def gelu(x: Any, approximate: bool = False) -> Any:
    """Return x times the normal distribution's P(X <= x).

    0.5 x (1 + erf(x / sqrt(2))), or with `approximate`
    0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).

    Args:
        x: floats.
        approximate: take the second form; default False (`ops.gelu` has True, as in Keras).

    Example:
        >>> gelu([0.0]).numpy()
        array([0.], dtype=float32)

    Source: keras.activations.gelu; Hendrycks and Gimpel, Gaussian error linear units (2016).
    """
    return ops.gelu(x, approximate)
