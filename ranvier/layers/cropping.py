"""Cropping1D, Cropping2D, Cropping3D: the ends of each row left out."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ShapeError
from ..ops.filter import format_of
from .ends import ends_of
from .input_spec import InputSpec
from .layer import Layer


class Cropping(Layer):
    """The base of Cropping1D, Cropping2D and Cropping3D."""

    rank = 0
    data_format = "channels_last"

    def call(self, inputs: Any) -> Any:
        """Return the inputs without their ends."""
        first = 1 if self.data_format == "channels_last" else 2
        sizes = inputs.shape[first : first + self.rank]
        key: list[slice] = [slice(None)] * len(inputs.shape)
        for axis, (n, (a, b)) in enumerate(zip(sizes, self._around, strict=True), first):
            if n is not None and a + b >= n:
                raise ShapeError(
                    f"{self._place}, `cropping`: got {self.cropping} for an "
                    f"input of shape {tuple(inputs.shape)}; nothing would be left."
                )
            key[axis] = slice(a, None if n is None else n - b)
        return ops.getitem(inputs, tuple(key))

    def _keep(self, cropping: Any) -> None:
        place = f"{self._place}, `cropping`"
        self._around = ends_of(cropping, self.rank, place)
        self.cropping: Any = self._around if self.rank > 1 else self._around[0]
        self.input_spec = InputSpec(ndim=self.rank + 2)


class Cropping1D(Cropping):
    """Sequences without their ends.

    Args:
        cropping: how many places, an int for all ends, or (before, after).
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, channels) -> (batch, new_steps, channels)

    Example:
        >>> Cropping1D(1)(ops.ones((1, 4, 3))).shape
        (1, 2, 3)

    Source: keras.layers.Cropping1D.
    """

    rank = 1

    def __init__(self, cropping: Any = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._keep(cropping)


class Cropping2D(Cropping):
    """Pictures without their ends.

    Args:
        cropping: how many places, an int for all ends, 2 for each axis, or 2 pairs (before, after).
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, rows, columns, channels) -> (batch, new_rows, new_columns, channels)

    Example:
        >>> Cropping2D(1)(ops.ones((1, 4, 4, 3))).shape
        (1, 2, 2, 3)

    Source: keras.layers.Cropping2D.
    """

    rank = 2

    def __init__(
        self, cropping: Any = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._keep(cropping)
        self.data_format = format_of(data_format, self._place)


class Cropping3D(Cropping):
    """Volumes without their ends.

    Args:
        cropping: how many places, an int for all ends, 3 for each axis, or 3 pairs (before, after).
        data_format: "channels_last" (default) or "channels_first".
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, a, b, c, channels) -> (batch, new_a, new_b, new_c, channels)

    Example:
        >>> Cropping3D(1)(ops.ones((1, 4, 4, 4, 3))).shape
        (1, 2, 2, 2, 3)

    Source: keras.layers.Cropping3D.
    """

    rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._keep(cropping)
        self.data_format = format_of(data_format, self._place)
