"""BatchNormalization: each feature moved and scaled to mean 0 and variance 1 over the batch."""

from __future__ import annotations

from typing import Any

from .. import initializers, ops
from ..graph.dtype import epsilon as smallest
from ..graph.dtype import is_float
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.shape import normal_axis
from .affine import add_affine, checked_epsilon, keep_affine, sizes_at
from .input_spec import InputSpec
from .layer import Layer
from .renorm import Renorm, checked_clipping, move


class BatchNormalization(Layer):
    """Normalize each feature over the batch while training, and by moving averages otherwise.

    output = (inputs - mean) / sqrt(variance + epsilon) * gamma + beta. While training these are
    the mean and the variance of the batch, and the averages move:
    moving = moving * momentum + batch * (1 - momentum). In `evaluate` and `predict`, and where
    the layer is frozen (trainable=False), mean and variance are the moving averages.

    Args:
        axis: the axis of the features; default -1.
        momentum: how much of the moving averages stays at each step; default 0.99.
        epsilon: added to the variance; default 1e-3.
        center: whether beta is added; default True.
        scale: whether gamma multiplies; default True.
        beta_initializer: default "zeros".
        gamma_initializer: default "ones".
        moving_mean_initializer: default "zeros".
        moving_variance_initializer: default "ones".
        beta_regularizer, gamma_regularizer: penalties added to the loss.
        beta_constraint, gamma_constraint: applied after each update.
        renorm: whether training too leans on moving averages (batch renormalization, for small
            batches); default False.
        renorm_clipping: bounds of its corrections: {"rmin": ..., "rmax": ..., "dmax": ...}.
        renorm_momentum: that of its own averages; default 0.99.
        synchronized: only False: there is one device.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        The output has the shape of the input; each weight is (features,).

    Raises:
        ArgumentError: if momentum lies outside [0, 1] or epsilon is negative.
        ShapeError: if the axis lies outside the input or has no size of its own.

    Example:
        >>> layer = BatchNormalization(epsilon=0.0, momentum=0.5)
        >>> layer([[1.0], [3.0]], training=True)
        array([[-1.],
               [ 1.]], dtype=float32)
        >>> float(layer.moving_mean[0])
        1.0

    Source: keras.layers.BatchNormalization; Ioffe and Szegedy, Batch Normalization (2015).
    """

    center: bool
    scale: bool
    gamma: Any
    beta: Any

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: dict[str, float] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        arguments = dict(locals())
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"BatchNormalization '{self.name}'"
        self.axis = _one_axis(axis, place)
        self.momentum = _share(momentum, place, "momentum")
        self.epsilon = float(checked_epsilon(epsilon, place))
        if synchronized:
            raise ArgumentError(
                f"{place}, `synchronized`: got True, expected False: the whole batch is on one "
                "device here, and its statistics are those of all of it."
            )
        self.synchronized = False
        keep_affine(self, arguments)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.renorm = bool(renorm)
        self.renorm_clipping = (
            checked_clipping(renorm_clipping or {}, place) if renorm else renorm_clipping
        )
        self.renorm_momentum = _share(renorm_momentum, place, "renorm_momentum")
        self.moving_mean: Any = None
        self.moving_variance: Any = None
        self._renorm: Renorm | None = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make gamma and beta, then the moving averages."""
        shape = sizes_at(self, input_shape, (self.axis,))
        add_affine(self, shape, self.scale, self.center)
        for name in ("moving_mean", "moving_variance"):
            made = self.add_weight(
                name=name, shape=shape, initializer=getattr(self, f"{name}_initializer"),
                trainable=False, autocast=False,
            )  # fmt: skip
            setattr(self, name, made)
        if self.renorm:
            self._renorm = Renorm(self, shape)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: shape[0]})

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return the inputs normalized; `mask` tells which rows (or steps) the statistics hear."""
        if not is_float(str(inputs.dtype)):
            inputs = ops.cast(inputs, self.compute_dtype)
        gamma, beta = self.gamma, self.beta
        mean, variance = self.moving_mean, self.moving_variance
        if training and self.trainable:
            mean, variance = self._moments(inputs, mask)
            if self._renorm is not None:
                gamma, beta = self._renorm.corrected(mean, variance, gamma, beta)
                self._renorm.update(mean, variance)
            else:
                move(self.moving_mean, mean, self.momentum)
                move(self.moving_variance, variance, self.momentum)
        return ops.batch_normalization(inputs, mean, variance, self.axis, beta, gamma, self.epsilon)

    def _moments(self, x: Any, mask: Any) -> tuple[Any, Any]:
        """Return mean and variance of the batch, of what the mask leaves."""
        axis = normal_axis(self.axis, len(x.shape))
        axes = [a for a in range(len(x.shape)) if a != axis]
        if mask is None:
            return ops.moments(x, axes)
        if len(mask.shape) != len(x.shape) - 1:
            raise ShapeError(
                f"BatchNormalization '{self.name}', `mask`: got shape {tuple(mask.shape)} for "
                f"inputs of shape {tuple(x.shape)}, expected one axis less than the inputs."
            )
        heard = ops.broadcast_to(ops.expand_dims(ops.cast(mask, str(x.dtype)), -1), x.shape)
        number = ops.add(ops.sum(heard, axes, keepdims=True), smallest())
        mean = ops.divide(ops.sum(ops.multiply(heard, x), axes, keepdims=True), number)
        away = ops.multiply(heard, ops.subtract(x, mean))
        variance = ops.divide(ops.sum(ops.square(away), axes, keepdims=True), number)
        return ops.reshape(mean, (x.shape[axis],)), ops.reshape(variance, (x.shape[axis],))


def _one_axis(axis: Any, place: str) -> int:
    if isinstance(axis, (list, tuple)) and len(axis) == 1:  # as Keras 2 wrote it into configs
        axis = axis[0]
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise ArgumentTypeError(
            f"{place}, `axis`: got {axis!r}, expected an int, the axis of the features, for "
            "instance axis=-1."
        )
    return axis


def _share(value: Any, place: str, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ArgumentError(
            f"{place}, `{name}`: got {value!r}, expected a number from 0 to 1, for instance "
            f"{name}=0.99."
        )
    return float(value)
