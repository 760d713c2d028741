"""Whole numbers: one check for all rooms."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.graph.whole import seed_of, whole


def test_ints_of_python_and_numpy_come_back_as_ints():
    assert [type(whole("n", v, 0)) for v in (0, np.int8(3), np.array(2))] == [int] * 3
    assert whole("n", -3) == -3


@pytest.mark.parametrize(
    ("least", "value", "words"),
    [
        (1, 0, r"Dense, `units`: got 0, expected a positive int\. Give 10\.$"),
        (0, -1, r"got -1, expected an int of at least 0\. Give 10\.$"),
        (1, "3", r"got '3' of type str, expected a positive int\. Give 10\.$"),
        (None, None, r"got None of type NoneType, expected an int\. Give 10\.$"),
        (2, True, r"got True of type bool, expected an int of at least 2\. Give 10\.$"),
        (1, 3.0, r"got 3.0 of type float, expected a positive int\. Write units=int\(3.0\)\.$"),
    ],
)
def test_what_is_refused_names_what_came_and_the_way_out(least, value, words):
    kind = ArgumentError if type(value) is int else ArgumentTypeError
    with pytest.raises(kind, match=words) as caught:
        whole("Dense, `units`", value, least, "Give 10.")
    assert isinstance(caught.value, ValueError)  # as Keras raises it for either


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_seeds_have_a_range(seed):
    assert seed_of("seed", 2**32 - 1) == 2**32 - 1
    with pytest.raises(ArgumentError, match=f"seed: got {seed}, expected an int from 0 to 4294967"):
        seed_of("seed", seed)
