"""Inputs of a wrong size, in words."""

import numpy as np
import pytest

from ranvier.graph.errors import (
    ShapeError,
)  # fmt: skip
from ranvier.layers import LSTM, Conv2D, Dense, Flatten, Input


def test_sizes_are_checked_in_words() -> None:
    layer = Dense(2, name="head")
    layer.build((None, 8))
    with pytest.raises(ShapeError, match=r"Dense 'head': got last axis 7 .*built for 8"):
        layer(np.ones((1, 7)))
    with pytest.raises(ShapeError, match="1 axes, expected at least 2.*For one row"):
        layer(np.ones(8))
    with pytest.raises(ShapeError, match=r"3 axes.*Pictures in grey.*Input\(\(28, 28, 1\)\)"):
        Conv2D(4, 3)(Input((28, 28)))
    with pytest.raises(ShapeError, match=r"For one row, give x\[None\]\. Pictures in grey"):
        Conv2D(4, 3)(np.ones((28, 28, 1)))
    with pytest.raises(ShapeError, match=r"Input\(\(8, 1\)\).*return_sequences=True"):
        LSTM(4)(Input((8,)))
    with pytest.raises(ShapeError, match="got last axis 7"):
        layer(Input((7,)))


def test_a_list_where_one_input_is_meant() -> None:
    rows = list(np.ones((4, 3), "float32"))
    for layer in (Dense(2, name="head"), Flatten(name="head")):
        with pytest.raises(ShapeError, match=r"'head': got a list of 4 inputs.*np\.stack\(x\)"):
            layer(rows)
