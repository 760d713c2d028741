"""The base class of regularizers."""

from __future__ import annotations

import math
from typing import Any

from ..graph.configurable import Configurable
from ..graph.errors import ArgumentError


class Regularizer(Configurable):
    """A penalty on weights or outputs that is added to the loss. Subclass it, write `__call__`.

    Example:
        >>> from ranvier import ops
        >>> class Cubic(Regularizer):
        ...     def __init__(self, factor):
        ...         self.factor = factor
        ...     def __call__(self, x):
        ...         return self.factor * ops.sum(ops.absolute(x) ** 3.0)
        >>> Cubic(0.5).get_config()
        {'factor': 0.5}

    Source: keras.regularizers.Regularizer.
    """

    def __call__(self, x: Any) -> Any:
        """Return the penalty, a number; by default none."""
        return 0.0


def checked_factor(value: Any, place: str, default: float) -> float:
    """Return a factor as a float, None as the default.

    Raises:
        ArgumentError: if it is no finite number of at least 0.
    """
    if value is None:
        return default
    try:
        factor = float(value)
    except (TypeError, ValueError):
        factor = math.nan
    if isinstance(value, (str, bool)) or not 0 <= factor < math.inf:
        raise ArgumentError(f"{place}: got {value!r}, expected a finite float of at least 0.")
    return factor
