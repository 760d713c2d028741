"""Functions of the user's own: whether they take what they get."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .errors import ArgumentTypeError
from .foreign import instead


def takes(function: Any, place: str, *names: str, **keywords: Any) -> Any:
    """Return a function that can be called with arguments of these names.

    Args:
        function: what the user gave.
        place: how messages call the argument, for instance "loss".
        names: of the arguments that come by position.
        keywords: those that come by name.

    Raises:
        ArgumentTypeError: if it takes fewer or more, or is no function.
    """
    if not callable(function):
        wanted = ", ".join(names)
        raise ArgumentTypeError(
            f"{place}: got {function!r:.60}, expected a function of ({wanted})."
        )
    taken = _signature(function)
    if taken is not None and not accepts(function, *names, **keywords):
        name = getattr(function, "__name__", type(function).__name__)
        bare = [p.replace(annotation=p.empty) for p in taken.parameters.values()]
        shown = taken.replace(parameters=bare, return_annotation=taken.empty)
        wanted = ", ".join((*names, *(f"{key}=" for key in keywords)))
        raise ArgumentTypeError(
            f"{place}: got {name}{shown}, expected a function of ({wanted}).{instead(function)}"
        ) from None
    return function


def accepts(function: Any, *names: str, **keywords: Any) -> bool:
    """Tell whether a function can be called with such arguments, as far as it says; see `takes`."""
    taken = _signature(function)
    try:
        return taken is None or bool(taken.bind(*names, **keywords))
    except TypeError:
        return False


@lru_cache(maxsize=1024)
def parameters(function: Any) -> dict[str, Any]:
    """Return {parameter: default} of a function; `**kwargs` appears as "**", `*args` not at all.

    Example:
        >>> parameters(lambda x, scale=2, **more: x)
        {'x': <class 'inspect._empty'>, 'scale': 2, '**': <class 'inspect._empty'>}
    """
    return {
        "**" if p.kind is p.VAR_KEYWORD else p.name: p.default
        for p in inspect.signature(function).parameters.values()
        if p.kind is not p.VAR_POSITIONAL
    }


@contextmanager
def called(function: Any, place: str, *names: str, **keywords: Any) -> Iterator[None]:
    """Say what a function gets, where calling it failed since it takes others; see `takes`."""
    try:
        yield
    except TypeError:
        takes(function, place, *names, **keywords)
        raise


def _signature(function: Any) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # written in C, it says nothing of its parameters
        return None
