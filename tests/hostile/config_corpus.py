"""Hostile configs in `.keras` files: each names what must not be run, or asks for too much."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ranvier.save.keras import pack_keras, unpack_keras

Config = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A change to a good config, and what the error must say."""

    change: Callable[[Config], Any]
    words: str

    @property
    def name(self) -> str:
        return self.change.__name__

    def make(self, good: bytes) -> bytes:
        contents = unpack_keras(good, "good")
        config = copy.deepcopy(contents.config)
        changed = self.change(config)
        return pack_keras(config if changed is None else changed, contents.weights)


CASES: list[Case] = []


def hostile(words: str):
    def keep(change):
        CASES.append(Case(change, words))
        return change

    return keep


def dense(config: Config) -> Config:
    """The config of the first layer, whose weights are (4, 3) and (3,)."""
    return next(one for one in config["config"]["layers"] if one["class_name"] == "Dense")


def named(word: str, module: Any = "keras.layers", registered: Any = None, config: Any = None):
    return {"module": module, "class_name": word, "config": {} if config is None else config,
            "registered_name": registered}  # fmt: skip


# Names


@hostile("names that are not known here: 'system'")
def module_of_python(config):
    return named("system", "os", config={"command": "true"})


@hostile("names that are not known here: 'Popen'")
def layer_of_another_module(config):
    config["config"]["layers"].append(named("Popen", "subprocess", config={"args": ["true"]}))


@hostile("names that are not known here: 'get_file'")
def function_of_keras_that_is_no_layer(config):
    config["config"]["layers"].append(named("get_file", "keras.utils", config={"origin": "x"}))


@hostile("names that are not known here: 'MyLayer'")
def module_that_would_be_imported(config):
    config["config"]["layers"].append(named("MyLayer", "antigravity", "MyLayer"))


@hostile("names that are not known here: 'eval'")
def builtin_function(config):
    dense(config)["config"]["activation"] = named("function", "builtins", "eval", "eval")


@hostile("names that are not known here: 'os.system'")
def function_with_a_path(config):
    dense(config)["config"]["activation"] = named("function", "os", "system", "os.system")


@hostile("it holds a lambda, that is code, which is never run")
def a_lambda(config):
    code = {"code": "4wAAAAA=", "defaults": None, "closure": None}
    dense(config)["config"]["activation"] = {"class_name": "__lambda__", "config": code}


@hostile("it holds a lambda, that is code, which is never run")
def lambda_layer(config):
    function = {"class_name": "__lambda__", "config": {"code": "4wAAAAA="}}
    layer = named("Lambda", config={"name": "l", "function": function})
    config["config"]["layers"].append(layer)


@hostile("not known|expected|unknown")
def lambda_layer_with_code_as_text(config):
    layer = named("Lambda", config={"name": "l", "function": ["4wAAAAA=", None, None]})
    config["config"]["layers"].append(layer)


@hostile("it holds a TensorFlow type")
def typespec(config):
    config["config"]["layers"].append({**named("__typespec__", "os"), "spec_name": "system"})


@hostile("activation: got 'os.system'|'os.system'")
def activation_by_a_path(config):
    dense(config)["config"]["activation"] = "os.system"


@hostile("activation: got '__class__'|'__class__'")
def activation_by_a_dunder(config):
    dense(config)["config"]["activation"] = "__class__"


@hostile("names that are not known here: '__reduce__'")
def class_by_a_dunder(config):
    config["config"]["layers"].append(named("__reduce__"))


@hostile("expected a model")
def no_model(config):
    return dense(config)


@hostile("known here: 'pickle>loads'")
def registered_name(config):
    dense(config)["registered_name"] = "pickle>loads"


@hostile("operation|expected a layer")
def operation_that_is_none(config):
    config["config"]["layers"].append(named("Eval", "keras.src.ops.numpy"))


# Sizes


@hostile("more weights than the file stores")
def huge_layer(config):
    dense(config)["config"]["units"] = 1 << 40


@hostile("more weights than the file stores|built for 4")
def huge_input(config):
    for layer in config["config"]["layers"]:
        if layer["class_name"] == "InputLayer":
            layer["config"]["batch_shape"] = [None, 1 << 40]


@hostile("has shape .* but|built for 3")
def other_layer_size(config):
    dense(config)["config"]["units"] = 2


@hostile("`units`: got -3")
def negative_size(config):
    dense(config)["config"]["units"] = -3


@hostile("`units`: got 1e\\+300|`units`")
def size_that_is_no_int(config):
    dense(config)["config"]["units"] = 1e300


@hostile("argument `units_of_evil`")
def unknown_argument(config):
    dense(config)["config"]["units_of_evil"] = 3


@hostile("activation")
def argument_of_the_wrong_type(config):
    dense(config)["config"]["activation"] = {"a": [1, 2, 3]}


@hostile("Dense")
def config_of_the_wrong_type(config):
    dense(config)["config"] = [1, 2, 3]


@hostile("expected|layers")
def layers_of_the_wrong_type(config):
    config["config"]["layers"] = "dense"


@hostile("")
def layers_of_numbers(config):
    config["config"]["layers"] = [1, None, "x"]


@hostile("")
def no_layers(config):
    del config["config"]["layers"]


@hostile("two layers have the name")
def one_name_for_two_layers(config):
    config["config"]["layers"].append(copy.deepcopy(dense(config)))


@hostile("compiled as it was|not known here")
def unknown_optimizer(config):
    config["compile_config"]["optimizer"] = "os.system"


@hostile("not known here: 'Evil'")
def optimizer_of_another_module(config):
    config["compile_config"]["optimizer"] = named("Evil", "evil")


@hostile("compiled as it was|expected a dict")
def compile_config_of_the_wrong_type(config):
    config["compile_config"] = ["adam"]


def metric(config: Config, word: str, **arguments: Any) -> None:
    config["compile_config"]["metrics"] = [named(word, "keras.metrics", config=arguments)]


@hostile("more weights than the file stores")
def metric_with_too_many_thresholds(config):
    metric(config, "AUC", num_thresholds=1 << 40)


@hostile("more weights than the file stores")
def metric_with_too_many_classes(config):
    metric(config, "MeanIoU", num_classes=1 << 30)


@hostile("more weights than the file stores")
def metric_with_too_many_steps(config):
    metric(config, "PrecisionAtRecall", recall=0.5, num_thresholds=1 << 40)


def deep(config: Config, levels: int) -> Config:
    """Models in models."""
    for level in range(levels):
        inner = json.loads(json.dumps(config))
        inner["config"]["name"] = f"inner_{level}"
        inner.pop("compile_config", None)
        config = {**inner, "config": {"name": f"outer_{level}", "layers": [inner]}}
    return config


@hostile("nested deeper than 100 levels")
def models_in_models(config):
    return deep(config, 40)
