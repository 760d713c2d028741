"""Data to adapt to: whole, in batches, or none."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import DataTypeError
from ranvier.layers import (
    Discretization,
    IntegerLookup,
    Normalization,
    StringLookup,
    TextVectorization,
)
from ranvier.layers.batches import batches_of


def test_whole_data_and_batches():
    array = np.arange(4)
    assert list(batches_of(array, "here")) == [(array, True)]
    assert list(batches_of([1, 2], "here", whole=True)) == [([1, 2], True)]
    pairs = [("a", 0), ("b", 1), ("c", 2)]
    assert list(batches_of(pairs, "here", steps=2)) == [("a", False), ("b", False)]


@pytest.mark.parametrize(
    "layer", [Discretization, IntegerLookup, Normalization, StringLookup, TextVectorization]
)
@pytest.mark.parametrize(
    ("data", "words"), [(5, "got int"), (None, "got NoneType"), ({"age": [1]}, "Give one of its")]
)
def test_what_no_layer_adapts_to(layer, data, words):
    made = layer(num_bins=2) if layer is Discretization else layer()
    with pytest.raises(DataTypeError, match=r"', adapt: got .* batches of them\.") as told:
        made.adapt(data)
    assert words in str(told.value)
