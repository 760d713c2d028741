"""Shapes of outputs, found by tracing."""

from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.errors import ShapeError
from ranvier.layers import LSTM, Embedding, Input, Layer
from tests.layers.block import Block


def test_a_layer_that_mixes_rows_is_inferred_at_exact_sizes() -> None:
    class Flipped(Layer):
        def call(self, inputs: Any) -> Any:
            return ops.flip(inputs, 0)

    class Total(Layer):
        def call(self, inputs: Any) -> Any:
            return ops.reshape(ops.flip(inputs, 0), (-1,))[:2]

    assert Flipped()(Input((3,))).shape == (None, 3)
    assert Total()(Input((3,))).shape == (2,)
    assert Flipped()(np.arange(6.0).reshape(2, 3)).tolist()[0] == [3.0, 4.0, 5.0]


def test_sizes_that_stand_for_open_ones_are_told() -> None:
    class Fixed(Layer):
        def call(self, inputs: Any) -> Any:
            return ops.reshape(inputs, (32, 3))

    with pytest.raises(ShapeError, match="Here 7 stands for sizes that are open, .*write -1"):
        Fixed()(Input((3,)))


def test_masks_are_there_when_shapes_are_found() -> None:
    class Weighed(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.supports_masking = True

        def call(self, inputs: Any, mask: Any = None) -> Any:
            assert mask is not None
            return inputs * ops.cast(ops.expand_dims(mask, -1), "float32")

    embedded = Embedding(10, 4, mask_zero=True)(Input((None,)))
    assert embedded.mask_shape == (None, None)
    steps = LSTM(3, return_sequences=True)(Weighed()(embedded))
    assert Weighed()(steps).shape == (None, None, 3)
    assert LSTM(3)(steps).mask_shape is None


def test_compute_output_shape_by_tracing() -> None:
    assert Block(5).compute_output_shape((None, 4)) == (None, 5)
    assert Block(5).compute_output_shape([None, 4]) == (None, 5)
