"""Tests of element types and the promotion table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ranvier.graph import dtype as dt
from ranvier.graph.errors import ArgumentError, DTypeError


@pytest.fixture(autouse=True)
def _floatx() -> Iterator[None]:
    yield
    dt.set_floatx("float32")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (None, "float32"), (float, "float32"), (int, "int32"), (bool, "bool"),
        ("float64", "float64"), (np.float64, "float64"), (np.dtype("uint8"), "int32"),
        (np.int16, "int32"), ("uint64", "int64"), ("float16", "float32"), ("int64", "int64"),
        (np.uint32, "uint32"), ("int", "int32"), ("float", "float32"), (np.dtype(int), "int64"),
        (np.dtype(float), "float64"),
    ],
)  # fmt: skip
def test_canonical(given: object, name: str) -> None:
    assert dt.canonical(given) == name


def test_the_default_follows_floatx() -> None:
    dt.set_floatx("float64")
    assert (dt.canonical(None), dt.canonical(float), dt.of_scalar(1.5, None)) == ("float64",) * 3


@pytest.mark.parametrize(
    "given", ["complex64", "flaot32", object(), "32", "f4,f4", "V99999999999999"]
)
def test_an_unknown_type_is_told(given: object) -> None:
    with pytest.raises(DTypeError, match="dtype: got"):
        dt.canonical(given)


def test_set_floatx_takes_two_names() -> None:
    with pytest.raises(ArgumentError, match="'float32' or 'float64'"):
        dt.set_floatx("float16")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (("bool", "int32"), "int32"), (("int32", "float32"), "float32"),
        (("int64", "float32"), "float32"), (("float32", "float64"), "float64"),
        (("uint32", "int32"), "int64"), (("uint32", "uint32"), "uint32"),
        (("bool", "bool"), "bool"), (("int64", "int32"), "int64"),
    ],
)  # fmt: skip
def test_promotion(given: tuple[str, ...], name: str) -> None:
    assert dt.promote(*given) == dt.promote(*given[::-1]) == name


@pytest.mark.parametrize(
    ("value", "beside", "name"),
    [
        (2.0, "float64", "float64"), (2.0, "int32", "float32"), (2, "float64", "float64"),
        (2, "bool", "int32"), (2, None, "int32"), (True, None, "bool"), (True, "int32", "int32"),
        (2.0, None, "float32"),
    ],
)  # fmt: skip
def test_python_numbers_take_the_type_of_their_neighbours(
    value: object, beside: str | None, name: str
) -> None:
    assert dt.of_scalar(value, beside) == name


@pytest.mark.parametrize("value", ["a", None, 0, 1.0, float("nan")])
def test_what_is_no_epsilon_is_told(value: object) -> None:
    with pytest.raises(ArgumentError, match="set_epsilon, `value`: got .*, expected 0 < value < 1"):
        dt.set_epsilon(value)  # type: ignore[arg-type]
    assert dt.epsilon() == 1e-7
