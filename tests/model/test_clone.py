"""Copies of models."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from ranvier import metrics
from ranvier.graph.errors import ArgumentTypeError
from ranvier.graph.registry import register_keras_serializable
from ranvier.layers import RNN, Bidirectional, Dense, Input, Layer, StackedRNNCells, TimeDistributed
from ranvier.model import Model, Sequential
from ranvier.model.clone import clone_model


def test_a_stack(digits, classifier):
    x, _ = digits
    copy = clone_model(classifier)
    assert type(copy) is Sequential
    assert copy.layers[0] is not classifier.layers[0]
    assert not np.array_equal(copy.get_weights()[0], classifier.get_weights()[0])
    copy.set_weights(classifier.get_weights())
    assert np.array_equal(copy.predict(x, verbose=0), classifier.predict(x, verbose=0))
    assert not copy.compiled


def test_a_graph_with_shared_layers():
    a = Input((4,), name="a")
    shared = Dense(4, name="shared")
    model = Model(a, shared(shared(a)) + 1.0, name="twice")
    copy = clone_model(model)
    assert copy.name == "twice"
    assert len(copy.weights) == 2
    copy.set_weights(model.get_weights())
    x = np.ones((2, 4))
    assert np.array_equal(copy.predict(x, verbose=0), model.predict(x, verbose=0))


def test_a_function_for_layers(classifier):
    def wider(layer):
        config = layer.get_config()
        return Dense.from_config(config | {"units": config["units"] + 1})

    copy = clone_model(classifier, clone_function=wider)
    assert [layer.units for layer in copy.layers] == [9, 4]


def test_other_inputs(classifier):
    a = Input((12,), name="other")
    assert clone_model(classifier, input_tensors=a).input is a


@register_keras_serializable("test_clone")
class Sum(Layer):
    """A cell that adds up what it is given."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units
        self.kernel = Dense(units)

    def call(self, inputs, states=None):
        y = self.kernel(inputs)
        return y if states is None else (y + states[0], [y + states[0]])


def _inner(units=3):
    steps = Input((4,))
    return Model(steps, Dense(units)(steps))


@pytest.mark.parametrize(
    "make",
    [
        lambda: TimeDistributed(Sum()),
        lambda: TimeDistributed(_inner()),
        lambda: TimeDistributed(Sequential([Input((4,)), Dense(3)])),
        lambda: RNN(Sum()),
        lambda: RNN(StackedRNNCells([Sum(), Sum()])),
        lambda: Bidirectional(RNN(Sum())),
    ],
    ids=["own", "functional", "sequential", "cell", "cells", "two ways"],
)
def test_models_and_layers_of_ones_own_within_layers(make):
    model = Sequential([Input((5, 4)), make()])
    twin = clone_model(model)
    twin.set_weights(model.get_weights())
    x = np.ones((2, 5, 4))
    assert np.array_equal(twin.predict(x, verbose=0), model.predict(x, verbose=0))


class Own(Model):
    """A model that calls its layers itself."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units, self.hidden = units, Dense(units)

    def call(self, inputs):
        return self.hidden(inputs)


def test_a_model_written_as_a_class_is_made_from_its_config():
    model, x = Own(3, name="own"), np.ones((2, 4))
    model(x)
    twin = clone_model(model)
    assert (type(twin), twin.name, twin.units, twin.built) == (Own, "own", 3, False)
    twin(x)
    assert twin.hidden is not model.hidden and twin.count_params() == model.count_params()
    with pytest.raises(ArgumentTypeError, match="`clone_function`: it is for Seq.* A Own calls"):
        clone_model(model, clone_function=lambda layer: layer)
    with pytest.raises(ArgumentTypeError, match="`model`: got 3, expected a model"):
        clone_model(3)


def _pickled(protocol):
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


AGAIN = pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, *map(_pickled, (0, 1, 5))],
    ids=["copy", "deepcopy", "protocol 0", "protocol 1", "protocol 5"],
)  # fmt: skip


@AGAIN
@pytest.mark.parametrize("depth", [1, 100])
def test_a_copy_trains_by_itself(again, depth, digits):
    x, y = digits
    model = Sequential(
        [Input((12,)), *(Dense(4, "tanh") for _ in range(depth)), Dense(3, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, verbose=0)
    before = model.predict(x[:1], verbose=0)
    other = again(model)
    np.testing.assert_array_equal(other.predict(x[:1], verbose=0), before)
    other.fit(x, y, verbose=0)
    assert int(other.optimizer.iterations) == 2 * int(model.optimizer.iterations) == 6
    np.testing.assert_array_equal(model.predict(x[:1], verbose=0), before)
    assert not np.array_equal(other.predict(x[:1], verbose=0), before)


@AGAIN
def test_a_copy_of_a_part_has_variables_of_its_own(again, digits, classifier):
    classifier.compile("adam", "sparse_categorical_crossentropy")
    classifier.fit(*digits, verbose=0)
    mean = metrics.Mean()
    mean.update_state(3.0)
    for part in (classifier.layers[0], classifier.optimizer, mean):
        kept = [v.numpy() for v in part.variables]
        other = again(part)
        assert kept and other.get_config() == part.get_config()
        for mine, theirs, before in zip(part.variables, other.variables, kept, strict=True):
            assert np.array_equal(theirs.numpy(), before)
            theirs.assign(theirs.numpy() + 1)
            assert np.array_equal(mine.numpy(), before)
