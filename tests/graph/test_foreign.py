"""Objects of Keras itself among Ranvier's: told with what to write, without Keras at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import layers, models, optimizers
from ranvier.errors import ArgumentError, ArgumentTypeError, TraceError
from ranvier.graph.foreign import instead


def made(name: str, module: str, **members: Any) -> Any:
    """Return an object of a class that Keras might have."""
    return type(name, (), {"__module__": f"keras.src.{module}", **members})()


def call(self: Any, *values: Any) -> None: ...


def at_step(self: Any, step: Any) -> None: ...


def relu(x: Any) -> Any:
    return x


relu.__module__ = "keras.src.activations.activations"
DENSE = made("Dense", "layers.core.dense")
SYMBOL = made("KerasTensor", "backend.common.keras_tensor", __array__=call, shape=(None, 3))
NET = made("Sequential", "models.sequential")


def compiled(**arguments: Any) -> None:
    model = ranvier.Sequential([layers.Dense(1)])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})
    model.fit(np.ones((2, 3)), np.ones(2), verbose=0)


@pytest.mark.parametrize(
    ("use", "way"),
    [
        (lambda: ranvier.Sequential([DENSE]), "Dense is Keras' own.*write ranvier.layers.Dense"),
        (lambda: ranvier.Sequential([NET]), "write ranvier.models.Sequential"),
        (lambda: ranvier.Sequential([SYMBOL]), "write ranvier.Input, and"),
        (lambda: layers.Dense(2)(SYMBOL), "write ranvier.Input, and"),
        (lambda: ranvier.Model(SYMBOL, SYMBOL), "write ranvier.Input, and"),
        (lambda: models.clone_model(NET), "write ranvier.models.Sequential"),
        (lambda: layers.Dense(2, relu), "activation: got.*write ranvier.activations.relu"),
        (lambda: layers.Dense(2, kernel_regularizer=made("L2", "regularizers", __call__=call)),
         "write ranvier.regularizers.L2"),
        (lambda: compiled(optimizer=made("Adam", "optimizers.adam")), "ranvier.optimizers.Adam"),
        (lambda: compiled(loss=made("Huber", "losses.losses", __call__=call)),
         "write ranvier.losses.Huber"),
        (lambda: compiled(metrics=[made("AUC", "metrics.auc", __call__=call)]),
         "`metrics`: got.*write ranvier.metrics.AUC"),
        (lambda: optimizers.SGD(made("CosineDecay", "optimizers.schedules.x", __call__=at_step)),
         "write ranvier.optimizers.schedules.CosineDecay"),
    ],
    ids=["layer", "model", "input", "call", "functional", "clone", "activation", "regularizer",
         "optimizer", "loss", "metric", "schedule"],
)  # fmt: skip
def test_what_is_of_keras_is_told(use: Callable[[], Any], way: str) -> None:
    with pytest.raises((ArgumentError, ArgumentTypeError), match=way):
        use()


def test_classes_derived_from_those_of_keras_and_others() -> None:
    own = type("Mine", (type(DENSE),), {"__module__": "__main__"})
    assert instead(own()) == " Mine derives from Keras' Dense: derive it from ranvier.layers.Dense."
    assert [instead(x) for x in (3, None, layers.Dense(2), np.sin, dict)] == [""] * 5


def test_functions_of_jax_say_what_functions_of_numpy_say() -> None:
    with pytest.raises(TraceError, match="A KerasTensor is a placeholder"):
        ranvier.Input((3,)).__jax_array__()
