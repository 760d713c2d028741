"""The identity, and the exponential."""

from __future__ import annotations

from typing import Any

from .. import ops


def linear(x: Any) -> Any:
    """Return x.

    Source: keras.activations.linear.
    """
    return x


def exponential(x: Any) -> Any:
    """Return exp(x).

    Source: keras.activations.exponential.
    """
    return ops.exp(x)
