"""Keywords of every layer: names, Keras 2's shapes, misspelt ones."""

from typing import Any

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.layers import Dense
from tests.layers.block import Block


def test_names_count_per_class_and_take_any_script() -> None:
    assert [Dense(1).name, Dense(1).name, Block().name] == ["dense", "dense_1", "block"]
    assert Dense(1, name="은닉층").name == "은닉층"
    assert repr(Dense(1, name="은닉층")) == "<Dense name=은닉층, built=False>"


@pytest.mark.parametrize("name", ["a/b", "", 3])
def test_a_wrong_name_is_refused(name: Any) -> None:
    with pytest.raises(ArgumentError, match="Dense, `name`: got .*without '/'"):
        Dense(1, name=name)


def test_an_unknown_keyword_offers_the_nearest() -> None:
    with pytest.raises(ArgumentTypeError, match="unknown keyword `nam`. Did you mean 'name'"):
        Dense(3, nam="x")
    with pytest.raises(ArgumentTypeError, match="'kernel_initializer'"):
        Dense(3, kernel_initialiser="ones")


@pytest.mark.parametrize(
    ("keywords", "shape"),
    [
        ({"input_shape": (28, 28)}, (None, 28, 28)),
        ({"input_shape": [3]}, (None, 3)),
        ({"input_dim": 3}, (None, 3)),
        ({"batch_input_shape": (5, 3)}, (5, 3)),
        ({"input_shape": (3,), "batch_size": 4}, (4, 3)),
        ({}, None),
    ],
)
def test_keras_2_shapes_are_kept_for_sequential(keywords: dict[str, Any], shape: Any) -> None:
    assert Dense(2, **keywords)._batch_shape_argument == shape


def test_keras_2_weights_are_set_once_built() -> None:
    layer = Dense(2, weights=[np.ones((3, 2)), np.full(2, 5.0)])
    assert layer(np.ones((1, 3))).tolist() == [[8.0, 8.0]]


class Doubled(Dense):
    """A layer that hands what it does not know on to Dense."""

    def __init__(self, units: int, gain: float = 2.0, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.gain = gain


def test_what_keras_writes_for_subclasses_of_its_layers() -> None:
    written = {"name": "twice", "units": 3, "gain": 1.5, "quantization_config": None}
    layer = Doubled.from_config(written)
    assert (layer.name, layer.units, layer.gain) == ("twice", 3, 1.5)
    assert "quantization_config" not in layer.get_config()
    with pytest.raises(ArgumentTypeError, match="unknown keyword `quantization_config`"):
        Doubled(3, quantization_config={"mode": "int8"})
