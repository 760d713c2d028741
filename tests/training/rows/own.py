"""Rows of the training table: losses, metrics, activations and layers of the user's own."""

from __future__ import annotations

from typing import Any

from tests.training.data import LABELS, NUMBER, WEIGHTS, X
from tests.training.net import plain, stack
from tests.training.row import Row


def _loss(k: Any) -> Any:
    def pinball(y_true: Any, y_pred: Any) -> Any:
        error = y_true - y_pred
        return k.ops.mean(k.ops.maximum(0.3 * error, -0.7 * error), axis=-1)

    return pinball


def _loss_class(k: Any) -> Any:
    class Quartic(k.losses.Loss):
        """Errors to the power of four, squashed."""

        def call(self, y_true: Any, y_pred: Any) -> Any:
            return k.ops.mean(k.ops.log1p(k.ops.square(k.ops.square(y_pred - y_true))), axis=-1)

    return Quartic()


def _metric(k: Any) -> Any:
    def largest_error(y_true: Any, y_pred: Any) -> Any:
        return k.ops.max(k.ops.abs(y_true - y_pred), axis=-1)

    return largest_error


def _metric_class(k: Any) -> Any:
    class Signs(k.metrics.Metric):
        """The share of rows whose sign is right."""

        def __init__(self) -> None:
            super().__init__(name="signs")
            self.right = self.add_weight(name="right", initializer="zeros")
            self.seen = self.add_weight(name="seen", initializer="zeros")

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            same = k.ops.cast(y_true * y_pred > 0, "float32")
            self.right.assign_add(k.ops.sum(same))
            self.seen.assign_add(k.ops.sum(k.ops.ones_like(same)))

        def result(self) -> Any:
            return self.right / self.seen

    return Signs()


def _layer(k: Any) -> Any:
    class Gate(k.layers.Layer):
        """Each feature by a learned share, with a penalty on what passes."""

        def build(self, input_shape: Any) -> None:
            self.share = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="share")

        def call(self, inputs: Any) -> Any:
            passed = inputs * k.ops.sigmoid(self.share)
            self.add_loss(0.01 * k.ops.sum(k.ops.square(self.share)))
            self.add_loss(0.1 * k.ops.mean(k.ops.square(passed)))
            return passed

    return k.Sequential([k.Input((13,)), k.layers.Dense(9, "tanh"), Gate(), k.layers.Dense(1)])


def _activation(k: Any) -> Any:
    return k.Sequential([
        k.Input((13,)),
        k.layers.Dense(9, activation=lambda x: x * k.ops.tanh(k.ops.softplus(x))),
        k.layers.Lambda(lambda x: k.ops.where(x > 0.1, k.ops.sqrt(k.ops.abs(x)), 0.5 * x)),
        k.layers.Dense(1),
    ])  # fmt: skip


def _subclass(k: Any) -> Any:
    class Net(k.Model):
        """A model in words of its own."""

        def __init__(self) -> None:
            super().__init__()
            self.low = k.layers.Dense(9, "tanh", name="low")
            self.side = k.layers.Dense(9, name="side")
            self.out = k.layers.Dense(5, "softmax", name="out")

        def call(self, inputs: Any) -> Any:
            return self.out(self.low(inputs) + self.side(inputs))

    return Net()


def _regularizer(k: Any) -> Any:
    return lambda w: 0.01 * k.ops.sum(k.ops.abs(w) ** 1.5)


ROWS = {
    "loss function": Row(stack(1), plain(lambda k: _loss(k)), X, NUMBER,
                         {"sample_weight": WEIGHTS}),
    "loss class": Row(stack(1), plain(lambda k: _loss_class(k)), X, NUMBER),
    "metrics": Row(stack(1), plain("mse", metrics=lambda k: [_metric(k), _metric_class(k)],
                                   weighted_metrics=["mae"]), X, NUMBER,
                   {"sample_weight": WEIGHTS}, answers=True),
    "layer that adds losses": Row(_layer, plain("mse", metrics=["mae"]), X, NUMBER),
    "activation and lambda": Row(_activation, plain("mse"), X, NUMBER),
    "regularizer": Row(stack(1, kernel_regularizer=lambda k: _regularizer(k)), plain("mse"), X,
                       NUMBER),
    "subclass": Row(_subclass, plain("sparse_categorical_crossentropy", metrics=["accuracy"]), X,
                    LABELS, answers=True),
}  # fmt: skip
