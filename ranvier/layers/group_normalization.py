"""GroupNormalization: each row moved and scaled to mean 0 and variance 1, group by group."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph import budget
from ..graph.errors import ArgumentError, ShapeError
from ..graph.shape import normal_axis
from .affine import add_affine, checked_epsilon, keep_affine, sizes_at
from .input_spec import InputSpec
from .layer import Layer


class GroupNormalization(Layer):
    """Normalize each row over groups of its channels, then scale and shift each channel.

    output = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta, with a mean and a variance
    for each row and group, over the group's channels and all places

    Args:
        groups: how many groups; default 32. One is layer normalization over everything but the
            rows, -1 a group for each channel (instance normalization).
        axis: the axis of the channels; default -1.
        epsilon: added to the variance; default 1e-3.
        center: whether beta is added; default True.
        scale: whether gamma multiplies; default True.
        beta_initializer: default "zeros".
        gamma_initializer: default "ones".
        beta_regularizer, gamma_regularizer: penalties added to the loss.
        beta_constraint, gamma_constraint: applied after each update.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input; gamma and beta are (channels,).

    Raises:
        ArgumentError: if groups is no positive int and not -1.
        ShapeError: if the channels cannot be divided into that many groups.

    Example:
        >>> GroupNormalization(groups=2, epsilon=0.0)([[1.0, 3.0, 10.0, 30.0]])
        array([[-1.,  1., -1.,  1.]], dtype=float32)

    Source: keras.layers.GroupNormalization; Wu and He, Group Normalization (2018).
    """

    center: bool
    scale: bool
    gamma: Any
    beta: Any

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        arguments = dict(locals())
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"GroupNormalization '{self.name}'"
        if not isinstance(groups, int) or isinstance(groups, bool) or groups < 1 and groups != -1:
            raise ArgumentError(
                f"{place}, `groups`: got {groups!r}, expected a positive int, or -1 for a group "
                "for each channel."
            )
        self.groups, self.axis = groups, int(axis)
        self.epsilon = checked_epsilon(epsilon, place)
        keep_affine(self, arguments)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta, a number for each channel."""
        (channels,) = sizes_at(self, input_shape, (self.axis,))
        if self.groups == -1:
            self.groups = channels
        if channels % self.groups:
            raise ShapeError(
                f"GroupNormalization '{self.name}', `groups`: got {self.groups} for {channels} "
                f"channels (axis {self.axis} of {tuple(input_shape)}), expected a number that "
                f"divides them, for instance groups={_divisor(channels, self.groups)}."
            )
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels})
        add_affine(self, (channels,), self.scale, self.center)

    def call(self, inputs: Any) -> Any:
        """Return the inputs normalized over each group."""
        shape, rank = tuple(inputs.shape), len(inputs.shape)
        at = normal_axis(self.axis, rank)
        parts = (self.groups, shape[at] // self.groups)
        x = ops.reshape(inputs, (*shape[:at], *parts, *shape[at + 1 :]))
        axes = [a for a in range(1, rank + 1) if a != at]
        mean, variance = ops.moments(x, axes, keepdims=True)
        factor = ops.rsqrt(ops.add(variance, self.epsilon))
        line = (*(1 for _ in range(at)), *parts, *(1 for _ in range(at + 1, rank)))
        if self.gamma is not None:
            factor = ops.multiply(factor, ops.reshape(self.gamma, line))
        x = ops.multiply(ops.subtract(x, mean), factor)
        if self.beta is not None:
            x = ops.add(x, ops.reshape(self.beta, line))
        return ops.reshape(x, shape)


def _divisor(n: int, wanted: int) -> int:
    """Return the largest divisor of n that is at most `wanted`."""
    budget.constant((n,), 64)  # as many are tried
    return next(d for d in range(min(n, wanted), 0, -1) if n % d == 0)
