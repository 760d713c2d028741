"""The numbers that fit takes."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.data import argument
from ranvier.graph.errors import ArgumentError, ArgumentTypeError


def test_batch_size():
    assert argument.batch_size(None) == 32
    assert argument.batch_size(np.int32(64), 1000) == 64
    assert argument.batch_size(2**40, 1000) == 1000
    assert argument.batch_size(8, 0) == 1
    assert argument.batch_size(None, 70, 3) == 24
    assert argument.batch_size(8, 70, 3) == 8
    for value in (0, -1):
        with pytest.raises(
            ArgumentError, match=f"batch_size: got {value}, expected a positive int"
        ):
            argument.batch_size(value)
    with pytest.raises(ArgumentTypeError, match=r"batch_size=int\(32.0\)"):
        argument.batch_size(32.0)
    for value in ("32", True, [32]):
        with pytest.raises(ArgumentTypeError, match="batch_size: got"):
            argument.batch_size(value)


def test_validation_split():
    assert argument.fraction(None) == argument.fraction(0) == 0
    assert argument.fraction(0.2) == 0.2
    for value in (1, 1.0, -0.1, 20, float("nan"), float("inf")):
        with pytest.raises(ArgumentError, match=r"expected 0 <= validation_split < 1"):
            argument.fraction(value)
    with pytest.raises(ArgumentTypeError, match="expected a number such as 0.2"):
        argument.fraction("a fifth")


def test_validation_freq():
    assert argument.validates(argument.frequency(2), 1)
    assert not argument.validates(argument.frequency(2), 2)
    listed = argument.frequency([1, 3])
    assert [argument.validates(listed, e) for e in range(4)] == [True, False, True, False]
    with pytest.raises(ArgumentError, match="validation_freq: got 0"):
        argument.frequency(0)


def test_verbose_and_steps():
    assert [argument.verbosity(v) for v in ("auto", 0, 1, 2, True)] == [1, 0, 1, 2, 1]
    with pytest.raises(ArgumentError, match="verbose: got 3"):
        argument.verbosity(3)
    assert argument.optional("steps", None) is None
    with pytest.raises(ArgumentError, match="steps: got 0, expected a positive int"):
        argument.optional("steps", 0)
    assert argument.whole("epochs", 0, 0) == 0
    with pytest.raises(ArgumentError, match="epochs: got -1, expected an int of at least 0"):
        argument.whole("epochs", -1, 0)
