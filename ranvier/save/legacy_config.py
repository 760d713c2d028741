"""Configs as Keras 2 wrote them, brought into the form of Keras 3."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..graph.errors import ModelFileError
from .config import TENSOR
from .known import known_class

_MODELS = ("Sequential", "Functional", "Model")
_LAYERS, _OPTIMIZERS = "keras.layers", "keras.optimizers"
#: Where objects given under such a key are looked up.
_ROOMS = {
    "initializer": "keras.initializers", "regularizer": "keras.regularizers",
    "constraint": "keras.constraints", "learning_rate": "keras.optimizers.schedules",
    "optimizer": _OPTIMIZERS, "loss": "keras.losses", "metrics": "keras.metrics",
}  # fmt: skip
#: Arguments that Keras 3 has no more, and that changed speed or form alone.
_GONE = ("implementation", "input_length", "time_major", "fused", "virtual_batch_size",
         "jit_compile", "is_legacy_optimizer", "sparse", "ragged", "type_spec")  # fmt: skip
#: Arguments with new names.
_RENAMED = {"LeakyReLU": {"alpha": "negative_slope"}}
# What layers of filters inherited without using it.
_UNUSED = ("kernel_initializer", "kernel_regularizer", "kernel_constraint", "groups")
_UNUSED_OF = (
    {f"SeparableConv{n}D": _UNUSED for n in (1, 2)}
    | {f"DepthwiseConv{n}D": _UNUSED for n in (1, 2)}
    | {f"Conv{n}DTranspose": ("groups",) for n in (1, 2, 3)}
)
_CONSTANT = "_CONSTANT_VALUE"


def modern_model(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the config of a model in Keras 3's form; what has it already stays as it is.

    Args:
        config: plain data, with "class_name" and "config".
        name: what errors call the file.

    Raises:
        ModelFileError: if it is no config.
    """
    return _guarded(_layer, config, name)


def modern_compile(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what `compile` was given in Keras 3's form.

    Args:
        config: plain data: "optimizer" (in HDF5 "optimizer_config"), "loss", "metrics", ...
        name: what errors call the file.

    Raises:
        ModelFileError: if it is no such data.
    """
    return _guarded(_compiled, config, name)


def _guarded(translate: Callable[[Any], Any], config: Any, name: str) -> Any:
    try:
        return translate(config)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ModelFileError(f"{name}: its config is damaged ({error}).") from None


# --- layers -------------------------------------------------------------------------------------
def _layer(one: Mapping[str, Any]) -> dict[str, Any]:
    word, inner = one["class_name"], one["config"]
    if word in _MODELS:
        if isinstance(inner, list):  # a Sequential of Keras before 2.2.3
            inner = {"name": word.lower(), "layers": inner}
        inner = _model(word, inner)
        return {**_named(one, "keras"), "config": inner}
    inner = dict(inner)
    shape = inner.pop("batch_input_shape", None)
    known = known_class(_LAYERS, word) is not None
    if word == "InputLayer" and shape is not None:
        inner["batch_shape"] = shape
    if word == "Lambda":
        inner = _lambda(inner)
    if known:
        inner = _arguments(word, inner)
    return {**_named(one, _LAYERS if known else None), "config": inner}


def _named(one: Mapping[str, Any], module: str | None) -> dict[str, Any]:
    """Return a config with the module that says where its class is looked up."""
    if "module" in one:
        return dict(one)
    word = one["class_name"].rpartition(">")[2]
    if module == _OPTIMIZERS and known_class(module, word):  # "Custom>Adam"
        return {**one, "module": module, "class_name": word, "registered_name": None}
    registered = None if module else one["class_name"]
    return {**one, "module": module, "registered_name": registered}


def _arguments(word: str, inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer's arguments under their new names, without those that are gone."""
    names = _RENAMED.get(word, {})
    left_out = (*_GONE, *_UNUSED_OF.get(word, ()))
    found = {}
    for key, value in inner.items():
        if key in left_out:
            continue
        if key in ("layer", "backward_layer", "cell") and isinstance(value, Mapping):
            value = _layer(value)
        elif key == "cells":
            value = [_layer(one) for one in value]
        elif key == "axis" and isinstance(value, list) and len(value) == 1:
            value = value[0]
        else:
            value = _object(value, key)
        found[names.get(key, key)] = value
    return found


def _object(value: Any, key: str) -> Any:
    """Return an initializer, regularizer or the like with its module."""
    if not isinstance(value, Mapping) or "class_name" not in value or "module" in value:
        return value
    room = next((r for word, r in _ROOMS.items() if key == word or key.endswith(f"_{word}")), None)
    word = value["class_name"].rpartition(">")[2] if room == _OPTIMIZERS else value["class_name"]
    known = room is not None and known_class(room, word) is not None
    return _named(value, room if known else None)


def _lambda(inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Lambda's arguments: a function by name, or code under the name of code."""
    gone = ("module", "function_type", "output_shape_type", "output_shape_module")
    found = {key: value for key, value in inner.items() if key not in gone}
    function = found.get("function")
    if isinstance(function, list):
        found["function"] = {"class_name": "__lambda__", "config": {"value": None}}
    elif isinstance(function, str):
        found["function"] = {"module": "builtins", "class_name": "function", "config": function,
                             "registered_name": "function"}  # fmt: skip
    return found


# --- models -------------------------------------------------------------------------------------
def _model(word: str, inner: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in inner.items() if key != "batch_input_shape"}
    if "layers" not in inner:
        return found
    nested = {str(one["config"].get("name")): str(one["class_name"]) for one in inner["layers"]
              if one["class_name"] in _MODELS and isinstance(one["config"], Mapping)}  # fmt: skip
    found["layers"] = [_member(one, nested) for one in inner["layers"]]
    if word == "Sequential":
        entry = inner["layers"][0]["config"] if inner["layers"] else {}
        shape = entry.get("batch_input_shape") if isinstance(entry, Mapping) else None
        if shape is not None and found["layers"][0]["class_name"] != "InputLayer":
            config = {"batch_shape": shape, "dtype": entry.get("dtype") or "float32"}
            found["layers"].insert(0, {"module": _LAYERS, "class_name": "InputLayer",
                                       "config": config, "registered_name": None})  # fmt: skip
    elif any(isinstance(n, list) for one in inner["layers"] for n in one.get("inbound_nodes", ())):
        # Calls of models were counted from 1; those of Functional still are.
        found["output_layers"] = [
            [name, place - (nested.get(name) == "Sequential"), index]
            for name, place, index in _listed(inner["output_layers"])
        ]
        if not isinstance(inner["output_layers"][0], list):
            found["output_layers"] = found["output_layers"][0]
    return found


def _listed(structure: list[Any]) -> list[Any]:
    return structure if isinstance(structure[0], list) else [structure]


def _member(one: Mapping[str, Any], nested: Mapping[str, str]) -> dict[str, Any]:
    found = _layer(one)
    nodes = one.get("inbound_nodes")
    if nodes:
        found["inbound_nodes"] = [_node(node, nested) for node in nodes]
    return found


def _node(node: Any, nested: Mapping[str, str]) -> Any:
    """Return a call of a layer, [[layer, call, output, kwargs], ...], as args and kwargs."""
    if isinstance(node, Mapping):
        return node
    if isinstance(node[0], str):
        node = [node]
    tensors = [_tensor(one[:3], nested) for one in node]
    given: Mapping[str, Any] = next((one[3] for one in node if len(one) > 3), {})
    kwargs = {key: _tensors_in(value, nested) for key, value in given.items()}
    return {"args": [tensors[0] if len(tensors) == 1 else tensors], "kwargs": kwargs}


def _tensor(history: list[Any], nested: Mapping[str, str]) -> Any:
    name, place, index = history
    if name == _CONSTANT:
        return index
    history = [name, place - (name in nested), index]
    return {"class_name": TENSOR, "config": {"keras_history": history}}


def _tensors_in(value: Any, nested: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        if len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int):
            return _tensor(value[:3], nested)
        return [_tensors_in(part, nested) for part in value]
    return value


# --- what compile was given ---------------------------------------------------------------------
def _compiled(config: Mapping[str, Any]) -> dict[str, Any]:
    found = {k: v for k, v in config.items() if k != "optimizer_config" and v is not None}
    if "optimizer_config" in config:
        found["optimizer"] = config["optimizer_config"]
    for key in ("optimizer", "loss", "metrics", "weighted_metrics"):
        if key in found:
            found[key] = _part(found[key], key.removeprefix("weighted_"))
    return found


def _part(value: Any, key: str) -> Any:
    if isinstance(value, (list, tuple)):
        return [_part(one, key) for one in value]
    if not isinstance(value, Mapping):
        return value
    if "class_name" not in value:
        return {name: _part(one, key) for name, one in value.items()}
    inner = dict(value["config"]) if isinstance(value["config"], Mapping) else value["config"]
    if value["class_name"] == "MeanMetricWrapper" and isinstance(inner.get("fn"), str):
        return inner["name"] if inner.get("name") in ("accuracy", "acc") else inner["fn"]
    if isinstance(inner, dict):
        if inner.get("reduction") == "auto":
            inner["reduction"] = "sum_over_batch_size"
        if inner.get("decay") == 0.0:
            del inner["decay"]
        inner = {name: _object(one, name) for name, one in inner.items()
                 if name not in (*_GONE, "fn")}  # fmt: skip
    return _object({**value, "config": inner}, key)
