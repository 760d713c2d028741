"""Configs: objects to plain data and back, by names of our own and of the caller alone."""

import json

import numpy as np
import pytest

from ranvier import losses
from ranvier.activations import relu
from ranvier.graph.errors import ArgumentError, ModelFileError
from ranvier.initializers import HeNormal
from ranvier.layers import Dense, Layer
from ranvier.regularizers import L2
from ranvier.save.config import deserialize, serialize
from ranvier.save.known import ROOMS, known_class, known_function, public_name


def test_the_form_of_keras():
    assert serialize(L2(0.5)) == {
        "module": "keras.regularizers",
        "class_name": "L2",
        "config": {"l2": 0.5},
        "registered_name": None,
    }
    layer = Dense(3, activation="relu", kernel_initializer="he_normal", name="head")
    layer.build((None, 4))
    config = serialize(layer)
    assert (config["module"], config["class_name"]) == ("keras.layers", "Dense")
    assert config["build_config"] == {"input_shape": (None, 4)}
    assert config["config"]["activation"] == "relu"
    assert config["config"]["kernel_initializer"]["class_name"] == "HeNormal"
    json.dumps(config)


def test_layers_come_back_built():
    layer = Dense(3, kernel_initializer=HeNormal(seed=1), kernel_regularizer="l2", name="head")
    layer.build((None, 4))
    again = deserialize(json.loads(json.dumps(serialize(layer))))
    assert again.name == "head" and again.kernel.shape == (4, 3)
    assert again.kernel_initializer.get_config() == layer.kernel_initializer.get_config()


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.5,
        "x",
        [1, [2, "a"]],
        {"a": {"b": [None]}},
        b"bytes",
        slice(1, None, 2),
        ...,
    ],
)
def test_plain_values(value):
    assert deserialize(json.loads(json.dumps(serialize(value)))) == value


def test_arrays():
    for array in (np.arange(6.0).reshape(2, 3), np.array([True, False]), np.int32([1, 2])):
        again = deserialize(json.loads(json.dumps(serialize({"a": array}))))["a"]
        np.testing.assert_array_equal(again, array)
        assert again.dtype == array.dtype
    assert serialize(np.float32(0.5)) == 0.5
    with pytest.raises(ModelFileError, match="an array of O, expected numbers"):
        deserialize({"class_name": "__numpy__", "config": {"value": [1], "dtype": "O"}})


def test_functions():
    config = serialize(relu)
    assert config["config"] == "relu" and config["class_name"] == "function"
    assert deserialize(config) is relu
    assert deserialize(serialize(losses.mean_squared_error)) is losses.mean_squared_error


def cube(x):
    return x**3


class Odd(Layer):
    """A layer that reads its config itself."""

    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    @classmethod
    def from_config(cls, config):
        assert isinstance(config["inner"], dict), "as it stands in the file"
        return cls(deserialize(config.pop("inner")), **config)


def test_the_callers_own():
    assert deserialize(serialize(cube), {"cube": cube}) is cube
    again = deserialize(serialize(Odd(Dense(2, name="in"))), {"Odd": Odd})
    assert type(again.inner) is Dense and again.inner.name == "in"
    with pytest.raises(
        ModelFileError, match="config: names that are not known here: 'Odd', 'cube'"
    ):
        deserialize([serialize(cube), serialize(Odd(Dense(2)))])


def test_a_name_of_ours_stays_ours():
    """Custom objects do not replace what a file says is Keras' own."""
    assert type(deserialize(serialize(Dense(2)), {"Dense": Odd})) is Dense


def test_no_code():
    double, half = (lambda x: x * 2), (lambda x: x / 2)
    names = [one["config"] for one in serialize([double, half, double])]
    assert names == ["<lambda>", "<lambda_1>", "<lambda>"]
    assert serialize(half)["config"] == "<lambda>", "names begin anew with each object"
    with pytest.raises(ModelFileError, match="a lambda, that is code, which is never run"):
        deserialize({"class_name": "__lambda__", "config": {"value": "x"}})


def test_what_has_no_config():
    with pytest.raises(ArgumentError, match="which has no config. Give its class a `get_config`"):
        serialize(object())


def test_one_object_in_two_places():
    one = serialize(Dense(2)) | {"shared_object_id": 7}
    first, second = deserialize([one, one])
    assert first is second


@pytest.mark.parametrize(
    ("extra", "words"),
    [({"quantization_config": None}, None), ({"ragged": False}, None),
     ({"lora_rank": 4}, "Dense 'head': argument `lora_rank`: got 4, which Dense has no equal of")],
)  # fmt: skip
def test_arguments_that_only_keras_has(extra, words):
    config = serialize(Dense(2, name="head"))
    config["config"] |= extra
    if words is None:
        assert deserialize(config).units == 2
    else:
        with pytest.raises(ModelFileError, match=words):
            deserialize(config)


def test_errors_name_the_place():
    config = serialize(Dense(2, name="head"))
    config["config"]["units"] = -3
    with pytest.raises(
        ModelFileError, match="f.keras: Dense 'head': Dense 'head', `units`: got -3"
    ):
        deserialize(config, name="f.keras")


def test_a_module_only_chooses_a_list():
    assert known_class("keras.layers", "Dense") is Dense
    assert known_class("keras.src.layers.core.dense", "Dense") is Dense
    for module in (None, "", "os", "ranvier.layers", "keras", "kerasxlayers", ["keras.layers"]):
        assert known_class(module, "Dense") is None
    assert known_class("keras.layers", "__class__") is None
    assert known_class("keras.layers", ["Dense"]) is None
    assert known_function("relu") is relu and known_function("eval") is None


def test_every_name_of_ours_is_found_by_its_public_name():
    for catalog in ROOMS.values():
        for value in catalog.values():
            module, name = public_name(value)
            found = known_class(module, name) if isinstance(value, type) else ROOMS[module][name]
            assert found is value
