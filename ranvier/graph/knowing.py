"""Calls that lack an argument, or have one too many: told by name, and free of cost where right."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar, cast

from .errors import ArgumentTypeError, nearest

M = TypeVar("M", bound=Callable[..., Any])


def knowing(method: M) -> M:
    """Let a method tell a keyword that it has not, and an argument that it needs.

    Python refuses such calls itself: only then is looked for words that help more.
    """
    if not hasattr(method, "__code__"):  # written in C, or made by another decorator
        return method

    @wraps(method)
    def call(self: Any, *args: Any, **keywords: Any) -> Any:
        try:
            return method(self, *args, **keywords)
        except TypeError:
            _tell(method, self, len(args), keywords)
            raise

    return cast(M, call)


class Knowing:
    """Base of classes whose `__init__` tells a keyword that it has not, and one that it needs.

    Example:
        >>> class Scale(Knowing):
        ...     def __init__(self, factor): ...
        >>> Scale(facter=3.0)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ranvier.graph.errors.ArgumentTypeError: ...unknown keyword `facter`. Did you mean 'factor'?
        >>> Scale()  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ranvier.graph.errors.ArgumentTypeError: Scale: `factor` is missing. Write Scale(factor=...).
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__init__" in vars(cls):
            cls.__init__ = knowing(vars(cls)["__init__"])  # type: ignore[method-assign]


def _tell(method: Any, owner: Any, count: int, keywords: Collection[str]) -> None:
    """Raise ArgumentTypeError if it is a call's arguments for which Python refused it."""
    code, made = method.__code__, method.__name__ == "__init__"
    place = type(owner).__name__ if made else method.__name__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    optional = {*names[: code.co_argcount - 1][::-1][: len(method.__defaults__ or ())]}
    optional |= (method.__kwdefaults__ or {}).keys()
    taken = {*names[: min(count, code.co_argcount - 1)], *keywords}
    missing = [name for name in names if name not in optional and name not in taken]
    unknown = [name for name in keywords if name not in names]
    close = [name for name in unknown if nearest(name, missing).startswith("Did you")]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        unknown = close
    if unknown:
        raise ArgumentTypeError(
            f"{place}: got an unknown keyword `{unknown[0]}`. {nearest(unknown[0], names)}"
        ) from None
    if missing:
        text = inspect.cleandoc((type(owner) if made else method).__doc__ or "")
        told = " and ".join(f"`{name}`{_meaning(name, text)}" for name in missing)
        form = f"{place}({', '.join(f'{name}=...' for name in missing)})"
        raise ArgumentTypeError(
            f"{place}: {told} {'is' if len(missing) == 1 else 'are'} missing. "
            f"Write {_example(place, text) or form}."
        ) from None


def _meaning(name: str, text: str) -> str:
    """Return what a docstring says an argument is, in parentheses; "" if it says nothing."""
    found = re.search(rf"^    (?:\w+, )*{name}(?:, \w+)*: (.+(?:\n {{8}}.+)*)", text, re.M)
    if found is None:
        return ""
    words = re.split(r"[.;:] |\.$", " ".join(found[1].split()))[0]
    return f" ({words})"


def _example(place: str, text: str) -> str:
    """Return a docstring's first call of what it describes, "" if it has none."""
    start = text.find(f"{place}(", text.find("Example:"))
    if "Example:" not in text or start < 0:
        return ""
    depth = 0
    for end in range(start + len(place), len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return f"for instance {text[start : end + 1]}"
    return ""
