"""Paths as users give them."""

from __future__ import annotations

import os
from typing import Any

from .errors import ArgumentError, ArgumentTypeError


def path_of(place: str, name: str, value: Any) -> str:
    """Return a path as text.

    Raises:
        ArgumentTypeError: that names the argument, if it is no path.
        ArgumentError: if it holds a null byte, which no name of a file can.
    """
    try:
        path = os.fsdecode(value)
    except TypeError:
        raise ArgumentTypeError(
            f"{place}, `{name}`: got {value!r:.40}, expected a path, for instance 'runs/first'."
        ) from None
    if "\0" in path:
        raise ArgumentError(
            f"{place}, `{name}`: got {path!r:.60}, which holds a null byte, as no path can. In "
            "Python '\\0' is one: write 'runs/0', or a backslash as r'runs\\0'."
        )
    return path
