"""The base class of constraints."""

from __future__ import annotations

from typing import Any

from ..graph.configurable import Configurable


class Constraint(Configurable):
    """What weights are brought back to after each step. Subclass it and write `__call__`.

    Example:
        >>> from ranvier import ops
        >>> class Positive(Constraint):
        ...     def __call__(self, w):
        ...         return ops.maximum(w, 0.0)
        >>> Positive()([-1.0, 2.0]).tolist()
        [0.0, 2.0]

    Source: keras.constraints.Constraint.
    """

    def __call__(self, w: Any) -> Any:
        """Return the weights that are allowed nearest to w; by default w."""
        return w
