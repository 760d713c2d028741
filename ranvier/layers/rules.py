"""What makes, penalizes and bounds a weight, by the name of a layer's argument."""

from __future__ import annotations

from typing import Any

from .. import constraints, initializers, regularizers

_ROOMS: dict[str, Any] = {
    "initializer": initializers, "regularizer": regularizers, "constraint": constraints,
}  # fmt: skip


def rule_of(argument: str, given: Any) -> Any:
    """Return the initializer, regularizer or constraint that an argument was given as.

    Example:
        >>> rule_of("kernel_initializer", "zeros")
        Zeros()
    """
    return _ROOMS[argument.rpartition("_")[2]].get(given)
