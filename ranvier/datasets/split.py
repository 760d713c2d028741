"""How a data set's rows are shuffled and split, as Keras does it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ranvier.graph.errors import ArgumentError


def order(count: int, seed: int) -> Any:
    """Return the order of rows that a seed gives in Keras."""
    rows = np.arange(count)
    np.random.RandomState(seed).shuffle(rows)
    return rows


def check_split(test_split: float, place: str) -> None:
    """Refuse a share of rows for the test that leaves none to train on."""
    if not 0 <= test_split < 1:
        raise ArgumentError(
            f"{place}, `test_split`: got {test_split!r}, expected 0 <= test_split < 1, for "
            "instance test_split=0.2."
        )
