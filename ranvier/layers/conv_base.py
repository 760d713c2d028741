"""What convolution layers share: checked arguments, weights, bias and activation."""

from __future__ import annotations

from typing import Any

from .. import activations, constraints, initializers, ops, regularizers
from ..graph.errors import ArgumentError, ShapeError
from ..graph.whole import whole
from ..ops.filter import fits, format_of, padding_of, sizes_of
from .input_spec import InputSpec
from .layer import Layer


class ConvBase(Layer):
    """The base of convolution layers; `rank` is their number of spatial axes."""

    rank = 0
    paddings: tuple[str, ...] = ("valid", "same")

    def _take(
        self, kernel_size: Any, strides: Any, padding: Any, data_format: Any, dilation_rate: Any,
        activation: Any, use_bias: Any,
    ) -> None:  # fmt: skip
        """Check and keep what every convolution has."""
        place = self._place
        self.kernel_size, self.strides, self.dilation_rate = windows_of(
            self.rank, kernel_size, strides, dilation_rate, place
        )
        self.padding = padding_of(padding, place, self.paddings)
        self.data_format = format_of(data_format, place)
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.input_spec = InputSpec(min_ndim=self.rank + 2)
        self.bias: Any = None

    def _keep(self, names: str, initializer: Any, regularizer: Any, constraint: Any) -> None:
        """Keep what makes, penalizes and bounds one weight under its Keras names."""
        setattr(self, f"{names}_initializer", initializers.get(initializer))
        setattr(self, f"{names}_regularizer", regularizers.get(regularizer))
        setattr(self, f"{names}_constraint", constraints.get(constraint))

    def _weight(self, name: str, shape: tuple[int, ...], names: str = "") -> Any:
        """Make a weight with what `_keep` holds for it."""
        names = names or name
        return self.add_weight(
            name=name, shape=shape, initializer=getattr(self, f"{names}_initializer"),
            regularizer=getattr(self, f"{names}_regularizer"),
            constraint=getattr(self, f"{names}_constraint"),
        )  # fmt: skip

    def _count(self, name: str, value: Any) -> int:
        """Return a number of filters or the like, a positive int."""
        return whole(f"{self._place}, `{name}`", value, 1)

    def _channels(self, input_shape: Any) -> int:
        """Return the input's number of channels, which must stay what it is."""
        axis = -1 if self.data_format == "channels_last" else 1
        channels = input_shape[axis]
        if channels is None:
            raise ShapeError(
                f"{self._place}: axis {axis} of its input "
                f"{tuple(input_shape)} is open, but it says how many weights to make. Give Input "
                "its size."
            )
        self.input_spec = InputSpec(min_ndim=self.rank + 2, axes={axis: channels})
        return int(channels)

    def _check_windows(self, inputs: Any) -> None:
        """Refuse an input smaller than the kernel."""
        fits(inputs.shape, self.kernel_size, self.dilation_rate, self.padding, self.data_format,
             f"{self._place}, `kernel_size`")  # fmt: skip

    def _finished(self, y: Any) -> Any:
        """Return activation(y + bias)."""
        if self.bias is not None:
            shape = (-1,) if self.data_format == "channels_last" else (-1, *[1] * self.rank)
            y = ops.add(y, ops.reshape(self.bias, shape) if len(shape) > 1 else self.bias)
        return y if self.activation is None else self.activation(y)


def windows_of(
    rank: int, kernel_size: Any, strides: Any, dilation_rate: Any, place: str
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return sizes, steps and spacing of windows, an int for each axis, or raise ArgumentError."""
    sizes = sizes_of(kernel_size, rank, f"{place}, `kernel_size`")
    steps = sizes_of(strides, rank, f"{place}, `strides`")
    spacing = sizes_of(dilation_rate, rank, f"{place}, `dilation_rate`")
    if max(steps) > 1 and max(spacing) > 1:
        raise ArgumentError(
            f"{place}: got strides={strides!r} and dilation_rate={dilation_rate!r}; one of "
            "them must be 1."
        )
    return sizes, steps, spacing
