"""Multiply: the product of the inputs, as a layer and as a function."""

from __future__ import annotations

from functools import reduce
from typing import Any

from .. import ops
from .merge import Merge, spread_mask


class Multiply(Merge):
    """Return the product of the inputs, element by element.

    input_1 * input_2 * ...

    A step that the mask of one input leaves out counts as 1, one that all leave out is 0.

    Args:
        **kwargs: name, dtype.

    Shape:
        a list of arrays that broadcast -> their common shape

    Raises:
        ShapeError: if sizes differ and neither is 1.

    Example:
        >>> Multiply()([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[3., 8.]], dtype=float32)

    Source: keras.layers.Multiply.
    """

    def merge(self, inputs: list[Any]) -> Any:
        """Return the product of the inputs."""
        masks = [spread_mask(x) for x in inputs]
        product = reduce(ops.multiply, [
            x if mask is None else ops.where(mask, x, ops.ones_like(x))
            for x, mask in zip(inputs, masks, strict=True)
        ])  # fmt: skip
        if any(mask is None for mask in masks):
            return product
        return ops.where(reduce(ops.logical_or, masks), product, ops.zeros_like(product))


def multiply(inputs: Any, **kwargs: Any) -> Any:
    """Return the product of the inputs; `Multiply(**kwargs)(inputs)`."""
    return Multiply(**kwargs)(inputs)
