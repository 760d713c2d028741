"""The IDX parser against good files and every way to be a bad one."""

import numpy as np
import pytest

from ranvier.datasets.idx import parse
from ranvier.graph.errors import DatasetError


def idx_bytes(array: np.ndarray, kind: int) -> np.ndarray:
    head = bytes([0, 0, kind, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return np.frombuffer(head + array.astype(array.dtype.newbyteorder(">")).tobytes(), np.uint8)


@pytest.mark.parametrize(
    ("kind", "dtype"), [(8, "u1"), (9, "i1"), (11, "i2"), (12, "i4"), (13, "f4"), (14, "f8")]
)
def test_every_element_type_comes_back_in_native_order(kind: int, dtype: str) -> None:
    array = np.arange(-3, 9).reshape(2, 3, 2).astype(dtype)
    out = parse(idx_bytes(array, kind), "x")
    assert out.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(out, array)


def test_an_empty_axis_is_a_shape_like_any_other() -> None:
    assert parse(idx_bytes(np.zeros((0, 28, 28), np.uint8), 8), "x").shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected an IDX header"),
        (b"\0\0\x08", "expected an IDX header"),
        (b"<!DOCTYPE html>", "expected an IDX header"),
        (b"\0\0\x07\x01\0\0\0\0", "expected an IDX header"),
        (b"\0\0\x08\xff\0\0\0\0", "expected an IDX header"),
        (b"\0\0\x08\x03\0\0\0\x01", "expected a header of 16"),
        (b"\0\0\x08\x01\0\0\0\x05abc", "expected 13 for the shape (5,)"),
        (b"\0\0\x08\x01\0\0\0\x01abc", "expected 9 for the shape (1,)"),
        (b"\0\0\x08\x04" + b"\xff" * 12 + bytes(4), "expected sizes that an array can have"),
        # 2^96 bytes declared: refused by arithmetic, before anything is allocated.
        (b"\0\0\x08\x03" + b"\xff" * 12, "for the shape (4294967295, 4294967295, 4294967295)"),
    ],
)
def test_a_bad_file_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(DatasetError) as caught:
        parse(np.frombuffer(content, np.uint8), "Tiny, 'numbers'")
    assert words in str(caught.value)
    assert str(caught.value).startswith("Tiny, 'numbers': got ")
