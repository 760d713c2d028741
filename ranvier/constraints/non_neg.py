"""The constraint that allows no negative weight."""

from __future__ import annotations

from typing import Any

from .. import ops
from .constraint import Constraint


class NonNeg(Constraint):
    """Sets negative weights to 0.

    Example:
        >>> NonNeg()([-1.0, 2.0]).tolist()
        [0.0, 2.0]

    Source: keras.constraints.NonNeg.
    """

    def __call__(self, w: Any) -> Any:
        """Return the weights."""
        return ops.maximum(w, 0.0)
