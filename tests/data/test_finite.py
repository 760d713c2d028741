"""NaN and infinity, and where they are."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
