"""Normalization: inputs moved and scaled to mean 0 and variance 1, as found in data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import ops
from ..graph.array import Array
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, NotBuiltError, ShapeError, absent
from ..graph.shape import normal_axis
from .batches import batches_of
from .convert import numbers_of
from .input_spec import InputSpec
from .layer import Layer
from .number import checked_numbers


class Normalization(Layer):
    """(inputs - mean) / max(sqrt(variance), epsilon), with numbers that `adapt` finds in data.

    Args:
        axis: the axis (or axes) with a mean for each place; default -1, each feature. None: one
            mean for everything.
        mean, variance: the numbers, instead of `adapt`; give both.
        invert: undo a normalization instead; default False.
        **kwargs: name, dtype, input_shape.

    Shape:
        The output has the shape of the input.

    Raises:
        ArgumentError: if only one of mean and variance is given, or one is no number.

    Example:
        >>> layer = Normalization()
        >>> layer.adapt([[1.0, 10.0], [3.0, 30.0]])
        >>> layer([[1.0, 30.0]])
        array([[-1.,  1.]], dtype=float32)

    Source: keras.layers.Normalization. Sums are taken in float64 here.
    """

    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"Normalization '{self.name}'"
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        if (mean is None) != (variance is None):
            raise ArgumentError(
                f"{place}: got only `{'variance' if mean is None else 'mean'}`, expected both "
                "`mean` and `variance`, or neither and a call of adapt(data)."
            )
        if mean is not None:
            checked_numbers(mean, place, "mean")
            checked_numbers(variance, place, "variance", 0)
        if mean is not None and np.shape(mean) != np.shape(variance):
            raise ShapeError(
                f"{place}: got `mean` of shape {np.shape(mean)} and `variance` of shape "
                f"{np.shape(variance)}, expected equal shapes."
            )
        self.input_mean, self.input_variance, self.invert = mean, variance, bool(invert)
        self._fixed: tuple[np.ndarray, np.ndarray] | None = None
        self._kept: tuple[int, ...] = ()
        self._wide: tuple[int, ...] = ()
        self.supports_masking = True

    # --- numbers ----------------------------------------------------------------------------
    def build(self, input_shape: Any) -> None:
        """Make mean, variance and count, or fit the numbers given to the inputs."""
        rank = len(input_shape)
        self._kept = tuple(sorted(normal_axis(a, rank) for a in self.axis))
        sizes = [input_shape[a] for a in self._kept]
        if None in sizes:
            raise ShapeError(
                f"Normalization '{self.name}', `axis`: {self.axis} of inputs of shape "
                f"{tuple(input_shape)} is open. Name axes of known size, or axis=None."
            )
        self._wide = tuple(input_shape[a] if a in self._kept else 1 for a in range(rank))
        if self.input_mean is not None:
            self._fixed = (self._spread(self.input_mean), self._spread(self.input_variance))
            return
        for name, initializer, dtype in (
            ("mean", "zeros", None), ("variance", "ones", None), ("count", "zeros", "int32"),
        ):  # fmt: skip
            self.add_weight(
                name=name, shape=sizes if name != "count" else (), initializer=initializer,
                dtype=dtype, trainable=False,
            )  # fmt: skip

    def _spread(self, value: Any) -> np.ndarray:
        """Return a number a place of the kept axes, the last of them first to be filled."""
        array = np.asarray(value, self.compute_dtype)
        shape = [1] * len(self._wide)
        for size, axis in zip(reversed(array.shape), reversed(self._kept), strict=False):
            shape[axis] = size
        try:
            return np.broadcast_to(array.reshape(shape), self._wide).copy()
        except ValueError:
            raise ShapeError(
                f"Normalization '{self.name}', `mean`, `variance`: got shape {array.shape}, "
                f"expected {tuple(self._wide[a] for a in self._kept)}, a number for each place of "
                f"axis {self.axis}."
            ) from None

    def _numbers(self) -> tuple[Any, Any]:
        if self._fixed is not None:
            return self._fixed
        if not self.built:
            raise NotBuiltError(
                f"Normalization '{self.name}' has no numbers yet. Call adapt(data) first."
            )
        mean, variance, _ = self._non_trainable_variables
        return ops.reshape(mean, self._wide), ops.reshape(variance, self._wide)

    @property
    def mean(self) -> Any:
        """The mean, in a shape that fits the inputs; None before the layer is built."""
        return Array.of(self._numbers()[0]) if self.built else None

    @property
    def variance(self) -> Any:
        """The variance, in a shape that fits the inputs; None before the layer is built."""
        return Array.of(self._numbers()[1]) if self.built else None

    @property
    def adapted(self) -> bool:
        """Whether mean and variance are others than the 0 and 1 that the layer begins with."""
        if not self.built:
            return False
        mean, variance = (np.asarray(value) for value in self._numbers())
        return bool((mean != 0).any() or (variance != 1).any())

    # --- data -------------------------------------------------------------------------------
    def adapt(self, data: Any) -> None:
        """Find mean and variance of data, forgetting those found before.

        Args:
            data: an array, a data frame, nested lists, or an iterable of batches (of which a
                tuple's first part counts).

        Raises:
            ArgumentError: if the layer was given its numbers.
            ShapeError: if the data do not fit, or hold no row.
        """
        place = f"Normalization '{self.name}', adapt"
        if self.input_mean is not None:
            raise ArgumentError(f"{place}: mean and variance were given; leave them out to adapt.")
        count = 0
        mean: Any = np.float64(0)
        square: Any = np.float64(0)
        nested = isinstance(data, (list, tuple)) and bool(data) and not _is_batch(data[0])
        for part, _ in batches_of(data, place, nested):
            batch = numbers_of(part, place)
            if not self.built:
                if batch.ndim == 1 and self.axis:
                    raise ShapeError(
                        f"{place}: got data of shape {batch.shape}, expected rows of features. "
                        "Give x.reshape(-1, 1) for one feature, or make the layer with axis=None."
                    )
                self.build((None, *batch.shape[1:]))
            self._check(batch, place)
            others = tuple(a for a in range(batch.ndim) if a not in self._kept)
            rows = int(np.prod([batch.shape[a] for a in others], dtype=np.int64))
            if rows == 0:
                continue
            here = np.mean(batch, axis=others, dtype=np.float64)
            spread = np.var(batch, axis=others, dtype=np.float64) * rows
            # Chan, Golub and LeVeque (1983): sums of squares of two parts, joined.
            step = here - mean
            square = square + spread + step**2 * (count * rows / (count + rows))
            mean = mean + step * (rows / (count + rows))
            count += rows
        if count == 0:
            raise ShapeError(f"{place}: got no data. Give an array with at least one row.")
        self._non_trainable_variables[0].assign(mean)
        self._non_trainable_variables[1].assign(square / count)

    def _check(self, batch: Any, place: str) -> None:
        same_rank = len(batch.shape) == len(self._wide)
        sizes = tuple(batch.shape[a] for a in self._kept) if same_rank else None
        wanted = tuple(self._wide[a] for a in self._kept)
        if sizes != wanted:
            raise ShapeError(
                f"{place}: got data of shape {batch.shape}, but the layer has a mean for each of "
                f"{wanted} along axis {self.axis}."
            )

    def call(self, inputs: Any) -> Any:
        """Return the inputs normalized (or the reverse, if made with invert=True)."""
        mean, variance = self._numbers()
        x = ops.cast(inputs, self.compute_dtype)
        pairs = zip(x.shape, self._wide, strict=False) if len(x.shape) == len(self._wide) else ()
        if any(size is not None and size != wide and 1 not in (size, wide) for size, wide in pairs):
            self._check(x, self._place)
        spread = ops.maximum(ops.sqrt(variance), epsilon())
        if self.invert:
            return ops.add(mean, ops.multiply(x, spread))
        return ops.divide(ops.subtract(x, mean), spread)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; numbers as lists."""
        config = super().get_config()
        config["mean"] = None if self.input_mean is None else np.asarray(self.input_mean).tolist()
        config["variance"] = (
            None if self.input_variance is None else np.asarray(self.input_variance).tolist()
        )
        return config


def _is_batch(part: Any) -> bool:
    """Tell an array, or a pair that begins with one, from a row of numbers."""
    first = part[0] if isinstance(part, tuple) and part else part
    return hasattr(first, "shape") and len(first.shape) > 0


if not TYPE_CHECKING:  # Keras 2 had more in a file of this name
    __getattr__ = absent(__name__, globals())
