"""What users forget in layers, losses and metrics of their own, and how they are told."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import losses, metrics, ops
from ranvier.errors import ShapeError, TraceError
from ranvier.layers import RNN, Conv1D, Dense, Input, Layer, Masking
from ranvier.model import Sequential

X, Y = np.ones((8, 3), np.float32), np.ones((8, 1), np.float32)


class Drift(Layer):
    """Keeps a running mean where only numbers of Python belong."""

    def __init__(self):
        super().__init__(name="drift")
        self.mean = 0.0

    def call(self, inputs):
        self.mean = 0.9 * self.mean + 0.1 * ops.mean(inputs)
        return inputs - self.mean


class Tally(metrics.Metric):
    """Sums up in an attribute."""

    def __init__(self):
        super().__init__(name="tally")
        self.total = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total += ops.sum(y_true)

    def result(self):
        return self.total


def net(*layers, **arguments):
    model = Sequential([Input((3,)), *layers, Dense(1)])
    model.compile("sgd", "mse", **arguments)
    return model


def test_a_layer_that_keeps_a_traced_value_is_told_with_the_attribute():
    with pytest.raises(TraceError, match=r"Drift 'drift', attribute `mean`.*self\.mean\.assign"):
        net(Drift()).fit(X, Y, verbose=0)


def test_a_metric_that_keeps_a_traced_value_is_told_with_the_attribute():
    with pytest.raises(TraceError, match=r"Tally 'tally', attribute `total`.*add_weight"):
        net(metrics=[Tally()]).fit(X, Y, verbose=0)


def test_an_attribute_that_nothing_reads_is_no_mistake():
    class Curious(Layer):
        def call(self, inputs):
            self.seen = inputs
            return inputs

    net(Curious()).fit(X, Y, verbose=0)


def test_shapes_that_a_metric_cannot_compare_are_those_of_y_and_the_output():
    model = Sequential([Input((3,)), Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["mae"])
    words = r"metric 'mae': y has shape \(rows,\), but the output has shape \(rows, 2\)"
    with pytest.raises(ShapeError, match=words):
        model.fit(X, np.zeros(8, int), verbose=0)


def test_shapes_that_a_loss_cannot_compare_are_those_of_y_and_the_output():
    model = Sequential([Input((None, 3)), Dense(2)])
    model.compile("sgd", "huber")
    words = r"loss 'huber': y has shape \(rows, 5, 2\), but the output has shape \(rows, 4, 2\)"
    with pytest.raises(ShapeError, match=words):
        model.fit(np.ones((8, 4, 3)), np.ones((8, 5, 2)), verbose=0)


def test_super_init_is_asked_for_in_losses_and_metrics():
    class Loss(losses.Loss):
        def __init__(self):
            self.factor = 1.0

        def call(self, y_true, y_pred):
            return y_true - y_pred

    class Metric(metrics.Mean):
        def __init__(self):
            self.factor = 1.0

    for attribute in (lambda: Loss().name, lambda: Metric().name):
        with pytest.raises(AttributeError, match=r"no attribute 'name' yet.*super\(\)\.__init__"):
            attribute()
    with pytest.raises(AttributeError, match="object has no attribute 'factor'"):
        losses.Huber().factor  # noqa: B018


def test_a_cell_that_returns_no_states_is_told_what_to_return():
    class Cell(Layer):
        state_size = 2

        def __init__(self):
            super().__init__()
            self.dense = Dense(2)

        def call(self, inputs, states):
            return self.dense(inputs)

    with pytest.raises(TraceError, match=r"`cell`: its call returned .*`return output, \[output\]"):
        RNN(Cell())(np.ones((2, 4, 3), np.float32))


def test_warnings_stand_at_the_line_of_the_user():
    model = net()
    model.layers[0].trainable = False
    with pytest.warns(UserWarning, match="after compile") as caught:
        model.fit(X, Y, verbose=0)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="does not pass on") as caught:
        Sequential([Input((4, 3)), Masking(), Conv1D(2, 2)])
    assert {one.filename for one in caught} == {__file__}
