"""Look-up of what a room's CATALOG lists, by any spelling of its name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from .errors import ArgumentError, ArgumentTypeError, absent, nearest


def find(
    name: str, catalog: Mapping[str, Any], place: str, custom: Mapping[str, Any] | None = None
) -> Any:
    """Return what a room knows as `name`, capitals and underscores counting for nothing.

    Args:
        name: a key of the catalog, or the name of a class in it.
        catalog: the room's CATALOG.
        place: where the name was given, for the message: "compile, `optimizer`".
        custom: the caller's own objects by name; they come first.

    Raises:
        ArgumentError: if nothing has that name; it offers the nearest.
    """
    if custom and name in custom:
        return custom[name]
    if name in catalog:
        return catalog[name]
    plain = _plain(name)
    for key, value in catalog.items():
        if plain in (_plain(key), _plain(getattr(value, "__name__", key))):
            return value
    raise ArgumentError(f"{place}: got {name!r}. {nearest(name, catalog)}")


def listing(names: Mapping[str, object], *more: str) -> Callable[[], list[str]]:
    """Return the `__dir__` of a room: what a user may call, not what the room is made of.

    Its files, called in place of a class, say so from then on.

    Args:
        names: the room's `globals()`.
        more: files of the room that are faces themselves.

    Example:
        >>> listing({"__name__": "ranvier.graph", "find": find, "Any": Any, "_plain": _plain})()
        []
    """

    for name, value in names.items():
        own = isinstance(value, ModuleType) and value.__name__ == f"{names['__name__']}.{name}"
        if own and name not in more and "__path__" not in vars(value):  # `ops.image` is a room
            value.__class__ = _File

    def listed() -> list[str]:
        own = {name for name, value in names.items() if name[0] != "_" and _for_users(value)}
        return sorted(own.union(more))

    return listed


class _File(ModuleType):
    """A file of a room, called where a class of about its name was meant: `layers.dense(10)`."""

    def __call__(self, *args: object, **keywords: object) -> None:
        room, _, name = self.__name__.rpartition(".")
        try:
            absent(room, vars(sys.modules[room]))(name)
        except AttributeError as error:
            raise ArgumentTypeError(str(error)) from None


def _for_users(value: object) -> bool:
    home = str(getattr(value, "__module__", ""))
    return home.startswith("ranvier.") and not home.startswith("ranvier.graph")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
