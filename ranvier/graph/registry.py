"""Classes and functions of the caller's own, known by name while a config or a file is read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TypeVar

from .errors import ArgumentError, ArgumentTypeError

T = TypeVar("T")

_REGISTERED: dict[str, Any] = {}
_NAMES: dict[Any, str] = {}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_SCOPE: ContextVar[Mapping[str, Any]] = ContextVar("custom_objects", default=_NOTHING)
_LAMBDA = "<lambda>"
# Names given to the lambdas met so far, by identity, while one object is written.
_LAMBDAS: ContextVar[dict[int, str] | None] = ContextVar("lambdas", default=None)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[T], T]:
    """Make a class or function of your own known to saved files, as `package>name`.

    Args:
        package: a word that keeps your names apart from those of others; default "Custom".
        name: default the name of the class or function.

    Returns:
        A decorator that gives the class or function back unchanged.

    Raises:
        ArgumentError: if a class has no `get_config`, so that it could not be saved.

    Example:
        >>> @register_keras_serializable(package="doc")
        ... def double(x):
        ...     return 2 * x
        >>> get_registered_name(double)
        'doc>double'

    Source: keras.saving.register_keras_serializable.
    """

    def register(obj: T) -> T:
        known = getattr(obj, "__name__", None)
        if known is None:
            raise ArgumentTypeError(
                f"register_keras_serializable: got {obj!r}, expected a class or a named function."
            )
        if isinstance(obj, type) and not hasattr(obj, "get_config"):
            raise ArgumentError(
                f"register_keras_serializable: class '{known}' has no `get_config` method. "
                "Give it one that returns the arguments of its `__init__` as a dict."
            )
        full = f"{package}>{name or known}"
        _REGISTERED[full] = obj
        _NAMES[obj] = full
        return obj

    return register


def get_registered_name(obj: Any) -> str:
    """Return the name under which `obj` was registered, else its own name.

    Source: keras.saving.get_registered_name.
    """
    try:
        return _NAMES.get(obj) or obj.__name__
    except TypeError:  # not hashable, so never registered
        return str(obj.__name__)


def name_in_file(function: Any) -> str:
    """Return the name that a file gets for a function: lambdas are told apart by numbers."""
    name, met = get_registered_name(function), _LAMBDAS.get()
    if name != _LAMBDA or met is None:
        return name
    return met.setdefault(id(function), f"<lambda_{len(met)}>" if met else _LAMBDA)


@contextlib.contextmanager
def lambdas_numbered() -> Iterator[None]:
    """Number the lambdas met inside a `with` block: "<lambda>", "<lambda_1>" and so on."""
    if _LAMBDAS.get() is not None:  # what holds this object has begun to count
        yield
        return
    token = _LAMBDAS.set({})
    try:
        yield
    finally:
        _LAMBDAS.reset(token)


def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Return what is known as `name`, or None.

    Looked up in the scopes that are open, what was registered, `custom_objects`, then
    `module_objects`.

    Source: keras.saving.get_registered_object.
    """
    for table in (_SCOPE.get(), _REGISTERED, custom_objects or {}, module_objects or {}):
        if name in table:
            return table[name]
    return None


def get_custom_objects() -> dict[str, Any]:
    """Return the table of what was registered, by name; changing it changes the registry.

    Source: keras.saving.get_custom_objects.
    """
    return _REGISTERED


@contextlib.contextmanager
def custom_object_scope(
    *objects: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Iterator[None]:
    """Make classes and functions known by name inside a `with` block, in this thread only.

    Args:
        objects: one dict or several, name to class or function.
        custom_objects: one dict by its name, as Keras calls it.

    Example:
        >>> with custom_object_scope({"third": lambda x: x / 3}):
        ...     get_registered_object("third")(6.0)
        2.0

    Source: keras.saving.custom_object_scope.
    """
    table = dict(_SCOPE.get())
    for one in (*objects, custom_objects):
        table.update(one or {})
    token = _SCOPE.set(table)
    try:
        yield
    finally:
        _SCOPE.reset(token)


CustomObjectScope = custom_object_scope
