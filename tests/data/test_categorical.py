"""Labels as one-hot rows."""

from __future__ import annotations

import os

import numpy as np
import pytest

from ranvier.data import normalize, pad_sequences, to_categorical
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DataError


def test_classes_become_rows():
    got = to_categorical([[2], [0]])
    assert got.dtype == np.float64 and got.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert to_categorical([[0, 1], [1, 1]], 2).shape == (2, 2, 2)
    assert to_categorical(1, 3).tolist() == [0, 1, 0]


def test_classes_out_of_range():
    with pytest.raises(DataError, match="position 1 holds 3, expected 0 to 2"):
        to_categorical([0, 3], 3)
    with pytest.raises(ArgumentError, match="`num_classes`: got -1, expected a positive int"):
        to_categorical([0], -1)
    with pytest.raises(ArgumentTypeError, match="`num_classes`: got 'a'"):
        to_categorical([0], "a")
    with pytest.raises(DataError, match="position 0 holds -1"):
        to_categorical([-1, 1])
    with pytest.raises(DataError, match="position 1 holds 1.5"):
        to_categorical([0, 1.5])


@pytest.mark.oracle
def test_small_functions_against_keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    utils = pytest.importorskip("keras").utils
    rng = np.random.default_rng(0)
    for labels, count in (([0, 2, 1], None), ([[1], [3]], 5), ([[0, 1], [2, 2]], None), (2, 4)):
        theirs = utils.to_categorical(labels, count)
        ours = to_categorical(labels, count)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    x = rng.normal(size=(4, 5))
    x[2] = 0
    for axis, order in ((-1, 2), (1, 1), (-1, np.inf)):
        np.testing.assert_allclose(
            normalize(x, axis, order), utils.normalize(x, axis, order), rtol=1e-12
        )
    rows = [[1], [2, 3, 4, 5], [], [6, 7]]
    for options in ({}, {"maxlen": 2}, {"maxlen": 3, "truncating": "post"}, {"padding": "post"},
                    {"value": -1, "dtype": "float32"}, {"maxlen": 6}):  # fmt: skip
        theirs = utils.pad_sequences(rows, **options)
        ours = pad_sequences(rows, **options)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
