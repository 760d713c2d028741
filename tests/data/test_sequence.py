"""Sequences of different lengths as rows."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.data import pad_sequences
from ranvier.graph.errors import ArgumentError, DataError, RanvierError


def test_vectors_and_text():
    got = pad_sequences([[[1, 2]], [[3, 4], [5, 6]]])
    assert got.tolist() == [[[0, 0], [1, 2]], [[1 * 3, 4], [5, 6]]]
    words = pad_sequences([["a"], ["b", "c"]], dtype=object, value="-")
    assert words.tolist() == [["-", "a"], ["b", "c"]]
    assert pad_sequences([]).shape == (0, 0)
    assert pad_sequences([np.array([1, 2])], maxlen=3).tolist() == [[0, 1, 2]]


def test_bad_arguments():
    with pytest.raises(ArgumentError, match="`padding`: got 'before'"):
        pad_sequences([[1]], padding="before")
    with pytest.raises(ArgumentError, match="dtype=object"):
        pad_sequences([[1]], value="-")
    with pytest.raises(DataError, match="item 0 is 'abc', expected a list"):
        pad_sequences(["abc"])
    with pytest.raises(DataError, match="item 1 is 3"):
        pad_sequences([[1], 3])
    with pytest.raises(DataError, match="item 1 has vectors of shape"):
        pad_sequences([[[1, 2]], [[1, 2, 3]]])


@pytest.mark.parametrize("rows", [[["a"]], [[1], [None]], [[1, [2]]], [[2**40]], [[np.nan]]])
def test_items_that_are_no_numbers(rows):
    words = (
        rf"`sequences`: item {len(rows) - 1} is .*expected numbers that int32 holds.*dtype=object"
    )
    with pytest.raises(DataError, match=words):
        pad_sequences(rows)
    assert pad_sequences(rows, dtype=object).shape[0] == len(rows)


@pytest.mark.parametrize(("options", "words"), [
    ({"maxlen": -1}, "`maxlen`: got -1, expected an int of at least 0"),
    ({"maxlen": "a"}, "`maxlen`: got 'a'"),
    ({"dtype": "flot"}, "`dtype`: got 'flot'"),
])  # fmt: skip
def test_options_that_are_refused(options, words):
    with pytest.raises(RanvierError, match=words):
        pad_sequences([[1]], **options)


@pytest.mark.oracle
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
@pytest.mark.parametrize("maxlen", [None, 1, 3, 6])
@pytest.mark.parametrize("dtype", ["int32", "float32", "int64"])
def test_options_against_keras(padding, truncating, maxlen, dtype):
    import keras

    options = {"padding": padding, "truncating": truncating, "maxlen": maxlen, "dtype": dtype}
    for rows in ([[1], [2, 3, 4, 5], [], [6, 7]], [[[1, 2]], [[3, 4], [5, 6]]]):
        expected = keras.utils.pad_sequences(rows, value=9, **options)
        got = pad_sequences(rows, value=9, **options)
        np.testing.assert_array_equal(got, expected, strict=True)


@pytest.mark.parametrize("value", [None, 2**40, "a"])
def test_padding_that_the_type_does_not_hold(value):
    with pytest.raises(ArgumentError, match="`value`: got .*, expected a number that int32 holds"):
        pad_sequences([[1], [1, 2]], value=value)
