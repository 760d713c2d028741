"""Keywords that every layer takes: its name, and the input shapes of Keras 2."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, ArgumentTypeError, nearest
from ..graph.naming import auto_name, snake_case

#: Keywords of Keras 2 that any layer takes, and that Sequential reads.
_LEGACY = ("input_shape", "input_dim", "batch_input_shape", "batch_size", "weights")
#: Keywords of Keras that no layer here has, at values that change nothing: Keras writes them for
#: subclasses of its layers, too, which hand them on.
_NEUTRAL = {"quantization_config": None}
_OWN = ("name", "dtype", "trainable", "activity_regularizer", "autocast")


def checked_name(name: Any, cls: str) -> str:
    """Return the name given, or the next default name of the class.

    Raises:
        ArgumentError: if it is no string, empty, or holds a slash.
    """
    if name is None:
        return auto_name(cls)
    if not isinstance(name, str) or not name or "/" in name:
        raise ArgumentError(
            f"{cls}, `name`: got {name!r}, expected a string without '/', for instance "
            f"name='{snake_case(cls)}'."
        )
    return name


def check_keywords(kwargs: dict[str, Any], cls: str, name: str, layer: type) -> None:
    """Raise ArgumentTypeError, with the nearest known one, for a keyword that nobody takes."""
    unknown = [
        key for key, value in kwargs.items()
        if key not in _LEGACY and not (key in _NEUTRAL and value is _NEUTRAL[key])
    ]  # fmt: skip
    if unknown:
        known = [n for n in inspect.signature(layer.__init__).parameters  # type: ignore[misc]
                 if n not in ("self", "kwargs", "args")]  # fmt: skip
        raise ArgumentTypeError(
            f"{cls} '{name}': got an unknown keyword `{unknown[0]}`. "
            f"{nearest(unknown[0], {*known, *_OWN, 'input_shape', 'input_dim', 'weights'})}"
        )


def batch_shape(kwargs: dict[str, Any]) -> tuple[int | None, ...] | None:
    """Return the input shape, batch axis first, that keywords of Keras 2 name, or None."""
    if kwargs.get("batch_input_shape") is not None:
        return tuple(kwargs["batch_input_shape"])
    shape = kwargs.get("input_shape")
    if shape is None and kwargs.get("input_dim") is not None:
        shape = (kwargs["input_dim"],)
    if shape is None:
        return None
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    return (kwargs.get("batch_size"), *shape)
