"""narrowed: large float64 rows in one pass, what is not finite left to scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import learn
from ranvier.learn.narrow import narrowed

LARGE = np.random.default_rng(0).normal(size=(2100, 500))


def test_rows_are_rounded_as_numpy_rounds_them() -> None:
    for rows in (LARGE, LARGE[::-1], np.asfortranarray(LARGE)):
        found = narrowed(rows)
        assert found is not None and found.dtype == np.float32 and found.flags.c_contiguous
        assert found.tobytes() == np.ascontiguousarray(rows.astype(np.float32)).tobytes()


def test_what_is_left_to_scikit_learn() -> None:
    assert narrowed(LARGE[:100]) is None and narrowed(LARGE.tolist()) is None
    assert narrowed(LARGE.astype(np.float32)) is None and narrowed(LARGE.astype(">f8")) is None
    for value in (np.nan, np.inf, -np.inf, 1e39):
        rows = LARGE.copy()
        rows[2090, 7] = value
        assert narrowed(rows) is None
        with pytest.raises(ValueError, match="in column 7, row 2090"):
            learn.RanvierClassifier().fit(rows, np.arange(2100) % 2)
