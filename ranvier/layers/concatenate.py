"""Concatenate: inputs side by side, as a layer and as a function."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentTypeError, ShapeError
from ..graph.shape import normal_axis
from .merge import Merge


class Concatenate(Merge):
    """Join a list of inputs along an axis.

    Args:
        axis: the axis to join along, counted with the batch axis; default -1.
        **kwargs: name, dtype.

    Shape:
        (batch, a), (batch, b) -> (batch, a + b)

    Raises:
        ShapeError: if sizes differ on another axis.

    Example:
        >>> import numpy as np
        >>> Concatenate()([np.ones((1, 2)), np.zeros((1, 1))])
        array([[1., 1., 0.]], dtype=float32)

    Source: keras.layers.Concatenate.
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def _check_shapes(self, shapes: list[tuple[int | None, ...]]) -> None:
        rank = len(shapes[0])
        at = normal_axis(self.axis, rank)
        rest = {s[1:at] + s[at + 1 :] if at else s[1:] for s in shapes}
        if len(rest) > 1 or any(len(s) != rank for s in shapes):
            raise ShapeError(
                f"Concatenate '{self.name}': got inputs of shapes {shapes}, expected equal sizes "
                f"but on axis {self.axis}."
            )

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the masks joined, or where any says True if features are joined."""
        masks = list(previous_mask) if isinstance(previous_mask, (list, tuple)) else []
        if all(m is None for m in masks):
            return None
        if normal_axis(self.axis, len(inputs[0].shape)) != 1 or len(inputs[0].shape) == 2:
            return super().compute_mask(inputs, masks)
        return ops.concatenate([
            ops.equal(ops.sum(ops.zeros_like(x), -1), 0.0) if m is None else m
            for x, m in zip(inputs, masks, strict=True)
        ], axis=1)  # fmt: skip

    def call(self, inputs: Any) -> Any:
        """Return the inputs joined."""
        return self.merge(self._checked(inputs))

    def merge(self, inputs: list[Any]) -> Any:
        """Return the inputs side by side."""
        return ops.concatenate(inputs, axis=self.axis)


def concatenate(inputs: Any, axis: int = -1, **kwargs: Any) -> Any:
    """Return the inputs joined along an axis; `Concatenate(axis, **kwargs)(inputs)`.

    Raises:
        ArgumentTypeError: for inputs one by one.
    """
    if getattr(axis, "shape", ()) != ():
        raise ArgumentTypeError(
            "concatenate: got inputs one by one, expected one list of them. Write "
            "concatenate([a, b])."
        )
    return Concatenate(axis=axis, **kwargs)(inputs)
