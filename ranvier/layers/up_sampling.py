"""UpSampling1D, UpSampling2D, UpSampling3D: every place several times."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from ..ops.filter import format_of, sizes_of
from ..ops.image.frame import INTERPOLATIONS, resized
from .input_spec import InputSpec
from .layer import Layer


class UpSampling1D(Layer):
    """Every step of a sequence several times.

    Args:
        size: how many times, a positive int; default 2.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, steps * size, channels)

    Example:
        >>> UpSampling1D(2)([[[1.0], [2.0]]])[0, :, 0]
        array([1., 1., 2., 2.], dtype=float32)

    Source: keras.layers.UpSampling1D.
    """

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        (self.size,) = sizes_of(size, 1, f"UpSampling1D '{self.name}', `size`")
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with every step repeated."""
        return ops.repeat(inputs, self.size, 1)


class UpSampling2D(Layer):
    """Every place of a picture several times, or a smooth picture in between.

    Args:
        size: how many times, an int or (rows, columns); default 2.
        data_format: "channels_last" (default) or "channels_first".
        interpolation: "nearest" (default), "bilinear", "bicubic", "lanczos3" or "lanczos5".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, rows * size, columns * size, channels)

    Example:
        >>> UpSampling2D((1, 3))(ops.ones((1, 2, 2, 1))).shape
        (1, 2, 6, 1)

    Source: keras.layers.UpSampling2D.
    """

    def __init__(
        self, size: Any = (2, 2), data_format: str | None = None, interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        place = f"UpSampling2D '{self.name}'"
        self.size = sizes_of(size, 2, f"{place}, `size`")
        self.data_format = format_of(data_format, place)
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in INTERPOLATIONS:
            raise ArgumentError(
                f"{place}, `interpolation`: got {interpolation!r}, expected one of "
                f"{INTERPOLATIONS}."
            )
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs: Any) -> Any:
        """Return the inputs stretched over more places."""
        if self.interpolation == "nearest":
            return _repeated(inputs, self.size, self.data_format)
        axes = (-3, -2) if self.data_format == "channels_last" else (-2, -1)
        high, wide = (inputs.shape[a] * n for a, n in zip(axes, self.size, strict=True))
        return resized(inputs, axes, (high, wide), self.interpolation)


class UpSampling3D(Layer):
    """Every place of a volume several times.

    Args:
        size: how many times, an int or one an axis; default 2.
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, depth, rows, columns, channels) -> each spatial size times `size`

    Example:
        >>> UpSampling3D(2)(ops.ones((1, 2, 2, 2, 1))).shape
        (1, 4, 4, 4, 1)

    Source: keras.layers.UpSampling3D.
    """

    def __init__(
        self, size: Any = (2, 2, 2), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        place = f"UpSampling3D '{self.name}'"
        self.size = sizes_of(size, 3, f"{place}, `size`")
        self.data_format = format_of(data_format, place)
        self.input_spec = InputSpec(ndim=5)

    def call(self, inputs: Any) -> Any:
        """Return the inputs with every place repeated."""
        return _repeated(inputs, self.size, self.data_format)


def _repeated(inputs: Any, size: tuple[int, ...], data_format: str) -> Any:
    for axis, times in enumerate(size, 1 if data_format == "channels_last" else 2):
        inputs = ops.repeat(inputs, times, axis)
    return inputs
