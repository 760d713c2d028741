"""NaN and infinity, and where they are."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier.data import finite
from ranvier.data.finite import check_finite, is_finite
from ranvier.graph.errors import DataWarning

BIG = np.zeros((3000, 50), np.float32)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2999), st.integers(0, 49), st.sampled_from([np.nan, np.inf, -np.inf]),
       st.sampled_from(["plain", "fortran", "reversed", "columns"]))  # fmt: skip
def test_one_bad_value_is_found_anywhere(row, column, value, layout):
    array = BIG.copy()
    array[row, column] = value
    if layout == "fortran":
        array = np.asfortranarray(array)
    elif layout == "reversed":
        array, row = array[::-1], 2999 - row
    elif layout == "columns":
        array, column = array[:, ::-1], 49 - column
    assert not is_finite(array)
    with pytest.warns(DataWarning, match=rf"in column {column}, row {row}, and"):
        check_finite(array)


def test_large_values_are_finite():
    assert is_finite(np.full(10, 3e38, np.float32))
    assert is_finite(np.full(10, 1e308))
    assert is_finite(np.zeros((0, 3))) and is_finite(np.zeros(3, int))
    assert is_finite(np.broadcast_to(np.float32(1), (100, 100)))


def test_rows_and_columns_by_name():
    array = np.zeros((100, 2))
    array[10:90:10, 1] = np.nan
    with pytest.warns(DataWarning, match=r"in column 'age', rows 10, 20, 30, 40, 50, \.\.\. \(8 "):
        check_finite(array, "x", ("id", "age"))
    with pytest.warns(DataWarning, match=r"^y: has NaN or infinite values, rows 10, 20"):
        check_finite(array[:, 1], "y")


def test_the_warning_can_be_an_error_and_points_at_the_caller():
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        with pytest.raises(DataWarning):
            check_finite(np.array([np.nan]))
    with pytest.warns(DataWarning) as caught:
        check_finite(np.array([np.nan]))
    assert caught[0].filename == __file__


def counted(monkeypatch):
    """Return a list that grows with each reading of a whole array."""
    read = []
    pieces = finite._pieces
    monkeypatch.setattr(finite, "_pieces", lambda array: read.append(1) or pieces(array))
    finite.look_again()
    return read


def test_an_array_found_finite_is_read_once(monkeypatch):
    read, x = counted(monkeypatch), np.ones((4000, 100), np.float32)
    assert is_finite(x) and is_finite(x) and is_finite(x.reshape(4000, 10, 10)[:])
    assert len(read) == 2  # another view is another array
    assert is_finite(x.copy())
    assert len(read) == 3
    finite.look_again()
    assert is_finite(x)
    assert len(read) == 4


def test_an_array_changed_since_is_read_again():
    x = np.ones((4000, 100), np.float32)
    assert is_finite(x)
    x[:, 3] = np.nan
    assert not is_finite(x)
    x[:] = 2.0
    assert is_finite(x)
    x[:] = np.inf
    assert not is_finite(x)


def test_what_was_seen_is_dropped_with_its_array():
    finite.look_again()
    for _ in range(40):
        assert is_finite(np.ones((4000, 100), np.float32))
    assert len(finite._SEEN) <= finite._SEEN_MOST
    kept = [np.ones((4000, 100), np.float32) for _ in range(20)]
    assert all(is_finite(x) for x in kept)
    assert len(finite._SEEN) <= finite._SEEN_MOST
