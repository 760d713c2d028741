"""Spatial dropout: while training, whole feature maps are set to 0, not single numbers."""

from __future__ import annotations

from typing import Any, ClassVar

from .. import random
from ..ops.filter import format_of
from .dropout import Dropout
from .input_spec import InputSpec


class SpatialDropout(Dropout):
    """The base of the three: one draw decides for all places of a feature map."""

    _ndim: ClassVar[int]

    def __init__(
        self,
        rate: float,
        data_format: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed=seed, name=name, dtype=dtype, **kwargs)
        self.data_format = format_of(data_format, self._place)
        self.input_spec = InputSpec(ndim=self._ndim)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return the inputs, some of their maps dropped if `training`."""
        if not training or self.rate == 0:
            return inputs
        shape = tuple(inputs.shape)
        channels = 1 if self.data_format == "channels_first" else len(shape) - 1
        mask = [s if a in (0, channels) else 1 for a, s in enumerate(shape)]
        return random.dropout(inputs, self.rate, mask, self.seed_generator)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        return {
            "rate": self.rate, "seed": self.seed, "name": self.name, "dtype": self.dtype,
            "data_format": self.data_format,
        }  # fmt: skip


class SpatialDropout1D(SpatialDropout):
    """Set a random share of the channels of each sequence to 0 while training.

    Neighbouring steps of a channel tell much the same, so dropping single numbers hides little.
    The rest is divided by 1 - rate.

    Args:
        rate: the share to drop, 0 <= rate <= 1.
        seed: an int for the same masks on each run; default None.
        name, dtype, **kwargs: as in all layers.

    Shape:
        (batch, steps, channels), and the same out.

    Raises:
        ArgumentError: if rate lies outside [0, 1].

    Example:
        >>> layer = SpatialDropout1D(0.5, seed=1)
        >>> y = layer([[[1.0, 1.0], [1.0, 1.0]]], training=True)
        >>> bool((y[:, 0] == y[:, 1]).all())
        True

    Source: keras.layers.SpatialDropout1D; Tompson et al. (2014). The masks drawn are not those of
    Keras.
    """

    _ndim = 3

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, None, seed, name, dtype, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments."""
        config = super().get_config()
        del config["data_format"]
        return config


class SpatialDropout2D(SpatialDropout):
    """Set a random share of the channels of each picture to 0 while training.

    Neighbouring pixels tell much the same, so dropping single numbers hides little. The rest is
    divided by 1 - rate.

    Args:
        rate: the share to drop, 0 <= rate <= 1.
        data_format: "channels_last" (default) or "channels_first".
        seed: an int for the same masks on each run; default None.
        name, dtype, **kwargs: as in all layers.

    Shape:
        (batch, height, width, channels), and the same out; channels second for "channels_first".

    Raises:
        ArgumentError: if rate lies outside [0, 1], or the format is unknown.

    Example:
        >>> SpatialDropout2D(0.5)([[[[1.0], [2.0]]]]).shape
        (1, 1, 2, 1)

    Source: keras.layers.SpatialDropout2D; Tompson et al. (2014). The masks drawn are not those of
    Keras.
    """

    _ndim = 4


class SpatialDropout3D(SpatialDropout):
    """Set a random share of the channels of each volume to 0 while training.

    Args:
        rate: the share to drop, 0 <= rate <= 1.
        data_format: "channels_last" (default) or "channels_first".
        seed: an int for the same masks on each run; default None.
        name, dtype, **kwargs: as in all layers.

    Shape:
        (batch, depth, height, width, channels), and the same out; channels second for
        "channels_first".

    Raises:
        ArgumentError: if rate lies outside [0, 1], or the format is unknown.

    Example:
        >>> SpatialDropout3D(0.5)([[[[[1.0], [2.0]]]]]).shape
        (1, 1, 1, 2, 1)

    Source: keras.layers.SpatialDropout3D; Tompson et al. (2014). The masks drawn are not those of
    Keras.
    """

    _ndim = 5
