"""Softmax: scores become shares that sum to 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import activations, ops
from ..graph.errors import ShapeError
from ..graph.shape import broadcast
from .layer import Layer

#: What a masked score becomes before the exponential; Keras' number, far below any score.
_MASKED = -1e9


class Softmax(Layer):
    """exp(x) / sum(exp(x)) over an axis (or several).

    Args:
        axis: an int or several; default -1.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input; a mask fits it by broadcasting.

    Example:
        >>> Softmax()([[0.0, 0.0]])
        array([[0.5, 0.5]], dtype=float32)
        >>> Softmax()([[0.0, 0.0]], mask=[[True, False]])
        array([[1., 0.]], dtype=float32)

    Source: keras.layers.Softmax.
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Return the shares; those where `mask` is False are 0."""
        if mask is not None:
            shape = tuple(inputs.shape)
            if broadcast(tuple(mask.shape), shape) != shape:
                raise ShapeError(
                    f"Softmax '{self.name}', `mask`: got shape {tuple(mask.shape)}, which does "
                    f"not fit inputs of shape {shape}."
                )
            if str(mask.dtype) != "bool":
                mask = ops.greater(mask, 0.5)
            inputs = ops.where(mask, inputs, _MASKED)
        axes = self.axis if isinstance(self.axis, (list, tuple)) else (self.axis,)
        if len(axes) > 1:
            total = ops.logsumexp(inputs, axis=tuple(axes), keepdims=True)
            outputs = ops.exp(ops.subtract(inputs, total))
        else:
            outputs = activations.softmax(inputs, axis=axes[0])
        return outputs if mask is None else ops.where(mask, outputs, 0.0)
