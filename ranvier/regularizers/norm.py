"""Penalties on the size of weights: absolute values, squares, or both."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph import dial
from .regularizer import Regularizer, checked_factor


class L1(Regularizer):
    """l1 * sum(|x|): drives weights towards 0. At 0 its slope is l1, as in Keras on JAX.

    Args:
        l1: factor; default 0.01.

    Raises:
        ArgumentError: if it is no finite number of at least 0.

    Example:
        >>> float(L1(0.5)([1.0, -3.0]))
        2.0

    Source: keras.regularizers.L1.
    """

    def __init__(self, l1: float | None = 0.01) -> None:
        self.l1 = checked_factor(l1, "L1, `l1`", 0.01)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        return _penalty(self.l1, ops.sum(ops.absolute(x)))


class L2(Regularizer):
    """l2 * sum(x^2): keeps weights small.

    Args:
        l2: factor; default 0.01.

    Raises:
        ArgumentError: if it is no finite number of at least 0.

    Example:
        >>> float(L2(0.5)([1.0, -3.0]))
        5.0

    Source: keras.regularizers.L2.
    """

    def __init__(self, l2: float | None = 0.01) -> None:
        self.l2 = checked_factor(l2, "L2, `l2`", 0.01)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        return _penalty(self.l2, ops.sum(ops.square(x)))


class L1L2(Regularizer):
    """l1 * sum(|x|) + l2 * sum(x^2).

    Args:
        l1: factor on absolute values; default 0.
        l2: factor on squares; default 0. Named by a string, "l1_l2", both are 0.01.

    Raises:
        ArgumentError: if one is no finite number of at least 0.

    Example:
        >>> float(L1L2(0.5, 0.5)([1.0, -3.0]))
        7.0

    Source: keras.regularizers.L1L2.
    """

    def __init__(self, l1: float | None = 0.0, l2: float | None = 0.0) -> None:
        self.l1 = checked_factor(l1, "L1L2, `l1`", 0.0)
        self.l2 = checked_factor(l2, "L1L2, `l2`", 0.0)

    def __call__(self, x: Any) -> Any:
        """Return the penalty."""
        terms = []
        if self.l1:
            terms.append(_penalty(self.l1, ops.sum(ops.absolute(x))))
        if self.l2:
            terms.append(_penalty(self.l2, ops.sum(ops.square(x))))
        return ops.add(*terms) if len(terms) == 2 else terms[0] if terms else ops.cast(0.0, None)


def _penalty(factor: float, size: Any) -> Any:
    return ops.multiply(size, dial(factor, size.dtype))
