"""Dense: every output is a weighted sum of all inputs."""

from __future__ import annotations

from typing import Any

from .. import activations, constraints, initializers, ops, regularizers
from ..graph.errors import ShapeError
from ..graph.whole import whole
from .input_spec import InputSpec
from .layer import Layer


class Dense(Layer):
    """A fully connected layer over the last axis.

    output = activation(input @ kernel + bias)

    Args:
        units: how many outputs, a positive int.
        activation: a name or a function; default None, the sum as it is.
        use_bias: whether a bias is added; default True.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output, divided by the batch size.
        kernel_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, ..., n) -> (batch, ..., units)

    Raises:
        ArgumentError: if units is no positive int.
        ShapeError: if the last axis of the input changes.

    Example:
        >>> layer = Dense(2, kernel_initializer="ones", use_bias=False)
        >>> layer([[1.0, 2.0, 3.0]])
        array([[6., 6.]], dtype=float32)

    Source: keras.layers.Dense.
    """

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.units = whole(
            f"Dense '{self.name}', `units`", units, 1,
            "Give the number of outputs, for instance units=10.",
        )  # fmt: skip
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(min_ndim=2)
        self.bias: Any = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the kernel (n, units) and the bias (units,)."""
        size = input_shape[-1]
        if size is None:
            raise ShapeError(
                f"Dense '{self.name}': the last axis of its input {tuple(input_shape)} is open, "
                "but it says how many weights to make. Give Input its size."
            )
        self.kernel = self.add_weight(
            name="kernel", shape=(size, self.units), initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(self.units,), initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip
        self.input_spec = InputSpec(min_ndim=2, axes={-1: size})

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return activation(inputs @ kernel + bias)."""
        y = ops.matmul(inputs, self.kernel)
        if self.bias is not None:
            y = ops.add(y, self.bias)
        return y if self.activation is None else self.activation(y)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the input's shape with `units` as its last size."""
        return (*tuple(input_shape)[:-1], self.units)
