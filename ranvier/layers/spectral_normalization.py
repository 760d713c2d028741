"""SpectralNormalization: a layer whose kernel is kept at a largest singular value of 1."""

from __future__ import annotations

from typing import Any

from .. import initializers, ops
from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.whole import whole
from .input_spec import InputSpec
from .layer import Layer


class SpectralNormalization(Layer):
    """Divide the kernel of a layer by its largest singular value at each training step.

    kernel = kernel / sigma, sigma = v @ kernel @ u.T, with u and v from power iterations that go
    on from step to step. The gradient and the update are those of the divided kernel.

    Args:
        layer: a layer with a `kernel` (Dense, convolutions) or `embeddings`.
        power_iterations: how often u and v are refined at each step; default 1.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        Those of the layer inside.

    Raises:
        ArgumentTypeError: if `layer` is no layer.
        ArgumentError: if power_iterations is no positive int, or the layer has no kernel.

    Example:
        >>> from ranvier.layers import Dense
        >>> layer = SpectralNormalization(Dense(1), power_iterations=5)
        >>> _ = layer([[3.0, 4.0]], training=True)
        >>> round(float((layer.kernel.numpy() ** 2).sum()), 4)
        1.0

    Source: keras.layers.SpectralNormalization (with TensorFlow; on JAX `fit` forgets the division
    after each step); Miyato et al., Spectral normalization for GANs (2018).
    """

    def __init__(self, layer: Any, power_iterations: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        place = f"SpectralNormalization '{self.name}'"
        if not isinstance(layer, Layer):
            raise ArgumentTypeError(
                f"{place}, `layer`: got {layer!r:.60}, expected a layer, for instance Dense(10)."
            )
        self.layer = layer
        self.power_iterations = whole(f"{place}, `power_iterations`", power_iterations, 1)

    def build(self, input_shape: Any) -> None:
        """Build the layer inside, and make the vector u."""
        if not self.layer.built:
            self.layer.build(input_shape)
        self.input_spec = InputSpec(min_ndim=1, axes={-1: input_shape[-1]})
        kernel = vars(self.layer).get("kernel", vars(self.layer).get("embeddings"))
        if kernel is None:
            raise ArgumentError(
                f"SpectralNormalization '{self.name}', `layer`: got a {type(self.layer).__name__}, "
                "expected a layer with a `kernel` or `embeddings`, for instance Dense(10)."
            )
        self.kernel = kernel
        self.vector_u = self.add_weight(
            name="vector_u", shape=(1, kernel.shape[-1]), dtype=kernel.dtype, trainable=False,
            initializer=initializers.TruncatedNormal(stddev=0.02),
        )  # fmt: skip

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Return what the layer inside makes of the inputs, its kernel divided if `training`."""
        if training:
            u, kernel = self.normalized_weights()
            self.vector_u.assign(u)
            # The value of the divided kernel, the slope of the kernel itself.
            away = ops.stop_gradient(ops.subtract(kernel, self.kernel))
            self.kernel.assign(ops.add(self.kernel, away))
        return ops.cast(self.layer(inputs), str(inputs.dtype))

    def normalized_weights(self) -> tuple[Any, Any]:
        """Return u refined and the kernel divided; both as they are if the kernel is all 0."""
        weights = ops.reshape(self.kernel, (-1, self.kernel.shape[-1]))
        u = self.vector_u
        for _ in range(self.power_iterations):
            v = ops.normalize(ops.matmul(u, ops.transpose(weights)), axis=None)
            u = ops.normalize(ops.matmul(v, weights), axis=None)
        sigma = ops.reshape(ops.matmul(ops.matmul(v, weights), ops.transpose(u)), ())
        empty = ops.all(ops.equal(self.kernel, 0))
        kernel = ops.divide(self.kernel, ops.where(empty, 1.0, sigma))
        return ops.where(empty, self.vector_u, u), kernel
