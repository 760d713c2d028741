"""PReLU: a leaky ReLU whose slopes are trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import constraints, initializers, ops, regularizers
from ..graph.errors import ArgumentError, ShapeError
from .input_spec import InputSpec
from .layer import Layer


class PReLU(Layer):
    """x where it is positive, alpha * x elsewhere, with a trained alpha for each input.

    Args:
        alpha_initializer: default "zeros".
        alpha_regularizer: a penalty added to the loss.
        alpha_constraint: applied after each update.
        shared_axes: axes, counted from 1, along which one alpha serves all.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input.

    Example:
        >>> PReLU(alpha_initializer="ones")([[-2.0, 1.0]])
        array([[-2.,  1.]], dtype=float32)

    Source: keras.layers.PReLU; He et al., Delving deep into rectifiers (2015).
    """

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: int | Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes
        if axes is not None and not all(isinstance(a, int) and a > 0 for a in axes):
            raise ArgumentError(
                f"PReLU '{self.name}', `shared_axes`: got {shared_axes!r}, expected ints of at "
                "least 1 (axis 0 is the batch), for instance [1, 2]."
            )
        self.shared_axes = None if axes is None else list(axes)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make alpha, with size 1 along shared axes."""
        shared = self.shared_axes or ()
        sizes = [1 if i in shared else s for i, s in enumerate(input_shape)][1:]
        if None in sizes or any(a >= len(input_shape) for a in shared):
            raise ShapeError(
                f"PReLU '{self.name}': no alpha can be made for inputs of shape "
                f"{tuple(input_shape)} with shared_axes={self.shared_axes}. Share open axes."
            )
        self.alpha = self.add_weight(
            name="alpha", shape=sizes, initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer, constraint=self.alpha_constraint,
        )  # fmt: skip
        axes = {i: s for i, s in enumerate(input_shape) if i and i not in shared}
        self.input_spec = InputSpec(ndim=len(input_shape), axes=axes)

    def call(self, inputs: Any) -> Any:
        """Return the inputs, the negative ones times alpha."""
        below = ops.multiply(self.alpha, ops.relu(ops.negative(inputs)))
        return ops.subtract(ops.relu(inputs), below)
