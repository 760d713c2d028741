"""Rows scaled to length one."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.data import normalize


def test_length_one_and_zero_rows_stay():
    got = normalize([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(got, [[0.6, 0.8], [0, 0]])
    np.testing.assert_allclose(normalize([[1.0, 3.0]], order=1), [[0.25, 0.75]])
    np.testing.assert_allclose(normalize([[3.0], [4.0]], axis=0), [[0.6], [0.8]])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"axis": 2}, "`axis`: got 2 for an array of 2"), ({"axis": 0.5}, "`axis`: got 0.5, expected"),
     ({"order": "fro"}, "normalize, `order`: got 'fro' of type str")],
)  # fmt: skip
def test_bad_arguments(options, words):
    with pytest.raises(ValueError, match=words):
        normalize([[3.0, 4.0]], **options)


@pytest.mark.parametrize("axis", [0, -1])
def test_one_row_alone_becomes_a_batch(axis):
    got = normalize([3.0, 4.0], axis)
    assert got.shape == (1, 2)
    np.testing.assert_allclose(got, [[0.6, 0.8]])
