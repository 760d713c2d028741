"""Configs of whole models, in the form that Keras writes: layers, and how they are connected."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from ..graph.errors import ModelFileError
from ..graph.structure import flatten, mapped
from ..layers.call import Call
from ..layers.keras_tensor import KerasTensor
from ..layers.op_layer import OpLayer
from ..save.config import TENSOR, deserialize, serialize
from .operation import arguments_of, operation_config, operation_from_config

# Numbers in a row. Some operations make constants as large as what they are called on.
_LARGEST = 1 << 26


def base_config(model: Any) -> dict[str, Any]:
    """Return what every model's config begins with."""
    return {
        "name": model.name,
        "trainable": model.trainable,
        "dtype": {
            "module": "keras",
            "class_name": "DTypePolicy",
            "config": {"name": model.dtype_policy.name},
            "registered_name": None,
        },
    }


# --- Sequential ---------------------------------------------------------------------------------
def sequential_config(model: Any, stack: list[Any]) -> dict[str, Any]:
    """Return the config of a Sequential."""
    config = base_config(model)
    config["layers"] = [serialize(layer) for layer in stack]
    if model.built and hasattr(stack[0], "batch_shape"):
        config["build_input_shape"] = tuple(stack[0].batch_shape)
    return config


def sequential_from_config(cls: type, config: Mapping[str, Any]) -> Any:
    """Return a Sequential with the layers that a config lists."""
    if not isinstance(config.get("layers"), (list, tuple)):
        raise ModelFileError(
            f"{cls.__name__}.from_config: got {sorted(config)!r:.80}, expected 'name' and 'layers'."
        )
    layers = [revived(one) for one in config["layers"]]
    model = cls(name=config.get("name"))
    for layer in layers:
        model._append(layer)
    model._build_if_known()
    shape = config.get("build_input_shape")
    if not model.built and isinstance(shape, (list, tuple)) and shape:
        model.build(tuple(shape))
    if config.get("trainable") is False:
        model.trainable = False
    return model


def revived(value: Any) -> Any:
    """Return the layer, or the model, that a config describes."""
    from .store import model_classes  # which read their configs with this file

    return deserialize(value, models=model_classes())


# --- Functional ---------------------------------------------------------------------------------
def network_config(model: Any) -> dict[str, Any]:
    """Return the config of a functional model."""
    places = _places(model.calls)
    config = base_config(model)
    del config["dtype"]  # the layers have theirs
    config["layers"] = [_layer_config(layer, model.calls, places) for layer in model.operations]
    config["input_layers"] = mapped(lambda t: _history(t, places), model.input)
    config["output_layers"] = mapped(lambda t: _end(t, places), model.output)
    return config


def _end(tensor: KerasTensor, places: Mapping[int, int]) -> list[Any]:
    """Return where an output comes from; calls of functional models are counted from 1 here."""
    name, place, index = _history(tensor, places)
    assert tensor.history is not None
    return [name, place + _is_functional(tensor.history[0].layer), index]


def _is_functional(layer: Any) -> bool:
    from .functional import Functional

    return isinstance(layer, Functional)


def _places(calls: list[Call]) -> dict[int, int]:
    """Each call's number among the calls of its layer within this model."""
    counts: dict[int, int] = {}
    places = {}
    for call in calls:
        places[id(call)] = counts.get(id(call.layer), 0)
        counts[id(call.layer)] = places[id(call)] + 1
    return places


def _history(tensor: KerasTensor, places: Mapping[int, int]) -> list[Any]:
    assert tensor.history is not None
    call, index = tensor.history
    return [call.layer.name, places[id(call)], index]


def _layer_config(layer: Any, calls: list[Call], places: Mapping[int, int]) -> dict[str, Any]:
    mine = [call for call in calls if call.layer is layer and not call.is_input]
    nodes = [(call.args, call.kwargs) for call in mine]
    if isinstance(layer, OpLayer):
        config, *node = operation_config(layer, mine[0])  # an operation is called once
        nodes = [(node[0], node[1])]
    else:
        config = serialize(layer)

    def written(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return serialize(x)
        return {
            "class_name": TENSOR,
            "config": {
                "shape": list(x.shape),
                "dtype": x.dtype,
                "keras_history": _history(x, places),
            },
        }

    config["name"] = layer.name
    config["inbound_nodes"] = [
        {"args": mapped(written, args), "kwargs": mapped(written, kwargs)} for args, kwargs in nodes
    ]
    return config


def network_from_config(cls: type, config: Mapping[str, Any]) -> Any:
    """Return a functional model with the layers and connections that a config lists."""
    known: dict[tuple[str, int, int], KerasTensor] = {}
    waiting: deque[_Node] = deque()
    functional: set[str] = set()
    for one in config["layers"]:
        operation = operation_from_config(one)
        layer, extras = operation or (
            revived({k: v for k, v in one.items() if k not in ("name", "inbound_nodes")}), {}
        )  # fmt: skip
        name = one.get("name", layer.name)
        if _is_functional(layer):
            functional.add(name)
        nodes = one.get("inbound_nodes") or []
        if not nodes:
            _learn(known, name, 0, layer.output)
        for place, node in enumerate(nodes):
            waiting.append(_Node(layer, name, place, node, extras))
    _call_all(waiting, known, str(config.get("name")))

    def read(history: Any, counted_from_1: Container[str] = ()) -> Any:
        if isinstance(history, Mapping):
            return {key: read(part, counted_from_1) for key, part in history.items()}
        if len(history) == 3 and isinstance(history[0], str):
            name, place, index = history
            return known[name, place - (name in counted_from_1), index]
        return [read(part, counted_from_1) for part in history]

    inputs, outputs = read(config["input_layers"]), read(config["output_layers"], functional)
    model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
    if config.get("trainable") is False:
        model.trainable = False
    return model


@dataclass(frozen=True)
class _Node:
    """One call of a layer that a config asks for."""

    layer: Any
    name: str
    place: int
    config: Mapping[str, Any]
    extras: Mapping[str, Any]


class _Missing(Exception):
    """An input of a call that is not made yet."""


def _call_all(waiting: deque[_Node], known: dict[Any, KerasTensor], name: str) -> None:
    """Make all calls; one whose input is missing waits for just that input."""
    parked: dict[Any, list[_Node]] = {}
    while waiting:
        node = waiting.popleft()
        try:
            args, kwargs = _arguments(node, known)
        except _Missing as missing:
            parked.setdefault(missing.args[0], []).append(node)
            continue
        if not any(isinstance(x, KerasTensor) for x in flatten([args, kwargs])):
            raise ModelFileError(f"Model '{name}': layer '{node.name}' is called on no input.")
        for key in _learn(known, node.name, node.place, node.layer(*args, **kwargs)):
            waiting.extend(parked.pop(key, ()))
    if parked:
        left = min(node.name for nodes in parked.values() for node in nodes)
        raise ModelFileError(
            f"Model '{name}': layer '{left}' takes what no layer gives; the connections in its "
            "config are damaged."
        )


def _learn(
    known: dict[Any, KerasTensor], name: str, place: int, outputs: Any
) -> list[tuple[str, int, int]]:
    keys = []
    for index, tensor in enumerate(flatten(outputs)):
        if math.prod(size or 1 for size in tensor.shape) > _LARGEST:
            raise ModelFileError(f"layer '{name}' gives rows of shape {tensor.shape}; refused.")
        keys.append((name, place, index))
        known[keys[-1]] = tensor
    return keys


def _arguments(node: _Node, known: dict[Any, KerasTensor]) -> tuple[list[Any], dict[str, Any]]:
    def read(x: Any) -> Any:
        if isinstance(x, Mapping):
            if x.get("class_name") == TENSOR:
                key = tuple(x["config"]["keras_history"])
                if key not in known:
                    raise _Missing(key)
                return known[key]
            if "class_name" in x:
                return revived(x)
            return {key: read(part) for key, part in x.items()}
        if isinstance(x, (list, tuple)):
            return [read(part) for part in x]
        return x

    args = read(list(node.config.get("args", ())))
    kwargs = read(dict(node.config.get("kwargs", {})))
    if not isinstance(node.layer, OpLayer):
        return args, kwargs
    if node.layer.op_name == "getitem":
        # JSON knows no tuples, but x[[0, 1]] and x[0, 1] differ.
        args = [tuple(x) if isinstance(x, list) else x for x in args]
    args, extras = arguments_of(node.layer.function, args, read(dict(node.extras)))
    return args, {**extras, **kwargs}
