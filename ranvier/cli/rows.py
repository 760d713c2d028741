"""Rows in the form that a model takes: its shape, and pixels as it was trained on them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np

_SCALING = ("Rescaling", "Normalization", "BatchNormalization")


def pixel_option(command: Any) -> Any:
    """Add --pixels to a command that hands images to a model."""
    return click.option(
        "--pixels",
        type=click.Choice(["auto", "0-1", "0-255"]),
        default="auto",
        show_default=True,
        help="What the model was trained on; auto: 0-255 where its first layer scales, else 0-1.",
    )(command)


def suit(model: Any, x: np.ndarray, pixels: str = "auto") -> np.ndarray:
    """Return images as the model takes them; rows of other data as they are.

    Args:
        model: a Sequential or another model with `layers` and `input_shape`.
        x: rows of uint8 images 0-255, or of anything else.
        pixels: "0-1", "0-255", or "auto", which looks for a layer that scales.
    """
    if x.dtype != "uint8":
        return x
    shape = tuple(model.input_shape[1:])
    if None not in shape and math.prod(shape) == math.prod(x.shape[1:]):
        x = x.reshape(len(x), *shape)
    scales = any(type(layer).__name__ in _SCALING for layer in model.layers[:3])
    return x if pixels == "0-255" or (pixels == "auto" and scales) else x / 255.0
