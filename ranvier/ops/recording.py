"""Functions of several ops, recorded whole where a model is being planned.

On a KerasTensor `softmax` is to stand in the model as one operation, as in Keras, not as the six
ops it is made of. A symbolic type of another room says `__ranvier_record__` to ask for that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

#: Functions that answer at once from what is known of a shape.
_DIRECT = ("shape", "ndim", "dtype", "is_tensor", "recording")


def recording(names: dict[str, Any], home: str = str(__package__)) -> dict[str, Any]:
    """Return the public functions among `names`, those of module `home`, able to be recorded."""
    return {
        name: _recordable(name, value, home)
        for name, value in names.items()
        if isinstance(value, FunctionType) and name not in _DIRECT and not name.startswith("_")
    }


def _recordable(name: str, function: Callable[..., Any], home: str) -> Callable[..., Any]:
    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        for x in args:
            record = getattr(type(x), "__ranvier_record__", None) or (
                _inside(x) if type(x) in (list, tuple) else None
            )
            if record is not None:
                return record(function, args, kwargs)
        for x in kwargs.values():
            record = getattr(type(x), "__ranvier_record__", None) or _inside(x)
            if record is not None:
                return record(function, args, kwargs)
        return function(*args, **kwargs)

    # Where pickle finds it again.
    call.__module__, call.__qualname__ = home, name
    return call


def _inside(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        for x in values:
            record = getattr(type(x), "__ranvier_record__", None)
            if record is not None:
                return record
    return None
