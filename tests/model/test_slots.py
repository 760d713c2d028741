"""What a model expects as inputs: whether it scales them itself."""

from __future__ import annotations

import pytest

from ranvier import layers, ops
from ranvier.model import Model, Sequential
from ranvier.model.slots import is_scaled


class Tokens(layers.Layer):
    """A layer of the user's own with a table inside."""

    def __init__(self):
        super().__init__()
        self.parts = [layers.Embedding(10, 4)]

    def call(self, inputs):
        return self.parts[0](inputs)


class Plain(layers.Layer):
    """A layer of the user's own that takes numbers as they are."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(4)

    def call(self, inputs):
        return self.dense(inputs)


def stack(*inner):
    return Sequential([layers.Input((8, 8, 3)), *inner, layers.Conv2D(2, 3)])


def graph(function):
    x = layers.Input((8, 8, 3))
    return Model(x, layers.Conv2D(2, 3)(function(x)))


MODELS = {
    "bare": (lambda: stack(), False),
    "rescaled": (lambda: stack(layers.Rescaling(1 / 255)), True),
    "augmented_first": (
        lambda: stack(
            Sequential([layers.RandomFlip(), layers.RandomRotation(0.1)]),
            layers.Resizing(6, 6), layers.Rescaling(1 / 255),
        ),
        True,
    ),
    "augmented_only": (lambda: stack(Sequential([layers.RandomFlip()])), False),
    "scaled_inside": (lambda: stack(Sequential([layers.Rescaling(1 / 255)])), True),
    "arithmetic": (lambda: graph(lambda x: x / 255.0), True),
    "function": (lambda: stack(layers.Lambda(lambda x: ops.divide(x, 255.0))), True),
    "own_table": (lambda: Sequential([layers.Input((5,)), Tokens(), layers.Dense(2)]), True),
    "own_dense": (lambda: Sequential([layers.Input((5,)), Plain(), layers.Dense(2)]), False),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_models_that_scale_their_input_themselves(name):
    make, expected = MODELS[name]
    assert is_scaled(make()) is expected
