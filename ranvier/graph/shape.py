"""Sizes and broadcasting. `None`, on the first axis only, is the open number of rows of a batch."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from .errors import ArgumentTypeError, OpenBatchError, ShapeError

Shape = tuple[int | None, ...]


def is_open(shape: Shape) -> bool:
    """Tell whether the first axis is the open batch axis."""
    return bool(shape) and shape[0] is None


def row_shape(shape: Shape) -> tuple[int, ...]:
    """Return the sizes without the batch axis, or all sizes when there is none."""
    return tuple(s for s in shape if s is not None)


def size(shape: Iterable[int | None]) -> int:
    """Return how many elements one row (or a shape without a batch axis) holds."""
    return math.prod(s for s in shape if s is not None)


def round_up(n: int, unit: int) -> int:
    """Return the smallest multiple of `unit` that is not below n."""
    return -(-n // unit) * unit


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape that NumPy's rules give, with the open axis fitting itself and 1.

    Raises:
        ShapeError: if two sizes differ and neither is 1.
        OpenBatchError: if the open batch axis meets a fixed size or another axis.
    """
    if shapes.count(shapes[0]) == len(shapes):
        return tuple(shapes[0])
    result: list[int | None] = []
    rank = max((len(s) for s in shapes), default=0)
    for axis in range(rank):
        found: int | None = 1
        for shape in shapes:
            at = axis - (rank - len(shape))
            if at < 0 or shape[at] == 1 or shape[at] == found:
                continue
            if found == 1:
                found = shape[at]
            elif found is None or shape[at] is None:
                raise OpenBatchError(_clash(shapes, "the open batch axis meets a fixed size"))
            else:
                raise ShapeError(_clash(shapes, "sizes must be equal or 1"))
        if found is None and axis > 0:
            raise OpenBatchError(_clash(shapes, "the batch axis must stay the first axis"))
        result.append(found)
    return tuple(result)


def _clash(shapes: Sequence[Shape], why: str) -> str:
    return f"Shapes {' and '.join(map(str, shapes))} do not broadcast: {why}."


def is_several(value: object) -> bool:
    """Tell whether a value holds others: a list, tuple, range or array, but no text."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes)) and (
        getattr(value, "ndim", 1) > 0)  # fmt: skip


def several(value: Any) -> tuple[Any, ...]:
    """Return the values that one holds; one alone is itself.

    Example:
        >>> several(range(2)), several(2)
        ((0, 1), (2,))
    """
    return tuple(value) if is_several(value) else (value,)


def normal_axis(axis: int, rank: int, name: str = "axis") -> int:
    """Return `axis` counted from the front.

    Raises:
        ShapeError: if it lies outside the array.
        ArgumentTypeError: if it is no int.
    """
    if not hasattr(axis, "__index__"):
        raise ArgumentTypeError(f"`{name}`: got {axis!r}, expected an int.")
    axis = operator.index(axis)
    if not -rank <= axis < rank:
        raise ShapeError(f"`{name}`: got {axis} for an array of {rank} axes.")
    return axis % rank


def normal_axes(axes: int | Sequence[int] | None, rank: int) -> tuple[int, ...]:
    """Return sorted axes counted from the front; `None` means all of them.

    Raises:
        ShapeError: if one lies outside the array, or is named twice.
    """
    if axes is None:
        return tuple(range(rank))
    found = tuple(sorted(normal_axis(a, rank) for a in several(axes)))
    if len(set(found)) < len(found):
        raise ShapeError(f"`axis`: got {axes!r} for an array of {rank} axes, one of them twice.")
    return found
