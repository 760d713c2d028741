"""Splits, class weights, orders and counts of steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranvier.config import set_floatx
from ranvier.data.batches import Schedule, class_weights, split, steps
from ranvier.data.table import read
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DataError, DataWarning


def permute(count):
    return np.random.default_rng(count).permutation(count)


def test_split_takes_the_last_rows():
    table = read(np.arange(10), np.arange(10))
    train, valid = split(table, 0.25)
    assert train.x[0].tolist() == list(range(7)) and valid.y[0].tolist() == [7, 8, 9]
    with pytest.raises(DataError, match=r"0.01 of 10 rows leaves 9 rows|0.999.*leaves 0 rows"):
        split(table, 0.999)
    with pytest.raises(DataError, match="leaves 0 rows to train on and 1 to validate"):
        split(read([1.0]), 0.5)


@given(st.integers(1, 200), st.integers(1, 250))
def test_an_epoch_visits_each_row_once(rows, batch):
    schedule = Schedule(rows, batch, permute=permute)
    for shuffle in (True, False, "batch"):
        schedule.shuffle = shuffle
        order = schedule.epoch()
        assert order.dtype == np.int64 and order.flags.c_contiguous
        assert sorted(order) == list(range(rows))
    assert schedule.steps == steps(rows, batch) == len(range(0, rows, batch))


def test_shuffle_within_batches():
    order = Schedule(10, 4, shuffle="batch", permute=permute).epoch()
    found = [sorted(order[start : start + 4]) for start in (0, 4, 8)]
    assert found == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_fewer_steps_go_on_where_the_last_epoch_stopped():
    schedule = Schedule(10, 2, per_epoch=2, shuffle=False)
    assert schedule.steps == 2
    assert schedule.epoch().tolist() == [0, 1, 2, 3]
    assert schedule.epoch().tolist() == [4, 5, 6, 7]
    with pytest.warns(DataWarning, match=r"asked for 2 batches of 2 rows, but only 1 are left"):
        assert schedule.epoch().tolist() == [8, 9]
    assert schedule.epoch().tolist() == [0, 1, 2, 3]


def test_shuffle_takes_words_only_that_it_knows():
    with pytest.raises(ArgumentError, match="shuffle: got 'yes'"):
        Schedule(4, 2, shuffle="yes")


def test_class_weights_by_number_and_one_hot():
    weights = {0: 0.5, 1: 2.0}
    expected = np.array([2, 0.5, 2], np.float32)
    for y in ([1, 0, 1], [[1], [0], [1]], [1.0, 0.0, 1.0], [[0, 1], [1, 0], [0, 1]]):
        got = class_weights(np.array(y), weights)
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(class_weights(np.array([1, 0, 1]), [0.5, 2.0]), expected)


def test_class_weights_keep_their_digits_in_float64() -> None:
    set_floatx("float64")
    try:
        got = class_weights(np.array([1, 0]), {0: 0.3, 1: 0.7})
    finally:
        set_floatx("float32")
    assert got.tolist() == [0.7, 0.3]


def test_a_class_without_weight_counts_one_and_says_so():
    with pytest.warns(DataWarning, match=r"no weight for class 2, which 2 rows have; it counts"):
        got = class_weights(np.array([0, 2, 2]), {0: 3.0})
    assert got.tolist() == [3, 1, 1]


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        ("balanced", ArgumentTypeError, "got 'balanced'.*np.bincount"),
        ({"0": 1.0}, ArgumentTypeError, "got the key '0'"),
        ({0: "x"}, ArgumentTypeError, "class 0 has 'x'"),
        ({0: -1.0}, ArgumentError, "class 0 has -1.0"),
        ({0: float("nan")}, ArgumentError, "class 0 has nan"),
        ({5: 1.0}, ArgumentError, "weight for class 5, but the model has 3 classes, 0 to 2"),
        ({0.5: 1.0}, ArgumentTypeError, "0.5"),
        (3, ArgumentTypeError, "got 3, expected a dict"),
    ],
)
def test_class_weights_that_cannot_be(weights, error, words):
    with pytest.raises(error, match=f"class_weight.*{words}"):
        class_weights(np.array([0, 1]), weights, classes=3)
