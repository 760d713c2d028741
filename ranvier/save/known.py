"""The only names that a config may use: what the west wing lists, by the module Keras gives it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .. import (
    activations,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    random,
    regularizers,
    schedules,
)  # fmt: skip

#: The rooms by the module that Keras writes for them.
ROOMS: dict[str, Mapping[str, Any]] = {
    "keras.layers": layers.CATALOG,
    "keras.activations": activations.CATALOG,
    "keras.initializers": initializers.CATALOG,
    "keras.regularizers": regularizers.CATALOG,
    "keras.constraints": constraints.CATALOG,
    "keras.losses": losses.CATALOG,
    "keras.metrics": metrics.CATALOG,
    "keras.optimizers": optimizers.CATALOG,
    "keras.optimizers.schedules": schedules.CATALOG,
    "keras.random": {"SeedGenerator": random.SeedGenerator},
}
# Where a function given by its name alone is looked for, in this order.
_OF_FUNCTIONS = ("keras.activations", "keras.losses", "keras.metrics")


def known_class(module: Any, name: Any) -> type | None:
    """Return the class of our own that a config means, or None.

    Args:
        module: "keras.layers" or a module within ("keras.src.layers.core.dense"); it only chooses
            the list in which the name is looked up, and is never imported.
        name: the class's name.
    """
    room = _room(module)
    return _classes(room).get(name) if room is not None and isinstance(name, str) else None


def known_function(name: Any) -> Any:
    """Return the function of our own with that name, or None."""
    for room in _OF_FUNCTIONS:
        found = ROOMS[room].get(name) if isinstance(name, str) else None
        if found is not None and not isinstance(found, type):
            return found
    return None


def public_name(obj: Any) -> tuple[str, str] | None:
    """Return module and name under which Keras knows a class or function of ours, or None."""
    return _public().get(id(obj))


def _room(module: Any) -> str | None:
    if not isinstance(module, str):
        return None
    # Keras writes the inner module where it exports no public one.
    name = module.replace("keras.src.", "keras.", 1)
    while name:
        if name in ROOMS:
            return name
        name = name.rpartition(".")[0]
    return None


@cache
def _classes(room: str) -> dict[str, type]:
    found = {}
    for key, value in ROOMS[room].items():
        if isinstance(value, type):
            found[key] = found[value.__name__] = value
    return found


@cache
def _public() -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for room, catalog in ROOMS.items():
        for key, value in catalog.items():
            found.setdefault(id(value), (room, getattr(value, "__name__", key)))
    return found
