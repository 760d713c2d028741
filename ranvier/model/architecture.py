"""Models as JSON text: layers and connections, and what `compile` was given, without weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..graph import budget
from ..graph.errors import ArgumentTypeError
from ..save.config import serialize
from ..save.text import count_values, read_config

# Bytes of weights. A text stores none, so that nothing in it bounds what it may ask for.
_MOST_WEIGHTS = 1 << 30


def to_json(model: Any, **kwargs: Any) -> str:
    """Return a model's config as JSON text.

    Args:
        model: a model whose parts all have a config.
        **kwargs: for `json.dumps`, for instance indent=2.
    """
    return json.dumps(serialize(model), **kwargs)


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """Return a new model from the text that `to_json` gave, here or in Keras.

    The layers are those of the text, the weights are new. A text is data: names in it are looked
    up among Ranvier's own and yours, and nothing in it is ever run or imported.

    Args:
        json_string: the text, at most 16 MB.
        custom_objects: your own classes and functions by name, where the model has any.

    Raises:
        ModelFileError: if it is no JSON text of a model, holds unknown names, or asks for more
            than 1 GB of weights; `Sequential.from_config` and its like have no such bound.
        ArgumentTypeError: if it is no text.

    Example:
        >>> from ranvier.layers import Dense, Input
        >>> from ranvier.model import Sequential
        >>> text = Sequential([Input((4,)), Dense(2)]).to_json()
        >>> model_from_json(text).count_params()
        10

    Source: keras.models.model_from_json.
    """
    from .load import built_model, compile_as_saved

    if not isinstance(json_string, str):
        raise ArgumentTypeError(
            f"model_from_json, `json_string`: got {json_string!r:.60}, expected the text that "
            "model.to_json() returns."
        )
    name = "model_from_json"
    config = read_config(json_string.encode(), name)
    compile_config = config.pop("compile_config", None)
    with budget.limited(_MOST_WEIGHTS, count_values(config)):
        model = built_model(config, custom_objects, name)
        if compile_config:
            compile_as_saved(model, compile_config, custom_objects, name)
    return model
