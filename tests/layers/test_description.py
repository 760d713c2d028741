"""Configs read from signatures."""

import json
from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.layers import Dense, Dropout, Layer
from ranvier.saving import serialize_keras_object
from tests.layers.block import Block


def test_config_of_a_class_without_get_config_comes_from_its_signature() -> None:
    config = Block(7, name="b", trainable=False).get_config()
    assert (config["units"], config["name"], config["trainable"]) == (7, "b", False)
    again = Block.from_config(config)
    assert again.units == 7 and again.get_config() == config


def test_config_written_in_the_way_of_keras() -> None:
    class Mine(Layer):
        def __init__(self, units: int, activation: Any = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.size = units

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "units": self.size}

    config = Mine(3, name="m", dtype="float64").get_config()
    assert config["units"] == 3 and config["dtype"]["config"] == {"name": "float64"}
    assert Mine.from_config(config).get_config() == config


def test_what_keras_writes_as_none_for_arguments_of_its_own_is_left_out() -> None:
    config = {**Dense(3, name="d").get_config(), "quantization_config": None}
    assert Dense.from_config(config).get_config() == Dense(3, name="d").get_config()
    described = {"module": "keras.layers", "class_name": "Dense", "config": config}
    assert layers.deserialize(described).units == 3
    with pytest.raises(ArgumentTypeError, match="unknown keyword `quantization_config`"):
        Dense.from_config({**config, "quantization_config": {"bits": 8}})


def test_an_argument_that_was_not_kept_is_named() -> None:
    class Lost(Layer):
        def __init__(self, table: Any) -> None:
            super().__init__()

    with pytest.raises(ArgumentError, match="`table` of __init__ was not kept"):
        Lost(np.zeros(3)).get_config()


def test_plain_arguments_need_not_be_kept() -> None:
    class Stack(Layer):
        def __init__(self, units: int, depth: int = 2, *, kind: Any = "relu") -> None:
            super().__init__()
            self.units = [Dense(units, activation=kind) for _ in range(depth)]
            self.kind = Dropout(0.5)

    config = Stack(4, kind="elu").get_config()
    assert config == {"units": 4, "depth": 2, "kind": "elu"}
    assert Stack(4, depth=1).get_config()["depth"] == 1
    assert Stack.from_config({"units": 3, "kind": "tanh"}).get_config()["units"] == 3
    with pytest.raises(TypeError, match="units"):
        Stack()


def test_layers_as_data_and_back() -> None:
    first = layers.Bidirectional(layers.LSTM(2, kernel_regularizer="l2"), name="both")
    first.build((None, 4, 3))
    config = json.loads(json.dumps(layers.serialize(first)))
    assert config == json.loads(json.dumps(serialize_keras_object(first)))
    again = layers.deserialize(config)
    assert (again.name, again.built, again.count_params()) == ("both", True, first.count_params())
    assert again.get_config() == first.get_config()
    config["module"] = "keras.src.layers.rnn.bidirectional"
    assert layers.deserialize(config).get_config() == first.get_config()


def test_layers_of_the_users_own_as_data_and_back() -> None:
    config = layers.serialize(layers.TimeDistributed(Block(4)))
    assert layers.deserialize(config, {"Block": Block}).layer.units == 4
    with pytest.raises(ArgumentError, match="layers.deserialize: got .*custom_objects="):
        layers.deserialize(layers.serialize(Block(4)))


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (None, "layers.deserialize: got None, expected a dict"),
        ("Dense", "layers.deserialize: got 'Dense', expected a dict"),
        ({"class_name": "Dense", "config": {"units": 3}}, "layers.deserialize: got {'class_name'"),
        ({"module": "keras.losses", "class_name": "Huber", "config": {}}, "expected a dict as"),
        ({"module": "keras.layers", "class_name": "Dnese", "config": {}}, "you mean 'Dense'"),
        ({"module": "keras.layers", "class_name": "Dense", "config": 3}, "`config`: got 3"),
        (layers.serialize(layers.Lambda(lambda x: 2 * x)), "got '<lambda>'"),
    ],
)
def test_what_describes_no_layer(config: Any, said: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        layers.deserialize(config)
    assert said in str(caught.value)


def test_what_is_no_layer() -> None:
    with pytest.raises(ArgumentTypeError, match="layers.serialize: got 3, expected a layer"):
        layers.serialize(3)
