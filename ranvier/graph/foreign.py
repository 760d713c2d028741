"""What comes from Keras itself, left by an import line that still names it; told without Keras."""

from __future__ import annotations

import inspect
from typing import Any

_LIBRARIES = ("keras", "tf_keras", "tensorflow")
#: The rooms that both have.
_ROOMS = (
    "activations", "callbacks", "constraints", "initializers", "layers", "losses", "metrics",
    "optimizers", "regularizers",
)  # fmt: skip


def instead(x: Any) -> str:
    """Return what to write in place of an object, class or function of Keras, "" for any other.

    A space stands before it, so that it may end a message.

    Example:
        >>> dense = type("Dense", (), {"__module__": "keras.src.layers.core.dense"})
        >>> instead(dense())
        " This Dense is Keras' own, as an import still names it: write ranvier.layers.Dense."
        >>> instead(3)
        ''
    """
    kind = x if inspect.isclass(x) or inspect.isroutine(x) else type(x)
    origins = (one for one in getattr(kind, "__mro__", (kind,)) if _library(one))
    origin = next(origins, None)
    if origin is None:
        return ""
    parts = str(origin.__module__).split(".")
    room = next((part for part in parts if part in _ROOMS), None)
    if room == "optimizers" and "schedules" in parts:
        room = "optimizers.schedules"
    own = f"ranvier.{room or 'models'}.{origin.__name__}"
    if is_symbol(x):
        own = "ranvier.Input, and ranvier.layers after it"
    if origin is kind:
        return f" This {kind.__name__} is Keras' own, as an import still names it: write {own}."
    return f" {kind.__name__} derives from Keras' {origin.__name__}: derive it from {own}."


def is_symbol(x: Any) -> bool:
    """Tell whether x is a KerasTensor of Keras."""
    return type(x).__name__ == "KerasTensor" and _library(type(x))


def _library(kind: Any) -> bool:
    return str(getattr(kind, "__module__", "")).partition(".")[0] in _LIBRARIES
