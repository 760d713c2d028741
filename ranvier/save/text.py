"""Configs as JSON text, with bounds on size, on nesting and on the number of values."""

from __future__ import annotations

import json
from typing import Any

from ..graph.errors import ModelFileError

#: Bytes of a config. A layer takes 1 to 2 kilobytes and some 40 values: enough for nearly ten
#: thousand layers.
MOST_BYTES = 16 << 20
_MOST_VALUES = 1_000_000
# A model in a model adds four levels.
_DEEPEST = 100


def read_config(data: bytes, name: str) -> dict[str, Any]:
    """Return the object that JSON text describes.

    Args:
        data: UTF-8 text.
        name: what errors call it.

    Raises:
        ModelFileError: if it is no JSON object, or beyond the bounds.
    """
    if len(data) > MOST_BYTES:
        raise ModelFileError(f"{name}: {len(data)} bytes, expected at most {MOST_BYTES}; refused.")
    values = data.count(b",") + data.count(b"[") + data.count(b"{")
    if values > _MOST_VALUES:
        raise ModelFileError(f"{name}: {values} values, expected at most {_MOST_VALUES}; refused.")
    try:
        config = json.loads(data.decode("utf-8"))
    except RecursionError:
        raise ModelFileError(f"{name}: nested deeper than {_DEEPEST} levels; refused.") from None
    except ValueError as error:  # not UTF-8, not JSON, or a number of thousands of digits
        raise ModelFileError(f"{name}: not a JSON text ({error}).") from None
    if not isinstance(config, dict):
        raise ModelFileError(f"{name}: a {type(config).__name__}, expected a JSON object.")
    _check_nesting(config, name)
    return config


def _check_nesting(config: Any, name: str) -> None:
    """Refuse deep nesting, so that those who walk the config may recurse."""
    level = [config]
    for _ in range(_DEEPEST):
        level = [
            value
            for one in level
            for value in (one.values() if isinstance(one, dict) else one)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return
    raise ModelFileError(f"{name}: nested deeper than {_DEEPEST} levels; refused.")


def count_values(config: Any) -> int:
    """Return how many values plain data have, containers among them.

    Example:
        >>> count_values({"a": [1, 2], "b": {}})
        5
    """
    if not isinstance(config, (dict, list)):
        return 1
    return 1 + sum(map(count_values, config.values() if isinstance(config, dict) else config))
