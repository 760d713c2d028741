"""Clipping of gradients: by value, by the norm of each, by the norm of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops


def clip_value(gradients: Sequence[Any], limit: float) -> list[Any]:
    """Return the gradients with each number between -limit and limit."""
    return [ops.clip(g, -limit, limit) for g in gradients]


def clip_norm(gradients: Sequence[Any], limit: float) -> list[Any]:
    """Return each gradient scaled so that its own norm is at most `limit`.

    g * limit / max(norm(g), limit), in this order as in Keras.
    """
    norms = [ops.sqrt(ops.sum(ops.square(g))) for g in gradients]
    return [g * limit / ops.maximum(n, limit) for g, n in zip(gradients, norms, strict=True)]


def clip_global_norm(gradients: Sequence[Any], limit: float) -> list[Any]:
    """Return all gradients scaled by one number, so that their common norm is at most `limit`.

    g * limit * min(1 / norm, 1 / limit); a norm that is no finite number makes every g NaN,
    so that it is seen.
    """
    total = ops.sum(ops.square(gradients[0]))
    for g in gradients[1:]:
        total = total + ops.sum(ops.square(g))
    norm = ops.sqrt(total)
    scale = limit * ops.minimum(ops.divide(1.0, norm), 1.0 / limit) + (norm - norm)
    return [g * scale for g in gradients]
