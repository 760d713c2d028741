"""Inputs of a wrong size, in words."""

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import ArgumentTypeError, ShapeError
from ranvier.layers import LSTM, Conv2D, Dense, Input


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


#: Layers of one input, each made with as little as may be.
SINGLE = {
    "BatchNormalization": (), "Conv1D": (2, 2), "Dense": (2,), "EinsumDense": ("ab,bc->ac", 4),
    "Embedding": (5, 2), "Flatten": (), "GRU": (2,), "GroupNormalization": (1,),
    "LayerNormalization": (), "MaxPooling2D": (), "Normalization": (), "PReLU": (),
    "RMSNormalization": (), "Reshape": ((3, 1),), "Resizing": (2, 2),
    "SpectralNormalization": (Dense(2),), "TimeDistributed": (Dense(2),),
}  # fmt: skip


@pytest.mark.parametrize("name", SINGLE)
def test_several_inputs_where_one_is_meant(name: str) -> None:
    layer = getattr(layers, name)(*SINGLE[name], name="head")
    place = f"^{name} 'head': got"
    rows = list(np.ones((4, 3), "float32"))
    for several, count in ((rows, "4 inputs"), (tuple(rows), "4 inputs"), (rows[:1], "1 input")):
        with pytest.raises(ShapeError, match=rf"{place} a list of {count}, .*np\.stack\(x\)"):
            layer(several)
    with pytest.raises(ShapeError, match=f"{place} a dict of inputs .'a'., expected one array"):
        layer({"a": rows[0]})
    for thing in (None, {1, 2}):
        with pytest.raises(ArgumentTypeError, match=f"{place} .* of type .*, expected an array"):
            layer(thing)


def test_an_optional_input_may_be_missing() -> None:
    class Either(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.input_spec = layers.InputSpec(ndim=2, optional=True)

        def call(self, inputs):
            return np.zeros(1) if inputs is None else inputs

    assert Either()(None).shape == (1,)
