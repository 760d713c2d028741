"""The nets of the float64 comparison, written for Keras and for Ranvier alike."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Four batches of sixteen rows an epoch, fifty epochs.
STEPS = 200
_RNG = np.random.default_rng(11)
_X = _RNG.normal(size=(64, 5))
DATA = {
    "x": _X,
    "class": np.argmax(_X[:, :3] + 0.3 * _RNG.normal(size=(64, 3)), axis=1),
    "one-hot": np.eye(3)[np.argmax(_X[:, :3], axis=1)],
    "bit": (_X[:, :1] > 0.2).astype("float64"),
    "number": np.sin(_X[:, :1]) + _X[:, 1:2] ** 2,
}


# No tanh here: Keras on JAX computes it, and a few more, in float32 whatever the float type is.
def _net(units: int, activation: str | None, hidden: str = "elu", **options: Any) -> Any:
    return lambda k: k.Sequential([
        k.Input((5,)),
        k.layers.Dense(7, activation=hidden, **options),
        k.layers.Dense(6, activation=hidden),
        k.layers.Dense(units, activation=activation),
    ])  # fmt: skip


CASES: dict[str, Any] = {
    "sgd": (_net(3, "softmax", "relu"), "categorical_crossentropy", "one-hot",
            lambda k: k.optimizers.SGD(0.05)),
    "momentum": (_net(1, "sigmoid", "silu"), "binary_crossentropy", "bit",
                 lambda k: k.optimizers.SGD(0.05, momentum=0.9, nesterov=True)),
    "adam": (_net(1, None), "mse", "number", lambda k: k.optimizers.Adam(0.003)),
    "rmsprop": (_net(1, None, "sigmoid"), "mae", "number", lambda k: k.optimizers.RMSprop(0.002)),
    "nadam": (_net(1, None, "sigmoid", kernel_regularizer="l2"), "mse", "number",
              lambda k: k.optimizers.Nadam(0.003)),
    "adamw": (_net(3, "softmax", "elu"), "categorical_crossentropy", "one-hot",
              lambda k: k.optimizers.AdamW(0.003, weight_decay=0.01)),
    "adagrad": (_net(1, None, "softplus"), "log_cosh", "number",
                lambda k: k.optimizers.Adagrad(0.05)),
    "adadelta": (_net(1, None, "selu"), "huber", "number",
                 lambda k: k.optimizers.Adadelta(0.5)),
    "adamax": (_net(1, "sigmoid", "silu"), "binary_crossentropy", "bit",
               lambda k: k.optimizers.Adamax(0.005)),
    "lion": (_net(1, None, "gelu"), "mse", "number", lambda k: k.optimizers.Lion(0.0005)),
    "clipped": (_net(1, None, activity_regularizer="l2"), "mse", "number",
                lambda k: k.optimizers.Adam(0.003, global_clipnorm=0.3)),
}  # fmt: skip
