"""Constraints on the length of each unit's weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.number import check_numbers
from ..graph.whole import whole
from ..ops.reduce import given
from .constraint import Constraint

Axis = int | Sequence[int] | None


def _checked_axis(axis: Axis, place: str) -> Any:
    if axis is None or isinstance(axis, int):
        return axis
    if isinstance(axis, str) or not isinstance(axis, Iterable):
        raise ArgumentTypeError(
            f"{place}, `axis`: got {axis!r:.60}, expected an int, or several such as (0, 1, 2)."
        )
    return tuple(whole(f"{place}, `axis`", a) for a in axis)


def _lengths(w: Any, axis: Any) -> Any:
    return ops.sqrt(ops.sum(ops.square(w), axis, keepdims=True))


class MaxNorm(Constraint):
    """Shortens each unit's weights that are longer than `max_value`.

    w * min(|w|, max_value) / (|w| + epsilon)

    Args:
        max_value: largest length; default 2.
        axis: over which a unit's weights lie; default 0, right for Dense. For Conv2D (0, 1, 2);
            None for all axes, which makes all weights one unit.

    Raises:
        ArgumentError: if `max_value` is negative.

    Example:
        >>> MaxNorm(1.0)([[3.0], [4.0]]).round(4).tolist()
        [[0.6000000238418579], [0.800000011920929]]

    Source: keras.constraints.MaxNorm.
    """

    def __init__(self, max_value: float = 2, axis: Axis = 0) -> None:
        check_numbers("MaxNorm", least=0, max_value=max_value)
        self.max_value = max_value
        self.axis = _checked_axis(axis, "MaxNorm")

    def __call__(self, w: Any) -> Any:
        """Return the weights."""
        w = given(w)
        length = _lengths(w, self.axis)
        wanted = ops.minimum(length, float(self.max_value))
        return ops.multiply(w, ops.divide(wanted, ops.add(length, epsilon())))


class UnitNorm(Constraint):
    """Gives each unit's weights length 1: w / (|w| + epsilon).

    Args:
        axis: over which a unit's weights lie; default 0, right for Dense. For Conv2D (0, 1, 2);
            None for all axes, which makes all weights one unit.

    Example:
        >>> UnitNorm()([[3.0], [4.0]]).round(4).tolist()
        [[0.6000000238418579], [0.800000011920929]]

    Source: keras.constraints.UnitNorm.
    """

    def __init__(self, axis: Axis = 0) -> None:
        self.axis = _checked_axis(axis, "UnitNorm")

    def __call__(self, w: Any) -> Any:
        """Return the weights."""
        w = given(w)
        return ops.divide(w, ops.add(_lengths(w, self.axis), epsilon()))


class MinMaxNorm(Constraint):
    """Brings the length of each unit's weights between two bounds, at once or step by step.

    w * (rate * clip(|w|, min_value, max_value) + (1 - rate) * |w|) / (|w| + epsilon)

    Args:
        min_value: smallest length; default 0.
        max_value: largest length; default 1.
        rate: share of the way that is gone in a step, 1 for all of it; default 1.
        axis: over which a unit's weights lie; default 0, right for Dense. For Conv2D (0, 1, 2);
            None for all axes, which makes all weights one unit.

    Raises:
        ArgumentError: if a bound is negative, or min_value above max_value.

    Source: keras.constraints.MinMaxNorm.
    """

    def __init__(
        self,
        min_value: float = 0.0,
        max_value: float = 1.0,
        rate: float = 1.0,
        axis: Axis = 0,
    ) -> None:
        check_numbers("MinMaxNorm", least=0, min_value=min_value, max_value=max_value)
        check_numbers("MinMaxNorm", rate=rate)
        self.min_value, self.max_value = min_value, max_value
        if min_value > max_value:
            raise ArgumentError(
                f"MinMaxNorm: got min_value={min_value} above max_value={max_value}."
            )
        self.rate = rate
        self.axis = _checked_axis(axis, "MinMaxNorm")

    def __call__(self, w: Any) -> Any:
        """Return the weights."""
        w = given(w)
        length = _lengths(w, self.axis)
        wanted = ops.clip(length, float(self.min_value), float(self.max_value))
        if self.rate != 1:
            kept = ops.multiply(length, 1.0 - self.rate)
            wanted = ops.add(ops.multiply(wanted, float(self.rate)), kept)
        return ops.multiply(w, ops.divide(wanted, ops.add(length, epsilon())))
