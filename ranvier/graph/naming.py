"""Default names: the class in snake case, with a number from the second one on."""

from __future__ import annotations

import re
from collections import Counter

_USED: Counter[str] = Counter()


def snake_case(name: str) -> str:
    """Return a class name as Keras spells it in names: "MaxPool2D" gives "max_pool2d".

    Example:
        >>> snake_case("BatchNormalization"), snake_case("ReLU")
        ('batch_normalization', 're_lu')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def auto_name(prefix: str) -> str:
    """Return `prefix` in snake case, followed by _1, _2, ... where it was given out before.

    Example:
        >>> reset_names(); auto_name("Dense"), auto_name("Dense")
        ('dense', 'dense_1')
    """
    name = snake_case(prefix)
    number = _USED[name]
    _USED[name] += 1
    return f"{name}_{number}" if number else name


def reset_names(free_memory: bool = True) -> None:
    """Begin to count anew, as `backend.clear_session` does.

    Args:
        free_memory: accepted for Keras; no model is kept that nobody uses.
    """
    _USED.clear()
