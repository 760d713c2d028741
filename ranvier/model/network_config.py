"""Configs of whole models, in the form that Keras writes: layers, and how they are connected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..graph.errors import ModelFileError
from ..layers.call import Call
from ..layers.keras_tensor import KerasTensor
from ..layers.op_layer import OpLayer
from ..layers.structure import flatten, mapped
from ..save.config import deserialize, serialize
from .operation import operation_config, operation_from_config

_TENSOR = "__keras_tensor__"


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
    from .functional import Functional  # these three read their configs with this file
    from .model import Model
    from .sequential import Sequential

    models = {"Sequential": Sequential, "Functional": Functional, "Model": Model}
    return deserialize(value, models=models)


# --- Functional ---------------------------------------------------------------------------------
def network_config(model: Any) -> dict[str, Any]:
    """Return the config of a functional model."""
    places = _places(model.calls)
    config = base_config(model)
    config["layers"] = [_layer_config(layer, model.calls, places) for layer in model.operations]
    for key, structure in (("input_layers", model.input), ("output_layers", model.output)):
        config[key] = mapped(lambda t: _history(t, places), structure)
    return config


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
    config = operation_config(layer) if isinstance(layer, OpLayer) else serialize(layer)

    def written(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return serialize(x)
        return {
            "class_name": _TENSOR,
            "config": {
                "shape": list(x.shape),
                "dtype": x.dtype,
                "keras_history": _history(x, places),
            },
        }

    config["name"] = layer.name
    config["inbound_nodes"] = [
        {"args": mapped(written, call.args), "kwargs": mapped(written, call.kwargs)}
        for call in calls
        if call.layer is layer and not call.is_input
    ]
    return config


def network_from_config(cls: type, config: Mapping[str, Any]) -> Any:
    """Return a functional model with the layers and connections that a config lists."""
    known: dict[tuple[str, int, int], KerasTensor] = {}
    waiting: list[tuple[Any, int, Mapping[str, Any]]] = []
    for one in config["layers"]:
        layer = operation_from_config(one) or revived(
            {k: v for k, v in one.items() if k not in ("name", "inbound_nodes")}
        )
        name = one.get("name", layer.name)
        nodes = one.get("inbound_nodes") or []
        if not nodes:
            _learn(known, name, 0, layer.output)
        waiting += [(layer, i, {**node, "name": name}) for i, node in enumerate(nodes)]
    while waiting:
        left = [item for item in waiting if not _called(item, known)]
        if len(left) == len(waiting):
            raise ModelFileError(
                f"Model '{config.get('name')}': layer '{left[0][2]['name']}' takes what no layer "
                "gives; the connections in its config are damaged."
            )
        waiting = left

    def read(history: Any) -> Any:
        if isinstance(history, Mapping):
            return {key: read(part) for key, part in history.items()}
        if len(history) == 3 and isinstance(history[0], str):
            return known[tuple(history)]  # type: ignore[index]
        return [read(part) for part in history]

    inputs, outputs = read(config["input_layers"]), read(config["output_layers"])
    model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
    if config.get("trainable") is False:
        model.trainable = False
    return model


def _learn(known: dict[Any, KerasTensor], name: str, place: int, outputs: Any) -> None:
    for index, tensor in enumerate(flatten(outputs)):
        known[name, place, index] = tensor


def _called(item: tuple[Any, int, Mapping[str, Any]], known: dict[Any, KerasTensor]) -> bool:
    """Make one call of a layer if all its inputs are there; tell whether they were."""
    layer, place, node = item

    class _Missing(Exception):
        """An input that is not made yet."""

    def read(x: Any) -> Any:
        if isinstance(x, Mapping):
            if x.get("class_name") != _TENSOR:
                return {key: read(part) for key, part in x.items()}
            key = tuple(x["config"]["keras_history"])
            if key not in known:
                raise _Missing
            return known[key]
        if isinstance(x, (list, tuple)):
            return [read(part) for part in x]
        return x

    try:
        args, kwargs = read(list(node.get("args", ()))), read(dict(node.get("kwargs", {})))
    except _Missing:
        return False
    _learn(known, node["name"], place, layer(*args, **kwargs))
    return True
