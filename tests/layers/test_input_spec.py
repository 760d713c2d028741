"""Inputs of a wrong size, in words."""

import numpy as np
import pytest

from ranvier.graph.errors import (
    ShapeError,
)  # fmt: skip
from ranvier.layers import Dense, Input


def test_sizes_are_checked_in_words() -> None:
    layer = Dense(2, name="head")
    layer.build((None, 8))
    with pytest.raises(ShapeError, match=r"Dense 'head': got last axis 7 .*built for 8"):
        layer(np.ones((1, 7)))
    with pytest.raises(ShapeError, match="1 axes, expected at least 2.*For one row"):
        layer(np.ones(8))
    with pytest.raises(ShapeError, match="got last axis 7"):
        layer(Input((7,)))
