"""Names and configs of what a room's CATALOG lists: look-up, and the dict that Keras writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import ArgumentError, ArgumentTypeError, nearest


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


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def serialize(obj: Any, module: str, catalog: Mapping[str, Any]) -> dict[str, Any]:
    """Return the dict that Keras writes for an object with a config.

    Args:
        obj: an object with `get_config`.
        module: the public module of the room, "keras.optimizers".
        catalog: the room's CATALOG; a class outside of it is written under its own module.
    """
    cls = type(obj)
    known = cls in catalog.values()
    return {
        "module": module if known else cls.__module__,
        "class_name": cls.__name__,
        "config": obj.get_config(),
        "registered_name": None if known else cls.__name__,
    }


def deserialize(
    config: Mapping[str, Any],
    catalog: Mapping[str, Any],
    place: str,
    custom: Mapping[str, Any] | None = None,
) -> Any:
    """Return the object that a dict of `serialize`, or of Keras, describes.

    Only the room's own classes and those in `custom` are found: a module named in the dict is
    never imported.

    Raises:
        ArgumentTypeError: if the dict has no "class_name".
        ArgumentError: if no class has that name.
    """
    if not isinstance(config, Mapping) or not isinstance(config.get("class_name"), str):
        raise ArgumentTypeError(
            f"{place}: got {config!r:.80}, expected a dict with 'class_name' and 'config'."
        )
    name = config.get("registered_name") or config["class_name"]
    cls = find(name if custom and name in custom else config["class_name"], catalog, place, custom)
    return cls.from_config(dict(config.get("config") or {}))
