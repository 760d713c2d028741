"""Merge: the base of layers that join several inputs element by element."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any

from .. import ops
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError, absent
from ..graph.mask import mask_of
from ..graph.shape import broadcast
from ..graph.structure import flatten
from .layer import Layer


class Merge(Layer):
    """Joins a list of inputs; shorter ones get axes of size 1 behind the batch axis.

    A subclass defines `merge(inputs)`.
    """

    #: How many inputs it takes: exactly this many, or any number if None.
    count: int | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def _converted(self, values: Any) -> Any:
        """Return each input as an array of its own, also where all are nested lists."""
        if isinstance(values, tuple) and len(values) > 1:
            raise ArgumentTypeError(
                f"{self._place}: got {len(values)} inputs one by one, "
                f"expected one list of them. Write {type(self).__name__}()([a, b])."
            )
        if isinstance(values, tuple) and len(values) == 1 and isinstance(values[0], (list, tuple)):
            return ([super(Merge, self)._converted(x) for x in values[0]],)
        return super()._converted(values)

    def build(self, input_shape: Any) -> None:
        """Check that the shapes fit together."""
        shapes = input_shape if isinstance(input_shape, (list, tuple)) else [input_shape]
        shapes = [shapes] if shapes and not isinstance(shapes[0], (list, tuple)) else list(shapes)
        self._check_shapes([tuple(s) for s in shapes])

    def _check_shapes(self, shapes: list[tuple[int | None, ...]]) -> None:
        try:
            broadcast(*(s[1:] for s in shapes))
        except ShapeError:
            raise ShapeError(
                f"{self._place}: got inputs of shapes {shapes}, expected "
                "equal sizes, or 1, on each axis."
            ) from None

    def call(self, inputs: Any) -> Any:
        """Return the inputs joined."""
        inputs = self._checked(inputs)
        rank = max(len(x.shape) for x in inputs)
        return self.merge([
            ops.expand_dims(x, tuple(range(1, 1 + rank - len(x.shape))))
            if len(x.shape) < rank else x for x in inputs
        ])  # fmt: skip

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where any mask says True; an input without one counts everywhere."""
        masks = flatten(previous_mask)
        if not masks or any(m is None for m in masks):
            return None
        return reduce(ops.logical_or, masks)

    def merge(self, inputs: list[Any]) -> Any:
        """Join inputs of one rank."""
        raise NotImplementedError

    def _checked(self, inputs: Any) -> list[Any]:
        place = self._place
        if not isinstance(inputs, (list, tuple)) or not inputs:
            raise ArgumentError(
                f"{place}: got {_shown(inputs)}, expected a list of inputs: {place.split()[0]}()"
                "([a, b])."
            )
        if self.count is not None and len(inputs) != self.count:
            raise ArgumentError(f"{place}: got {len(inputs)} inputs, expected {self.count}.")
        return list(inputs)


def _shown(inputs: Any) -> str:
    shape = getattr(inputs, "shape", None)
    return f"{inputs!r:.60}" if shape is None else f"one input of shape {tuple(shape)}"


def spread_mask(x: Any) -> Any:
    """Return the mask of an input, with axes of size 1 for those that it does not have, or None."""
    mask = mask_of(x)
    if mask is None or len(mask.shape) >= len(x.shape):
        return mask
    return ops.expand_dims(mask, tuple(range(len(mask.shape), len(x.shape))))


def joined_where_counted(join: Callable[[Any, Any], Any], inputs: list[Any]) -> Any:
    """Return inputs joined pair by pair; a step that one's mask leaves out is that of the other.

    For functions that have no neutral number to put there.
    """
    joined, counts = inputs[0], spread_mask(inputs[0])
    for x in inputs[1:]:
        mask = spread_mask(x)
        x = x if mask is None else ops.where(mask, x, joined)
        joined = joined if counts is None else ops.where(counts, joined, x)
        counts = None if mask is None or counts is None else ops.logical_or(counts, mask)
        joined = join(joined, x)
    return joined


if not TYPE_CHECKING:  # Keras 2 had more in a file of this name
    __getattr__ = absent(__name__, globals())
