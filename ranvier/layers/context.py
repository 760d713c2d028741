"""What an outer call hands to the calls inside it: the training flag and the path of names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..graph.errors import RanvierError


class _Local(threading.local):
    """One stack a thread."""

    def __init__(self) -> None:
        self.training: list[bool | None] = []
        self.scopes: list[Any] = []
        self.called: list[Any] = []


_LOCAL = _Local()


def outermost() -> bool:
    """Tell whether no layer is being called in this thread."""
    return not _LOCAL.training


def inherited_training() -> bool | None:
    """Return the training flag of the call around this one, or None."""
    return _LOCAL.training[-1] if _LOCAL.training else None


@contextmanager
def calling(training: bool | None, layer: Any = None) -> Iterator[None]:
    """Set the training flag that inner calls inherit, and the layer whose `call` runs."""
    _LOCAL.training.append(training)
    _LOCAL.called.append(layer)
    try:
        yield
    finally:
        _LOCAL.training.pop()
        _LOCAL.called.pop()


def repeated_call() -> str | None:
    """Return the layer in whose `call` this runs, if it was called before, else None."""
    layer = _LOCAL.called[-1] if _LOCAL.called else None
    if layer is None or not in_scope(layer) or "_ran" not in vars(layer):
        return None
    return f"{type(layer).__name__} '{layer.name}'"


@contextmanager
def scope(layer: Any) -> Iterator[None]:
    """Put the layer's name into the paths of what is made inside, and below what goes wrong."""
    scopes = _LOCAL.scopes
    if scopes and scopes[-1] is layer:
        yield
        return
    scopes.append(layer)
    try:
        yield
    except RanvierError as error:
        place = f"{type(layer).__name__} '{layer.name}'"
        if place not in str(error):
            error.add_note(f"This was in {place}.")
        raise
    finally:
        scopes.pop()


def path(name: str) -> str:
    """Return `name` behind the names of the layers being built, joined by slashes."""
    return "/".join([*(layer.name for layer in _LOCAL.scopes), name])


def in_scope(layer: Any) -> bool:
    """Tell whether `layer` is the innermost one being built or called."""
    return bool(_LOCAL.scopes) and _LOCAL.scopes[-1] is layer
