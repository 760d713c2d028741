"""Prediction: batches, one row, no rows, structures, types."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.errors import DataTypeError, ShapeError
from ranvier.layers import Dense, Input, Lambda
from ranvier.model import Model, Sequential


@pytest.fixture
def model() -> Sequential:
    return Sequential([Input((4,)), Dense(3, activation="tanh")])


def expected(model, x):
    kernel, bias = model.get_weights()
    return np.tanh(np.asarray(x, "float32") @ kernel + bias)


@pytest.mark.parametrize("batch", [None, 1, 3, 32, 10**9])
def test_any_batch_size(model, numbers, batch):
    x, _ = numbers
    assert np.allclose(model.predict(x, batch_size=batch, verbose=0), expected(model, x), atol=1e-6)


def test_no_rows_and_one_row(model):
    assert model.predict(np.zeros((0, 4)), verbose=0).shape == (0, 3)
    one = np.ones((1, 4))
    first = model.predict(one, verbose=0)
    again = model.predict(one, verbose=0)
    assert np.array_equal(first, again)
    assert first is not again
    other = model.predict(2 * one, verbose=0)
    assert np.allclose(other, expected(model, 2 * one), atol=1e-6)
    assert not np.array_equal(first, other)
    assert model.predict(one.astype("float32"), verbose=0).dtype == np.float32


def test_one_row_after_the_model_changed(model):
    one = np.ones((1, 4))
    model.predict(one, verbose=0)
    model.add(Dense(2))
    assert model.predict(one, verbose=0).shape == (1, 2)


def test_before_compile_and_before_build():
    late = Sequential([Dense(2)])
    assert late.predict([[1.0, 2.0], [3.0, 4.0]], verbose=0).shape == (2, 2)


def test_structures_of_outputs():
    a = Input((2,), name="a")
    dense = Dense(1)
    x = np.ones((3, 2))
    for outputs, kind in (([dense(a), a], list), ((dense(a), a), tuple), ({"y": dense(a)}, dict)):
        assert type(Model(a, outputs).predict(x, verbose=0)) is kind


def test_steps_and_generators(model, numbers):
    x, _ = numbers
    whole = model.predict(x, verbose=0)
    assert np.array_equal(model.predict(x, batch_size=8, steps=2, verbose=0), whole[:16])
    batches = (x[i : i + 9] for i in range(0, 70, 9))
    assert np.allclose(model.predict(batches, verbose=0), whole, atol=1e-6)


def test_on_batch_and_classes(model, numbers):
    x, _ = numbers
    assert np.allclose(model.predict_on_batch(x[:5]), expected(model, x[:5]), atol=1e-6)
    assert np.array_equal(model.predict_classes(x), expected(model, x).argmax(1))
    binary = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
    classes = binary.predict_classes(x)
    assert classes.shape == (70, 1)
    assert set(np.unique(classes)) <= {0, 1}


def test_the_progress_bar(model, numbers, capsys):
    model.predict(numbers[0])
    assert "3/3 ━━━━━━━━━━━━━━━━━━━━ " in capsys.readouterr().out
    model.predict(numbers[0], verbose=0)
    assert capsys.readouterr().out == ""


def test_other_features_than_it_was_built_for(model):
    with pytest.raises(ShapeError, match=r"got shape \(2, 5\), expected \(rows, 4\)"):
        model.predict(np.ones((2, 5)), verbose=0)
    with pytest.raises(DataTypeError, match="text"):
        model.predict(np.array([["a"] * 4]), verbose=0)


@pytest.mark.parametrize("eagerly", [False, True])
def test_outputs_without_rows(numbers, eagerly):
    x = numbers[0].astype("float32")
    inputs = Input((4,))
    number = Lambda(lambda t: ops.mean(t))(inputs)
    column = Lambda(lambda t: ops.mean(t, 0))(inputs)
    model = Model(inputs, [inputs, number, column])
    model.compile(run_eagerly=eagerly)
    rows, means, columns = model.predict(x, batch_size=7, verbose=0)
    assert np.array_equal(rows, x)
    assert np.allclose(means, x.reshape(10, -1).mean(1), atol=1e-6)
    assert np.allclose(columns, x.reshape(10, 7, 4).mean(1).ravel(), atol=1e-6)
    alone = Model(inputs, number)
    alone.compile(run_eagerly=eagerly)
    for one in (alone.predict(x, batch_size=70, verbose=0), alone.predict_on_batch(x)):
        assert one.shape == () and np.isclose(one, x.mean(), atol=1e-6)
    assert alone.predict(x[:0], verbose=0).shape == (0,)
