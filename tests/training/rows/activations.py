"""Rows of the training table: activations of hidden layers."""

from __future__ import annotations

from typing import Any

from tests.training.data import NUMBER, X
from tests.training.net import plain
from tests.training.row import WHOLE, Row

#: Where the net starts with smaller weights, so that 200 steps do not run away.
_SMALL = {"exponential": 0.3, "log_softmax": 0.3}
#: Where it learns slower, for the same reason.
_SLOW = {"log_softmax": 0.002}
NAMES = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu",
    "hard_swish", "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish",
    "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign",
    "sparse_plus", "sparse_sigmoid", "squareplus", "swish", "tanh", "tanh_shrink",
)  # fmt: skip

#: Not as hidden layers: a step has no slope to train by, Keras' sparsemax adds up the wrong sums
#: (docs/decisions/values-against-keras.md), glu and threshold stand in the row "options".
LEFT_OUT = ("glu", "heaviside", "sparsemax", "threshold")


def _net(activation: str) -> Any:
    return lambda k: k.Sequential([
        k.Input((13,)),
        k.layers.Dense(17, activation=activation, name="first"),
        k.layers.Dense(9, activation=activation, name="second"),
        k.layers.Dense(1, name="out"),
    ])  # fmt: skip


def _options(k: Any) -> Any:
    """Functions with arguments, given as a user would."""
    a, layer = k.activations, k.layers
    return k.Sequential([
        k.Input((13,)),
        layer.Dense(11, activation=lambda x: a.relu(x, negative_slope=0.1, max_value=2.0)),
        layer.Dense(11, activation=lambda x: a.elu(x, alpha=0.5)),
        layer.Dense(11, activation=lambda x: a.gelu(x, approximate=True)),
        layer.Dense(11, activation=lambda x: a.leaky_relu(x, negative_slope=0.3)),
        layer.Dense(11, activation=lambda x: a.threshold(x, 0.2, -0.3)),
        layer.Dense(12, activation=a.tanh),
        layer.Lambda(lambda x: a.glu(x)),
        layer.Dense(1),
    ])  # fmt: skip


ROWS = {
    **{
        name: Row(
            _net(name),
            plain("mse", _SLOW.get(name, 0.02)),
            X,
            NUMBER,
            rows=WHOLE,
            start=_SMALL.get(name, 1.0),
        )  # fmt: skip
        for name in NAMES
    },
    "options": Row(_options, plain("mse", 0.02), X, NUMBER, rows=WHOLE),
}
