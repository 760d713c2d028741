"""Losses, metrics, layers, models and an optimizer as a reader of the books writes them.

`k` is ranvier or keras: the code is the same.
"""

from __future__ import annotations

from typing import Any


def classes(k: Any) -> dict[str, Any]:
    """Return all of them by name, as `custom_objects` takes them."""
    return {**_functions(k), **_small(k), **_metrics(k), **_layers(k), **_models(k)}


def huber(k: Any, threshold: float) -> Any:
    """Return a loss function that keeps its threshold in a closure."""

    def huber_fn(y_true: Any, y_pred: Any) -> Any:
        error = y_true - y_pred
        far = threshold * k.ops.abs(error) - threshold**2 / 2
        return k.ops.where(k.ops.abs(error) < threshold, k.ops.square(error) / 2, far)

    return huber_fn


def _functions(k: Any) -> dict[str, Any]:
    def my_softplus(z: Any) -> Any:
        return k.ops.log(1.0 + k.ops.exp(z))

    def my_uniform(shape: Any, dtype: Any = None) -> Any:
        return k.random.uniform(shape, -0.1, 0.1, dtype=dtype)

    def my_l1(weights: Any) -> Any:
        return k.ops.sum(k.ops.abs(0.01 * weights))

    def my_positive(weights: Any) -> Any:
        return weights * k.ops.cast(weights >= 0.0, "float32")

    return {f.__name__: f for f in (my_softplus, my_uniform, my_l1, my_positive, huber(k, 2.0))}


def _small(k: Any) -> dict[str, Any]:
    class HuberLoss(k.losses.Loss):
        def __init__(self, threshold: float = 1.0, **kwargs: Any) -> None:
            self.threshold = threshold
            super().__init__(**kwargs)

        def call(self, y_true: Any, y_pred: Any) -> Any:
            return huber(k, self.threshold)(y_true, y_pred)

        def get_config(self) -> Any:
            return {**super().get_config(), "threshold": self.threshold}

    class MyL1(k.regularizers.Regularizer):
        def __init__(self, factor: float) -> None:
            self.factor = factor

        def __call__(self, weights: Any) -> Any:
            return k.ops.sum(k.ops.abs(self.factor * weights))

        def get_config(self) -> Any:
            return {"factor": self.factor}

    class Halving(k.optimizers.schedules.LearningRateSchedule):
        def __init__(self, start: float) -> None:
            self.start = start

        def __call__(self, step: Any) -> Any:
            return self.start / (1.0 + k.ops.cast(step, "float32"))

        def get_config(self) -> Any:
            return {"start": self.start}

    class MyMomentum(k.optimizers.Optimizer):
        def __init__(
            self, learning_rate: Any = 0.001, momentum: float = 0.9, **kwargs: Any
        ) -> None:  # fmt: skip
            super().__init__(learning_rate=learning_rate, **kwargs)
            self.momentum = momentum

        def build(self, variables: Any) -> None:
            if self.built:
                return
            super().build(variables)
            self.speeds = [self.add_variable_from_reference(v, name="speed") for v in variables]

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            speed = self.speeds[self._get_variable_index(variable)]
            rate = k.ops.cast(learning_rate, variable.dtype)
            self.assign(speed, speed * self.momentum - gradient * rate)
            self.assign_add(variable, speed)

        def get_config(self) -> Any:
            return {**super().get_config(), "momentum": self.momentum}

    return {c.__name__: c for c in (HuberLoss, MyL1, Halving, MyMomentum)}


def _metrics(k: Any) -> dict[str, Any]:
    class HuberMetric(k.metrics.Metric):
        def __init__(self, threshold: float = 1.0, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.threshold = threshold
            self.huber_fn = huber(k, threshold)
            self.total = self.add_weight(name="total", initializer="zeros")
            self.count = self.add_weight(name="count", initializer="zeros")

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            values = self.huber_fn(y_true, y_pred)
            self.total.assign_add(k.ops.sum(values))
            self.count.assign_add(k.ops.sum(k.ops.ones_like(values)))

        def result(self) -> Any:
            return self.total / self.count

        def get_config(self) -> Any:
            return {**super().get_config(), "threshold": self.threshold}

    class HuberMean(k.metrics.Mean):
        def __init__(
            self, threshold: float = 1.0, name: str = "huber_mean", dtype: Any = None
        ) -> None:  # fmt: skip
            self.threshold = threshold
            self.huber_fn = huber(k, threshold)
            super().__init__(name=name, dtype=dtype)

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            super().update_state(self.huber_fn(y_true, y_pred), sample_weight)

        def get_config(self) -> Any:
            return {**super().get_config(), "threshold": self.threshold}

    return {c.__name__: c for c in (HuberMetric, HuberMean)}


def _layers(k: Any) -> dict[str, Any]:
    class MyDense(k.layers.Layer):
        def __init__(self, units: int, activation: Any = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.units = units
            self.activation = k.activations.get(activation)

        def build(self, batch_input_shape: Any) -> None:
            self.kernel = self.add_weight(
                name="kernel", shape=[batch_input_shape[-1], self.units], initializer="he_normal"
            )
            self.bias = self.add_weight(name="bias", shape=[self.units], initializer="zeros")

        def call(self, inputs: Any) -> Any:
            return self.activation(inputs @ self.kernel + self.bias)

        def compute_output_shape(self, batch_input_shape: Any) -> Any:
            return (*batch_input_shape[:-1], self.units)

        def get_config(self) -> Any:
            activation = k.activations.serialize(self.activation)
            return {**super().get_config(), "units": self.units, "activation": activation}

    class Three(k.layers.Layer):
        def call(self, inputs: Any) -> Any:
            a, b = inputs
            return a + b, a * b, a / (k.ops.abs(b) + 1.0)

    class Residual(k.layers.Layer):
        def __init__(self, depth: int, units: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.depth, self.units = depth, units
            self.hidden = [k.layers.Dense(units, activation="relu") for _ in range(depth)]

        def call(self, inputs: Any) -> Any:
            z = inputs
            for layer in self.hidden:
                z = layer(z)
            return inputs + z

        def get_config(self) -> Any:
            return {**super().get_config(), "depth": self.depth, "units": self.units}

    return {c.__name__: c for c in (MyDense, Three, Residual)}


def _models(k: Any) -> dict[str, Any]:
    residual = _layers(k)["Residual"]

    class ResidualRegressor(k.Model):
        def __init__(self, output_dim: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.output_dim = output_dim
            self.hidden1 = k.layers.Dense(7, activation="relu")
            self.block1, self.block2 = residual(2, 7), residual(2, 7)
            self.out = k.layers.Dense(output_dim)

        def call(self, inputs: Any) -> Any:
            z = self.hidden1(inputs)
            for _ in range(3):
                z = self.block1(z)
            return self.out(self.block2(z))

        def get_config(self) -> Any:
            return {**super().get_config(), "output_dim": self.output_dim}

    class Reconstructing(k.Model):
        def __init__(self, output_dim: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.output_dim = output_dim
            self.hidden = [k.layers.Dense(6, activation="relu") for _ in range(2)]
            self.out = k.layers.Dense(output_dim)
            self.reconstruct = k.layers.Dense(8)
            if k.__name__ == "ranvier":
                self.error = k.metrics.Mean(name="error")

        def call(self, inputs: Any, training: Any = None) -> Any:
            z = inputs
            for layer in self.hidden:
                z = layer(z)
            loss = k.ops.mean(k.ops.square(self.reconstruct(z) - inputs))
            self.add_loss(0.05 * loss)
            if training and k.__name__ == "ranvier":  # Keras on JAX refuses it
                self.error.update_state(loss)
            return self.out(z)

        def get_config(self) -> Any:
            return {**super().get_config(), "output_dim": self.output_dim}

    return {c.__name__: c for c in (ResidualRegressor, Reconstructing)}
