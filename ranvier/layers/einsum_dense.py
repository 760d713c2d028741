"""EinsumDense: a dense layer whose product is written in Einstein's notation."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import activations, constraints, initializers, ops, regularizers
from ..graph.errors import ArgumentError
from .einsum_equation import EinsumEquation
from .input_spec import InputSpec
from .layer import Layer


class EinsumDense(Layer):
    """activation(einsum(equation, input, kernel) + bias).

    Args:
        equation: "inputs,kernel->outputs" with a letter an axis; "..." at one end of inputs and
            outputs stands for any axes.
        output_shape: the output's sizes without the batch and what "..." stands for, an int or
            several; None for a size of the input.
        activation: a name or a function; default None, nothing.
        bias_axes: the output's letters that the bias has; default None, no bias.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        kernel_constraint, bias_constraint: applied after each update.
        **kwargs: name, dtype, trainable, activity_regularizer.

    Shape:
        as the equation says

    Raises:
        ArgumentError: if the equation has another form, or `bias_axes` other letters.
        ShapeError: if input or `output_shape` do not fit the equation.

    Example:
        >>> EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")(
        ...     ops.ones((2, 3, 4))).shape
        (2, 3, 5)

    Source: keras.layers.EinsumDense.
    """

    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: Any = None,
        bias_axes: str | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        self._read = EinsumEquation.of(equation, self._place)
        self.equation, self.bias_axes = equation, bias_axes
        self.partial_output_shape = self._sizes(output_shape)
        self.activation = activations.get(activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.bias: Any = None

    def _sizes(self, value: Any) -> tuple[int | None, ...]:
        sizes = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        if all(s is None or (isinstance(s, (int, np.integer)) and s > 0) for s in sizes):
            return tuple(None if s is None else int(s) for s in sizes)
        raise ArgumentError(
            f"{self._place}, `output_shape`: got {value!r}, expected a positive int or several, "
            "None for sizes of the input."
        )

    def build(self, input_shape: Any) -> None:
        """Make the kernel and the bias, of the shapes that the equation says."""
        whole = self.compute_output_shape(input_shape)
        kernel, bias = self._read.weight_shapes(input_shape, whole, self.bias_axes, self._place)
        self.kernel = self.add_weight(
            name="kernel", shape=kernel, initializer=self._spread(self.kernel_initializer),
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        if bias is not None:
            self.bias = self.add_weight(
                name="bias", shape=bias, initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip
        self.input_spec = InputSpec(ndim=len(input_shape))

    def _spread(self, initializer: Any) -> Any:
        """Return the initializer with the summed axes as inputs, if it was not told otherwise."""
        if not isinstance(initializer, initializers.VarianceScaling) or not (
            initializer.input_axes is None or initializer.output_axes is None
        ):
            return initializer
        made = copy.copy(initializer)
        made.input_axes, made.output_axes = self._read.fans
        return made

    def call(self, inputs: Any, training: Any = None) -> Any:
        """Return activation(einsum(equation, inputs, kernel) + bias)."""
        y = ops.einsum(self.equation, inputs, self.kernel)
        if self.bias is not None:
            y = ops.add(y, self.bias)
        return y if self.activation is None else self.activation(y)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the shape that the equation and `output_shape` give."""
        return self._read.output_shape(input_shape, self.partial_output_shape, self._place)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments the layer was made with, as plain data."""
        return {**super().get_config(), "output_shape": self.partial_output_shape}
