"""The scale and the offset that end most normalizing layers: their arguments and weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.shape import normal_axis
from .rules import rule_of


def keep_affine(layer: Any, arguments: dict[str, Any]) -> None:
    """Set center, scale and what beta and gamma are made with as attributes of a layer.

    Args:
        layer: the layer, initialized.
        arguments: those of its `__init__` by name.
    """
    for name in ("center", "scale"):
        setattr(layer, name, bool(arguments[name]))
    for weight in ("beta", "gamma"):
        for rule in ("initializer", "regularizer", "constraint"):
            name = f"{weight}_{rule}"
            setattr(layer, name, rule_of(name, arguments[name]))
    layer.gamma = layer.beta = None


def add_affine(layer: Any, shape: tuple[int, ...], scale: bool, center: bool) -> None:
    """Make the layer's gamma and beta, as far as they are wanted."""
    for weight, wanted in (("gamma", scale), ("beta", center)):
        made = layer.add_weight(
            name=weight, shape=shape,
            initializer=getattr(layer, f"{weight}_initializer"),
            regularizer=getattr(layer, f"{weight}_regularizer"),
            constraint=getattr(layer, f"{weight}_constraint"), autocast=False,
        ) if wanted else None  # fmt: skip
        setattr(layer, weight, made)


def sizes_at(layer: Any, input_shape: Sequence[int | None], axes: Sequence[int]) -> tuple[int, ...]:
    """Return the sizes of an input along axes.

    Raises:
        ShapeError: if an axis lies outside the input, or has no size of its own.
    """
    place = f"{type(layer).__name__} '{layer.name}', `axis`"
    rank = len(input_shape)
    sizes = []
    for axis in axes:
        if not -rank <= axis < rank:
            raise ShapeError(
                f"{place}: got {axis} for an input of shape {tuple(input_shape)}, expected an "
                f"axis from {-rank} to {rank - 1}."
            )
        size = input_shape[normal_axis(axis, rank)]
        if size is None:
            raise ShapeError(
                f"{place}: axis {axis} of the input of shape {tuple(input_shape)} is open, but it "
                "says how many weights to make. Name an axis of known size, for instance axis=-1."
            )
        sizes.append(size)
    return tuple(sizes)


def checked_axes(axis: Any, place: str) -> int | list[int]:
    """Return an axis as an int, several as a list, or raise ArgumentTypeError."""
    if isinstance(axis, int) and not isinstance(axis, bool):
        return axis
    if isinstance(axis, (list, tuple)) and axis and all(isinstance(a, int) for a in axis):
        return list(axis)
    raise ArgumentTypeError(
        f"{place}, `axis`: got {axis!r}, expected an int or a list of ints, for instance axis=-1."
    )


def checked_epsilon(epsilon: Any, place: str) -> float:
    """Return epsilon, or raise ArgumentError unless it is a number of at least 0."""
    if isinstance(epsilon, bool) or not isinstance(epsilon, (int, float)) or not epsilon >= 0:
        raise ArgumentError(
            f"{place}, `epsilon`: got {epsilon!r}, expected a number of at least 0, for instance "
            "epsilon=1e-3."
        )
    return epsilon
