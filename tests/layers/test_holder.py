"""What a layer holds: order and names of weights, freezing, setting."""

import numpy as np
import pytest

from ranvier import random
from ranvier.graph import Variable
from ranvier.graph.errors import ArgumentTypeError, ShapeError
from ranvier.layers import Dense, Layer
from tests.layers.block import Block


def test_weights_are_in_keras_order_and_named_by_their_path() -> None:
    layer = Block(name="block")
    layer(np.ones((2, 4)))
    assert [w.path for w in layer.weights] == [
        "block/gain", "block/total", "block/first/kernel", "block/first/bias",
    ]  # fmt: skip
    assert [w.name for w in layer.trainable_weights] == ["gain", "kernel", "bias"]
    assert [w.name for w in layer.non_trainable_weights] == ["total"]
    assert layer.variables[-1] is layer.drop.seed_generator.state
    assert len(layer.non_trainable_variables) == 2 and layer.count_params() == 1 + 1 + 12 + 3


def test_trainable_reaches_all_below_but_not_what_was_made_untrained() -> None:
    layer = Block()
    layer(np.ones((2, 4)))
    layer.trainable = False
    assert layer.trainable_weights == [] and not layer.parts[0].kernel.trainable
    assert len(layer.non_trainable_weights) == 4
    layer.trainable = True
    assert len(layer.trainable_weights) == 3 and not layer.total.trainable


def test_a_frozen_layer_freezes_the_weights_it_makes_later() -> None:
    layer = Dense(2, trainable=False)
    layer(np.ones((1, 3)))
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 2
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_sublayers_are_found_in_lists_that_grow_and_in_dicts() -> None:
    class Bag(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.many: list[Layer] = []
            self.named = {"x": Dense(1), "deep": [(Dense(1),)]}
            self.scale = Variable(2.0, name="scale")
            self.loose = [Variable(3.0)]
            self.generator = random.SeedGenerator(1)
            self.many.append(Dense(2))
            self.again = self.many[0]

    layer = Bag()
    assert [type(x) for x in layer._sublayers()] == [Dense, Dense, Dense]
    for part in layer._sublayers():
        part.build((None, 2))
    assert len(layer.weights) == 2 + 6
    assert len(layer.variables) == 2 + 6 + 1


def test_set_weights_teaches_and_changes_all_or_nothing() -> None:
    layer = Dense(2, name="head", kernel_initializer="zeros")
    with pytest.raises(ShapeError, match="'head', set_weights: got 1 arrays, expected 0.*none yet"):
        layer.set_weights([np.ones((3, 2))])
    layer.build((None, 3))
    with pytest.raises(ShapeError, match=r"got shape \(3,\) for 'head/bias', expected \(2,\)"):
        layer.set_weights([np.ones((3, 2)), np.ones(3)])
    assert layer.get_weights()[0].sum() == 0
    layer.set_weights([[[1, 2], [3, 4], [5, 6]], [7, 8]])
    assert layer.kernel.numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    held = layer.get_weights()
    held[0][...] = 0
    assert layer.get_weights()[0].sum() == 21


def test_numbers_in_place_of_a_weight_are_told():
    layer = Dense(1, name="d")
    layer.build((None, 2))
    kernel = layer.kernel
    for numbers in (np.zeros((2, 1)), [[0.0], [0.0]], 0.0, kernel.numpy(), kernel * 2):
        with pytest.raises(ArgumentTypeError, match=r"'d', `kernel`: .* layer.kernel.assign\(num"):
            layer.kernel = numbers
    assert layer.kernel is kernel and layer.weights[0] is kernel
    layer.bias = None  # a layer of the user's own may leave one out
