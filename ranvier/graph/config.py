"""Configs: the arguments an object was made with, read from the signature of its `__init__`."""

from __future__ import annotations

import inspect
from typing import Any
from weakref import WeakKeyDictionary

from .errors import ArgumentError

#: Signatures are slow to read; weak keys let classes of the user's own go.
_KNOWN: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()


def parameters(cls: type) -> tuple[str, ...]:
    """Return the names `cls.__init__` takes; where it takes **kwargs, its base's names follow.

    Example:
        >>> class Base:
        ...     def __init__(self, name=None): ...
        >>> class Child(Base):
        ...     def __init__(self, units, **kwargs): ...
        >>> parameters(Child)
        ('units', 'name')
    """
    if cls in _KNOWN:
        return _KNOWN[cls]
    names: dict[str, None] = {}
    for base in cls.__mro__:
        init = base.__dict__.get("__init__")
        if init is None:
            continue
        if base is object:
            break
        given = list(inspect.signature(init).parameters.values())[1:]
        names.update(
            (p.name, None) for p in given if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
        )
        if not any(p.kind is p.VAR_KEYWORD for p in given):
            break
    return _KNOWN.setdefault(cls, tuple(names))


def init_config(obj: Any, overridden: bool = False) -> dict[str, Any]:
    """Return {argument: the attribute of that name} for every argument of `__init__`.

    Args:
        obj: what to describe.
        overridden: whether its class has a `get_config` of its own, which adds what is missing.

    Raises:
        ArgumentError: if an argument was not kept as an attribute, and nothing adds it.
    """
    config = {}
    for name in parameters(type(obj)):
        if hasattr(obj, name):
            config[name] = getattr(obj, name)
        elif not overridden:
            cls = type(obj).__name__
            raise ArgumentError(
                f"{cls}.get_config: argument `{name}` of __init__ was not kept. Write "
                f"`self.{name} = {name}` in __init__, or give {cls} a get_config of its own."
            )
    return config
