"""visits: rows in an order of their own, as often as their weights say."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.errors import DataError
from ranvier.learn.visits import visits

X = np.arange(12, dtype=np.float32).reshape(4, 3)
PLACES = np.array([0, 1, 0, 1])


def test_weights_are_times_and_parts() -> None:
    order, factors = visits(X, PLACES, np.array([1.0, 0.0, 2.5, 3.0]), False)
    assert order.tolist() == [0, 2, 2, 2, 3, 3, 3]
    assert factors is not None and factors.tolist() == [1.0, 1.0, 2.5 / 3, 1.0]
    assert visits(X, PLACES, np.array([1.0, 0.0, 2.0, 3.0]), False)[1] is None
    assert visits(X, PLACES, None, False)[0].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8, np.int16])
def test_the_order_depends_on_what_is_in_the_rows(dtype: type) -> None:
    x, turn = X.astype(dtype), np.array([2, 0, 3, 1])
    order, _ = visits(x, PLACES, None, True)
    turned, _ = visits(np.ascontiguousarray(x[turn]), PLACES[turn], None, True)
    assert sorted(order) == [0, 1, 2, 3]
    assert x[order].tolist() == x[turn][turned].tolist()
    same = np.zeros((4, 3), dtype)  # equal rows are told apart by their classes
    assert np.abs(np.diff(PLACES[visits(same, PLACES, None, True)[0]])).sum() == 1


def test_weights_that_would_never_end() -> None:
    with pytest.raises(DataError, match="add up to 8000 for 4 rows"):
        visits(X, PLACES, np.full(4, 2000.0), False)
