"""Masks: which steps of a sequence count. They travel with values, from layer to layer."""

from __future__ import annotations

from typing import Any


def mask_of(x: Any) -> Any:
    """Return the mask that a value carries: True where it counts, (batch, steps), or None."""
    return getattr(x, "_keras_mask", None)


def set_mask(x: Any, mask: Any) -> Any:
    """Let a value carry a mask; returns the value. Values that cannot are left as they are."""
    if mask is not None and hasattr(x, "_keras_mask"):
        x._keras_mask = mask
    return x


def drop_mask(x: Any) -> None:
    """Let a value carry no mask any more."""
    if mask_of(x) is not None:
        x._keras_mask = None
