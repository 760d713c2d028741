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


def arguments(cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call `cls(*args, **kwargs)` that are plain data, by name.

    Classes of users seldom keep each argument as an attribute; what they were made with is enough
    to make them again.

    Example:
        >>> class Block:
        ...     def __init__(self, units, depth=2): ...
        >>> arguments(Block, (5,), {})
        {'units': 5, 'depth': 2}
    """
    try:
        bound = inspect.signature(cls.__init__).bind(None, *args, **kwargs)  # type: ignore[misc]
    except TypeError:
        return {}  # the call itself will say what is wrong
    bound.apply_defaults()
    named = list(bound.signature.parameters.values())[1:]
    return {
        p.name: bound.arguments[p.name]
        for p in named
        if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL) and _is_plain(bound.arguments[p.name])
    }


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_plain(part) for part in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(part) for key, part in value.items())
    return value is None or isinstance(value, (bool, int, float, str))


def init_config(
    obj: Any, overridden: bool = False, given: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return {argument: the attribute of that name} for every argument of `__init__`.

    Args:
        obj: what to describe.
        overridden: whether its class has a `get_config` of its own, which adds what is missing.
        given: arguments it was made with, for those that no attribute keeps.

    Raises:
        ArgumentError: if an argument was not kept as an attribute, and nothing adds it.
    """
    config = {}
    for name in parameters(type(obj)):
        if given and name in given and not _keeps(obj, name):
            config[name] = given[name]
        elif hasattr(obj, name):
            config[name] = getattr(obj, name)
        elif not overridden:
            cls = type(obj).__name__
            raise ArgumentError(
                f"{cls}.get_config: argument `{name}` of __init__ was not kept. Write "
                f"`self.{name} = {name}` in __init__, or give {cls} a get_config of its own."
            )
    return config


def _keeps(obj: Any, name: str) -> bool:
    """Tell whether an attribute holds the argument of its name, not what was made from it."""
    return _is_plain(getattr(obj, name, _keeps))
