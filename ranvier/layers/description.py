"""Configs of layers: constructor arguments as plain data, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import activations
from ..graph.config import init_config, parameters
from ..graph.configurable import restored, written
from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.registry import custom_object_scope, get_registered_object
from .dtype_policy import DTypePolicy

#: Parameters that say where a layer stands, not what it is; Keras leaves them out too.
_LEFT_OUT = ("autocast",)


def describe(layer: Any, base: type) -> dict[str, Any]:
    """Return the config of a layer: name, trainable, dtype, then the arguments of `__init__`.

    Args:
        layer: what to describe.
        base: the class whose `get_config` calls this.
    """
    overridden = type(layer).get_config is not base.get_config  # type: ignore[attr-defined]
    config: dict[str, Any] = {
        "name": layer.name,
        "trainable": layer.trainable,
        "dtype": plain(layer.dtype_policy),
    }
    if not overridden:  # a class of the user's own may take none of these
        config = {key: value for key, value in config.items() if key in parameters(type(layer))}
    for key, value in init_config(layer, overridden, vars(layer).get("_given")).items():
        if key in config or key in _LEFT_OUT:
            continue
        if key != "activity_regularizer" or value is not None:
            config[key] = plain(value)
    return config


def plain(value: Any) -> Any:
    """Return an argument as data: numbers, strings, lists, and {class_name, config} of objects."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return type(value)(plain(part) for part in value)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if hasattr(value, "get_config"):
        config = written(value)
        return config | {"module": "keras"} if isinstance(value, DTypePolicy) else config
    if callable(value):
        return activations.serialize(value)
    return value


def accepted(cls: type, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a config without what Keras writes as None for arguments that no layer here has."""
    from . import CATALOG  # the list names classes whose base imports this file

    if CATALOG.get(cls.__name__) is not cls:
        return dict(config)
    known = parameters(cls)
    return {key: value for key, value in config.items() if value is not None or key in known}


def revived(value: Any) -> Any:
    """Return a layer for the config of one; anything else as it is, for `get` of its room."""
    if isinstance(value, list):
        return [revived(part) for part in value]
    if not isinstance(value, dict) or not isinstance(value.get("class_name"), str):
        return value
    module, name = str(value.get("module")), value["class_name"]
    from . import CATALOG  # the list names classes whose base imports this file

    inner = module.startswith("keras.src.layers") and name in CATALOG
    if inner or module.startswith("keras.layers"):
        return restored(value, CATALOG, "layer")
    known = (get_registered_object(str(value.get("registered_name"))), get_registered_object(name))
    cls = next((c for c in known if c is not None), None) or _model(module, name)
    if not hasattr(cls, "from_config") or not hasattr(cls, "add_weight"):
        return value  # no layer
    return cls.from_config(dict(value["config"]))


def _model(module: str, name: str) -> Any:
    """Return the class of models that Keras knows by this name: it lives beyond this room."""
    from .layer import Layer  # it imports this file

    below: list[Any] = [Layer]
    for cls in below:
        below += cls.__subclasses__()
    return next((c for c in below if vars(c).get("_public_name") == (module, name)), None)


def serialize(layer: Any) -> dict[str, Any]:
    """Return the config of a layer, and the shapes it was built with, as a dict of Keras' form.

    Raises:
        ArgumentTypeError: for what is no layer.

    Example:
        >>> from ranvier.layers import Flatten
        >>> serialize(Flatten())["class_name"]
        'Flatten'

    Source: keras.layers.serialize; weights are no part of it.
    """
    if not hasattr(layer, "get_build_config"):
        raise ArgumentTypeError(f"layers.serialize: got {layer!r:.80}, expected a layer.")
    shapes = layer.get_build_config()
    config: dict[str, Any] = plain(written(layer))
    return config if shapes is None else {**config, "build_config": plain(shapes)}


def deserialize(config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Return a new layer, or model, from what `serialize`, or Keras, wrote.

    Args:
        config: a dict with "module", "class_name" and "config".
        custom_objects: your own classes and functions by name.

    Raises:
        ArgumentError: if it describes no layer that is known here.

    Example:
        >>> from ranvier.layers import Dense
        >>> deserialize(serialize(Dense(3, name="out")))
        <Dense name=out, built=False>

    Source: keras.layers.deserialize.
    """
    with custom_object_scope(custom_objects or {}):
        layer = revived(config)
        if not hasattr(layer, "build_from_config"):
            raise ArgumentError(
                f"layers.deserialize: got {config!r:.80}, expected a dict as layers.serialize "
                "writes it. Hand classes of your own over: custom_objects={'Mine': Mine}."
            )
        if not layer.built:
            layer.build_from_config(config.get("build_config"))
    return layer
