"""LayerNormalization: each row moved and scaled to mean 0 and variance 1 over its features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..graph.shape import normal_axes
from .affine import add_affine, checked_axes, checked_epsilon, keep_affine, sizes_at
from .input_spec import InputSpec
from .layer import Layer


class LayerNormalization(Layer):
    """Normalize each row over its own features, then scale and shift each feature.

    output = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta, with mean and variance
    over `axis`: nothing is shared between rows, so training and inference are the same.

    Args:
        axis: the axis (or axes) of the mean; default -1.
        epsilon: added to the variance; default 1e-3.
        center: whether beta is added; default True.
        scale: whether gamma multiplies; default True.
        beta_initializer: default "zeros".
        gamma_initializer: default "ones".
        beta_regularizer, gamma_regularizer: penalties added to the loss.
        beta_constraint, gamma_constraint: applied after each update.
        rms_scaling: as in Keras: divide by the standard deviation only; default False.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input; gamma and beta have the sizes of `axis`.

    Raises:
        ArgumentTypeError: if axis is no int or list of ints.
        ShapeError: if an axis lies outside the input.

    Example:
        >>> LayerNormalization(epsilon=0.0)([[1.0, 3.0]])
        array([[-1.,  1.]], dtype=float32)

    Source: keras.layers.LayerNormalization; Ba et al., Layer Normalization (2016).
    """

    center: bool
    scale: bool
    gamma: Any
    beta: Any

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        rms_scaling: bool = False,
        **kwargs: Any,
    ) -> None:
        arguments = dict(locals())
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"LayerNormalization '{self.name}'"
        self.axis = checked_axes(axis, place)
        self.epsilon = checked_epsilon(epsilon, place)
        self.rms_scaling = bool(rms_scaling)
        keep_affine(self, arguments)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta, of the sizes of the axes."""
        self.axis = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        shape = sizes_at(self, input_shape, self.axis)
        rms = self.rms_scaling
        add_affine(self, shape, self.scale or rms, self.center and not rms)

    def call(self, inputs: Any) -> Any:
        """Return the inputs normalized over the axes."""
        if not self.rms_scaling:
            return ops.layer_normalization(inputs, self.gamma, self.beta, self.axis, self.epsilon)
        axes = normal_axes(self.axis, len(inputs.shape))
        _, variance = ops.moments(inputs, axes, keepdims=True)
        line = [s if a in axes else 1 for a, s in enumerate(inputs.shape)]
        factor = ops.multiply(
            ops.rsqrt(ops.add(variance, self.epsilon)), ops.reshape(self.gamma, line)
        )
        return ops.multiply(inputs, factor)
