"""Numbers: one check for losses, metrics, constraints and optimizers."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.graph.number import check_numbers, is_number


def test_numbers_of_python_and_numpy_are_numbers():
    assert all(is_number(v) for v in (0, 1.5, np.float32(2), np.int8(3), np.array(2.0)))
    assert not any(is_number(v) for v in (True, "1", None, [1.0], np.ones(2), np.array(True)))
    check_numbers("Huber", delta=-1, other=float("inf"))
    check_numbers("MaxNorm", least=0, most=1, a=0, b=1)


@pytest.mark.parametrize(
    ("bounds", "value", "words"),
    [
        ({}, "1", r"Huber, `delta`: got '1' of type str, expected a number\.$"),
        ({}, None, r"got None of type NoneType, expected a number\.$"),
        ({"least": 0}, -1, r"got -1, expected a number of at least 0\.$"),
        ({"least": 0}, True, r"got True of type bool, expected a number of at least 0\.$"),
        ({"least": 0, "most": 1}, 1.5, r"got 1.5, expected a number from 0 to 1\.$"),
        ({}, float("nan"), r"got nan, expected a number\.$"),
    ],
)
def test_what_is_refused_is_named(bounds, value, words):
    kind = ArgumentError if type(value) in (int, float) else ArgumentTypeError
    with pytest.raises(kind, match=words) as caught:
        check_numbers("Huber", **bounds, delta=value)
    assert type(caught.value) is kind
