"""Paths as users give them."""

from __future__ import annotations

import os
from typing import Any

from ..graph.errors import ArgumentTypeError


def path_of(place: str, name: str, value: Any) -> str:
    """Return a path as text.

    Raises:
        ArgumentTypeError: that names the argument.
    """
    try:
        return os.fsdecode(value)
    except TypeError:
        raise ArgumentTypeError(
            f"{place}, `{name}`: got {value!r:.40}, expected a path, for instance 'runs/first'."
        ) from None
