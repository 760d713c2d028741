"""California housing: the eight features as scikit-learn has them, the split as Keras has it."""

import numpy as np
import pytest

from ranvier.datasets import california_housing, fetch_california_housing
from ranvier.graph.errors import ArgumentError


def test_all_rows_with_names() -> None:
    housing = fetch_california_housing()
    assert housing.data.shape == (20640, 8) and housing.data.dtype == np.float64
    # The first block group: 880 rooms, 129 bedrooms, 322 people, 126 households.
    expected = [8.3252, 41, 880 / 126, 129 / 126, 322, 322 / 126, 37.88, -122.23]
    np.testing.assert_allclose(housing.data[0], expected, rtol=1e-15)
    assert housing.target[0] == 4.526
    assert housing.target.max() == 5.00001
    assert housing.feature_names[0] == "MedInc" and len(housing.feature_names) == 8
    assert "StatLib" in housing.DESCR
    x, y = fetch_california_housing(return_X_y=True)
    np.testing.assert_array_equal(x, housing.data)
    np.testing.assert_array_equal(y, housing.target)


def test_what_a_caller_changes_stays_with_the_caller() -> None:
    fetch_california_housing().data[:] = 0
    assert fetch_california_housing().data[0, 0] == 8.3252


def test_frames() -> None:
    housing = fetch_california_housing(as_frame=True)
    assert list(housing.frame.columns) == [*housing.feature_names, "MedHouseVal"]
    assert housing.target.name == "MedHouseVal" and housing.data.shape == (20640, 8)


@pytest.mark.parametrize(("version", "rows"), [("large", 20640), ("small", 600)])
def test_the_split(version: str, rows: int) -> None:
    (x_train, y_train), (x_test, y_test) = california_housing.load_data(version, test_split=0.25)
    assert (len(x_train), len(x_test)) == (rows * 3 // 4, rows // 4)
    assert x_train.dtype == y_train.dtype == x_test.dtype == y_test.dtype == np.float32
    housing = fetch_california_housing()
    order = np.arange(rows)
    np.random.RandomState(113).shuffle(order)
    x = np.concatenate([x_train, x_test])
    np.testing.assert_array_equal(x, housing.data[order].astype(np.float32))
    y = np.concatenate([y_train, y_test])
    np.testing.assert_allclose(y, housing.target[order] * 1e5, rtol=1e-6)


def test_the_seed_decides() -> None:
    first, again = (california_housing.load_data("small", seed=1)[0][1] for _ in range(2))
    other = california_housing.load_data("small", seed=2)[0][1]
    assert (first == again).all() and (first != other).any()


def test_no_test_rows() -> None:
    (x_train, _), (x_test, y_test) = california_housing.load_data("small", test_split=0)
    assert len(x_train) == 600 and x_test.shape == (0, 8) and y_test.shape == (0,)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"version": "medium"}, "`version`: got 'medium', expected 'large'"),
        ({"test_split": 1}, "`test_split`: got 1, expected 0 <= test_split < 1"),
        ({"test_split": float("nan")}, "`test_split`: got nan"),
    ],
)
def test_bad_arguments(arguments: dict, words: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        california_housing.load_data(**arguments)
    assert words in str(caught.value)
