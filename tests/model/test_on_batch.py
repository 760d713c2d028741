"""Single steps."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import DataError, ShapeError
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


# --- what batches like the one before must notice -------------------------------------------------
@pytest.fixture
def small():
    model = Sequential([Input((4,)), Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def some(rows=6):
    return np.ones((rows, 4), np.float32), np.arange(rows) % 3


def test_each_batch_is_checked(small):
    x, y = some()
    for step in (small.train_on_batch, small.test_on_batch):
        step(x, y)
        with pytest.raises(DataError, match="row 2 holds 3"):
            step(x, np.array([0, 1, 3, 0, 0, 0]))
        with pytest.raises(DataError, match="has 5 rows"):
            step(x, y[:5])
        with pytest.raises(DataError, match="no rows"):
            step(x[:0], y[:0])
        with pytest.raises(ShapeError):
            step(x[:, :3], y)
        step(x, y)


def test_forms_of_data_in_turn(small):
    x, y = some()
    want = small.test_on_batch(x, y)
    for form in (x.astype(np.float64), x.astype(np.uint8), x.tolist(), np.asfortranarray(x)):
        for labels in (y, y[:, None], y.astype(np.uint8), y.tolist()):
            for _ in range(2):
                assert small.test_on_batch(form, labels) == want
                assert small.predict_on_batch(form).shape == (6, 3)


def test_a_target_without_its_last_axis():
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((6, 4), np.float32), np.arange(6.0)
    want = model.test_on_batch(x, y[:, None])
    assert [model.test_on_batch(x, y) for _ in range(2)] == [want, want]


def test_a_layer_added_and_one_taken_off(small):
    x, y = some()
    small.train_on_batch(x, y)
    small.add(Dense(5, activation="softmax"))
    small.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    before = small.get_weights()
    small.train_on_batch(x, y + 2)
    assert all(not np.array_equal(a, b) for a, b in zip(before, small.get_weights(), strict=True))
    assert small.predict_on_batch(x).shape == (6, 5)
    small.pop()
    assert small.predict_on_batch(x).shape == (6, 3)


def test_a_variable_that_trains_no_more(small):
    x, y = some()
    small.train_on_batch(x, y)
    kernel, bias = small.layers[0].kernel, small.layers[0].bias
    kernel.trainable = False
    before = kernel.numpy(), bias.numpy()
    small.train_on_batch(x, y)
    assert np.array_equal(before[0], kernel.numpy())
    assert not np.array_equal(before[1], bias.numpy())


def test_another_loss_after_compile(small):
    x, y = some()
    small.train_on_batch(x, y)
    small.compile("sgd", "mse")
    with pytest.raises(ShapeError):
        small.train_on_batch(x, y)
    assert np.isfinite(small.train_on_batch(x, np.eye(3)[y]))
