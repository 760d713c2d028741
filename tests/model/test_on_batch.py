"""Single steps."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import DataError
from ranvier.layers import Dense, Input
from ranvier.model import Sequential


def test_train_on_batch_is_one_step_of_fit(digits, classifier):
    x, y = digits
    start = classifier.get_weights()
    loss, accuracy = classifier.train_on_batch(x, y)
    stepped = classifier.get_weights()
    classifier.set_weights(start)
    history = classifier.fit(x, y, batch_size=70, shuffle=False, verbose=0).history
    assert [loss] == history["loss"]
    assert [accuracy] == history["accuracy"]
    assert all(np.array_equal(a, b) for a, b in zip(stepped, classifier.get_weights(), strict=True))


def test_forms_of_the_result(digits, classifier):
    x, y = digits
    found = classifier.test_on_batch(x, y, return_dict=True)
    assert sorted(found) == ["accuracy", "loss"]
    assert classifier.test_on_batch(x, y) == [found["loss"], found["accuracy"]]
    assert sorted(classifier.train_on_batch(x, y, return_dict=True)) == ["accuracy", "loss"]


def test_weights_of_rows_and_classes(digits, classifier):
    x, y = digits
    start = classifier.get_weights()
    by_class = classifier.train_on_batch(x, y, class_weight={0: 0.0, 1: 1.0, 2: 3.0})
    classifier.set_weights(start)
    by_row = classifier.train_on_batch(x, y, sample_weight=np.array([0.0, 1.0, 3.0])[y])
    assert by_class == by_row


def test_batches_of_changing_size(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    losses = [model.train_on_batch(x[:n], y[:n]) for n in (1, 2, 5, 70, 5)]
    assert all(np.isfinite(losses))


def test_an_empty_batch(digits, classifier):
    with pytest.raises(DataError, match="no rows"):
        classifier.train_on_batch(digits[0][:0], digits[1][:0])
