"""What a layer may be called on, and what it refuses."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from ranvier.graph.array import Array
from ranvier.graph.errors import (
    DTypeError,
)  # fmt: skip
from ranvier.layers import Dense
from ranvier.model import Sequential


def test_arrays_lists_and_frames_give_the_same_eager_array() -> None:
    layer = Dense(2, kernel_initializer="ones")
    rows = [[1.0, 2.0], [3.0, 4.0]]
    frame = pd.DataFrame(rows, columns=["a", "b"])
    given = (rows, np.array(rows), np.array(rows, np.float16), np.array(rows, np.uint8), frame,
             pl.DataFrame({"a": [1.0, 3.0], "b": [2.0, 4.0]}), np.asfortranarray(rows),
             np.array(rows, ">f8"))  # fmt: skip
    for x in given:
        y = layer(x)
        assert isinstance(y, Array) and y.numpy().dtype == np.float32
        assert y.tolist() == [[3.0, 3.0], [7.0, 7.0]]
    assert repr(layer(rows)) == "array([[3., 3.],\n       [7., 7.]], dtype=float32)"


def test_objects_that_are_numbers_are_numbers() -> None:
    layer = Dense(2, kernel_initializer="ones")
    mixed = pd.DataFrame({"a": [1.5, 3.0], "b": [True, False]})  # a column of get_dummies
    nullable = mixed.astype({"a": "Float32", "b": "boolean"})
    for x in (mixed, nullable, mixed.to_numpy(), memoryview(np.array([[1.5, 1.0], [3.0, 0.0]]))):
        assert layer(x).tolist() == [[2.5, 2.5], [3.0, 3.0]]


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(DTypeError, match="Dense 'dense': got values of type <U1, expected numbers"):
        Dense(2)([["a", "b"]])
    with pytest.raises(DTypeError, match="type object"):
        Dense(2)(pd.DataFrame({"a": [1, None], "b": ["x", "y"]}))


def test_groups_of_a_frame_are_refused() -> None:
    model = Sequential([Dense(2, name="head")])
    for layer in (Dense(2, name="head"), model):
        with pytest.raises(DTypeError, match=r"got a \w*GroupBy, expected a frame.*mean\(\)"):
            layer(pd.DataFrame({"a": [1.0, 2.0], "town": [0, 1]}).groupby("town"))


def test_sparse_and_masked_arrays_are_refused_with_the_way_out() -> None:
    with pytest.raises(DTypeError, match=r"Dense 'dense': got a sparse matrix.*x.toarray\(\)"):
        Dense(2)(sparse.csr_matrix(np.eye(3)))
    with pytest.raises(DTypeError, match=r"masked array.*x.filled\(0\)"):
        Dense(2)(np.ma.masked_less(np.ones((2, 2)) * [[0, 1]], 1))
