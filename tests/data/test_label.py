"""Targets against losses."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.data.label import check_labels, classes_of, has_classes, known_loss
from ranvier.data.table import Slot
from ranvier.graph.errors import DataError, DataWarning, ShapeError


def slot(loss, *shape, **more):
    return Slot("head", (None, *shape), layer="Dense 'head'", loss=loss, **more)


SPARSE = "sparse_categorical_crossentropy"
CATEGORICAL = "categorical_crossentropy"
BINARY = "binary_crossentropy"
GOOD = [
    ([0, 2], slot(SPARSE, 3)),
    ([[0], [2]], slot(SPARSE, 3)),
    ([0.0, 2.0], slot(SPARSE, 3)),
    ([True, False], slot(SPARSE, 2)),
    ([[0, 1], [2, 0]], slot(SPARSE, 2, 3)),
    ([-1, 2], slot(SPARSE, 3, ignore=-1)),
    ([[0, 1], [1, 0]], slot(CATEGORICAL, 2)),
    ([0, 1], slot(BINARY, 1)),
    ([[0], [1]], slot(BINARY, 1)),
    ([True, False], slot(BINARY, 1)),
    ([0.2, 0.9], slot(BINARY, 1)),
    ([1.0, 2.0], slot("mse", 1)),
    ([[1.0, 2.0]], slot("mean_squared_error", 2)),
    ([[1.0, 2.0, 3.0]], slot("", 2)),
    ([5, 9], slot("my_loss", 2)),
]
BAD = [
    ([0, 3, 9], slot(SPARSE, 3), DataError,
     r"row 1 holds 3, expected a class number from 0 to 2, as the output of Dense 'head' has 3"),
    ([1, -1], slot(SPARSE, 3), DataError, r"row 1 holds -1, .*0 to 2.*count from 0"),
    ([1, 2, 3], slot(SPARSE, 3), DataError, r"row 2 holds 3.*count from 1.*y - 1"),
    ([0, 1], slot(SPARSE, 1), DataError, r"row 1 holds 1.*Dense\(1, activation='sigmoid'\)"),
    ([0, 1.5], slot(SPARSE, 3), DataError, r"row 1 holds 1.5, expected the whole class numbers"),
    ([0, np.nan], slot(SPARSE, 3), DataError, r"row 1 holds nan.*Drop rows without a label"),
    ([0, -1, 7], slot(SPARSE, 3, ignore=-1), DataError, r"row 2 holds 7"),
    ([[0, 1, 0], [1, 0, 0]], slot(SPARSE, 3), DataError,
     r"got shape \(2, 3\), as of one-hot rows.*loss='categorical_crossentropy'.*argmax"),
    ([[0, 1], [1, 0]], slot(SPARSE, 3), ShapeError, r"shape \(2, 2\).*shape \(rows,\)"),
    ([0, 1], slot(CATEGORICAL, 3), DataError,
     r"got shape \(2,\), as of class numbers.*loss='sparse_categorical.*to_categorical\(y, 3\)"),
    ([[0], [1]], slot(CATEGORICAL, 3), DataError, r"as of class numbers"),
    ([[0, 1, 0]], slot(CATEGORICAL, 2), ShapeError, r"\(1, 3\).*has shape \(rows, 2\)"),
    ([0, 2], slot(BINARY, 1), DataError, r"row 1 holds 2, expected 0 or 1"),
    ([-1, 1], slot(BINARY, 1), DataError, r"row 0 holds -1.*\(y \+ 1\) / 2"),
    ([[0, 1], [1, 0]], slot(BINARY, 1), DataError, r"one-hot.*argmax"),
    ([1.0, 2.0], slot("mse", 3), ShapeError,
     r"got shape \(2,\), but the output of Dense 'head' has shape \(rows, 3\)"),
    ([[1.0, 2.0]], slot("mae", 1), ShapeError, r"got shape \(1, 2\)"),
    ([0, 1], slot(SPARSE, 28, 3), ShapeError,
     r"expected class numbers of shape \(rows, 28\), .*has shape \(rows, 28, 3\). For one number a "
     r"row, put Flatten\(\) before"),
    ([[0.0], [1.0]], slot("mse", 5, 1), ShapeError,
     r"has shape \(rows, 5, 1\).*return_sequences=True out of"),
]  # fmt: skip


@pytest.mark.parametrize(("y", "place"), GOOD, ids=str)
def test_targets_that_fit(y, place):
    check_labels(np.array(y), place)


@pytest.mark.parametrize(("y", "place", "error", "words"), BAD, ids=[b[3][:20] for b in BAD])
def test_targets_that_do_not_fit_say_value_row_and_range(y, place, error, words):
    with pytest.raises(error, match=f"^y: .*{words}"):
        check_labels(np.array(y), place)


def test_numbers_that_are_no_probabilities():
    with pytest.warns(DataWarning, match=r"^y: row 1 holds \[3 0\], but categorical.*to_cat"):
        check_labels(np.array([[0, 1], [3, 0]]), slot(CATEGORICAL, 2))


def test_small_types_and_far_rows():
    y = np.zeros(200_000, np.uint8)
    check_labels(y, slot(SPARSE, 10))
    y[150_000] = 10
    with pytest.raises(DataError, match="row 150000 holds 10"):
        check_labels(y, slot(SPARSE, 10))


def test_losses_by_any_of_their_names():
    names = ("MSE", "mse", "MeanSquaredError", "mean_squared_error")
    assert {known_loss(Slot("y", loss=name)) for name in names} == {"mean_squared_error"}
    assert known_loss(Slot("y", loss="LogCosh")) == known_loss(Slot("y", loss="logcosh")) != ""
    assert known_loss(Slot("y", loss="mine")) == ""
    assert has_classes(Slot("y", loss="SparseCategoricalCrossentropy"))
    assert not has_classes(Slot("y", loss="bce"))


def test_classes():
    assert classes_of(np.array([[3], [1]])).tolist() == [3, 1]
    assert classes_of(np.eye(3)).tolist() == [0, 1, 2]
