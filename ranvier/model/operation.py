"""Configs of plain operations (`x + y`, `ops.exp(x)`) between the layers of a functional model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import ops
from ..graph.errors import ModelFileError
from ..layers.op_layer import OpLayer

#: The module under which operations are written; Keras keeps its own in keras.src.ops.numpy.
MODULE = "keras.src.ops.numpy"


def operation_config(layer: OpLayer) -> dict[str, Any]:
    """Return the config of an operation: its name, and the class that Keras has for it."""
    return {
        "module": MODULE,
        "class_name": layer.class_name,
        "config": {"name": layer.name},
        "registered_name": None,
    }


def operation_from_config(config: Mapping[str, Any]) -> OpLayer | None:
    """Return the operation that a config describes, None if it describes a layer.

    Raises:
        ModelFileError: if there is no such operation here.
    """
    if not str(config.get("module")).startswith("keras.src.ops."):
        return None
    wanted = str(config.get("class_name")).lower()
    for name in dir(ops):
        function = getattr(ops, name)
        if name.replace("_", "") == wanted and callable(function):
            return OpLayer(function, name=(config.get("config") or {}).get("name"))
    raise ModelFileError(f"Model: it uses the operation {config.get('class_name')!r}, which is "
                         "not known here.")  # fmt: skip
