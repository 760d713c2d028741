"""Functions of the user's own: whether they take what they get."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from types import CodeType
from typing import Any, TypeVar, cast

from .errors import ArgumentTypeError, nearest
from .foreign import instead

M = TypeVar("M", bound=Callable[..., Any])


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


def known_keywords(function: Any, given: Iterable[str], place: str) -> None:
    """Raise ArgumentTypeError, with the nearest known one, for a keyword that a function has not.

    Args:
        function: what gets them; with `**kwargs` it takes all.
        given: the keywords.
        place: what the message begins with, for instance "fit".
    """
    code = getattr(function, "__code__", None)  # a signature takes a hundred times as long
    if code is None or code.co_flags & inspect.CO_VARKEYWORDS:
        return
    known = _names(code)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ArgumentTypeError(
            f"{place}: got an unknown keyword `{unknown[0]}`. "
            f"{nearest(unknown[0], [name for name in known if name != 'self'])}"
        )


def _names(code: CodeType) -> tuple[str, ...]:
    """Return the parameters of a function's code, less `*args` and `**kwargs`."""
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def knowing(method: M) -> M:
    """Let a method tell a keyword that it has not by the nearest one that it has."""
    names = frozenset(_names(method.__code__))  # known before a call, which is in a hurry

    @wraps(method)
    def call(self: Any, *args: Any, **keywords: Any) -> Any:
        if not names.issuperset(keywords):
            known_keywords(method, keywords, method.__name__)
        return method(self, *args, **keywords)

    return cast(M, call)


class Knowing:
    """Base of classes whose `__init__` tells a keyword that it has not by the nearest it has.

    Example:
        >>> class Scale(Knowing):
        ...     def __init__(self, factor=2.0): ...
        >>> Scale(facter=3.0)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ranvier.graph.errors.ArgumentTypeError: ...unknown keyword `facter`. Did you mean 'factor'?
    """

    def __new__(cls, *args: Any, **keywords: Any) -> Any:
        """Return an object that is not made yet, if `__init__` takes the keywords."""
        if keywords:
            known_keywords(cls.__init__, keywords, cls.__name__)
        return super().__new__(cls)


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
