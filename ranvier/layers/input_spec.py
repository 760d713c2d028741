"""InputSpec: what a layer accepts, checked on each call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..graph.errors import ArgumentTypeError, ShapeError
from ..graph.structure import mapped


@dataclass(frozen=True)
class InputSpec:
    """The rank and the sizes that an input must have.

    Args:
        dtype: element type, for information.
        shape: sizes, None where any fits.
        ndim: exact number of axes.
        max_ndim, min_ndim: its bounds.
        axes: {axis: size}; negative axes count from the end.

    Source: keras.layers.InputSpec.
    """

    dtype: str | None = None
    shape: Sequence[int | None] | None = None
    ndim: int | None = None
    max_ndim: int | None = None
    min_ndim: int | None = None
    axes: dict[int, int] = field(default_factory=dict)
    allow_last_axis_squeeze: bool = False
    name: str | None = None
    optional: bool = False

    def check(self, shape: tuple[int | None, ...], place: str) -> None:
        """Raise ShapeError, in words that name `place`, unless the shape fits."""
        rank = len(shape)
        for ok, wanted in (
            (self.ndim is None or rank == self.ndim, f"{self.ndim}"),
            (self.max_ndim is None or rank <= self.max_ndim, f"at most {self.max_ndim}"),
            (self.min_ndim is None or rank >= self.min_ndim, f"at least {self.min_ndim}"),
        ):
            if not ok:
                raise ShapeError(
                    f"{place}: got an input of shape {shape} with {rank} axes, expected {wanted} "
                    f"(the batch axis counted).{_way_out(shape, self.min_ndim or self.ndim)}"
                )
        for axis, size in (self.axes or {}).items():
            got = shape[axis] if -rank <= axis < rank else None
            if got is not None and size is not None and got != size:
                which = "last axis" if axis in (-1, rank - 1) else f"axis {axis}"
                raise ShapeError(
                    f"{place}: got {which} {got} (input of shape {shape}), built for {size}. "
                    f"Give inputs with {size} there, or make a new layer."
                )
        if self.shape is not None:
            same = rank == len(self.shape) and all(
                a is None or b is None or a == b for a, b in zip(self.shape, shape, strict=True)
            )
            if not same:
                raise ShapeError(
                    f"{place}: got an input of shape {shape}, expected {tuple(self.shape)}."
                )


def _way_out(shape: tuple[int | None, ...], wanted: int | None) -> str:
    if wanted is None or len(shape) != wanted - 1:
        return ""
    if wanted < 3:
        return " For one row, give x[None] or x.reshape(1, -1); for one number a row, x[:, None]."
    row = "" if shape[0] is None else " For one row, give x[None]."
    what = "Steps of one number each" if wanted == 3 else "Pictures in grey"
    steps = " A recurrent layer before it gives steps with return_sequences=True."
    return (
        f"{row} {what} need a last axis of size 1: give x[..., None], and Input"
        f"({(*shape[1:], 1)}).{steps if wanted == 3 else ''}"
    )


def check(spec: Any, inputs: Any, place: str) -> None:
    """Check an input against a spec, or a list of inputs against a list of specs.

    Raises:
        ShapeError: for an input of another shape, and for several where the spec is of one.
        ArgumentTypeError: for what is no array where the spec is of one.
    """
    if isinstance(spec, InputSpec) and not spec.optional:
        _one(inputs, place)
    shapes = mapped(shape_of, inputs)
    specs = spec if isinstance(spec, (list, tuple)) else [spec]
    given = shapes if isinstance(shapes, list) else [shapes]
    if len(specs) != len(given):
        return
    for one, shape in zip(specs, given, strict=True):
        if one is not None and shape is not None and hasattr(one, "check"):
            one.check(tuple(shape), place)


def shape_of(x: Any) -> Any:
    """Return the shape of an array or a KerasTensor as a tuple; None for what has none."""
    shape = getattr(x, "shape", None)
    return None if shape is None else tuple(shape)


def _one(inputs: Any, place: str) -> None:
    """Refuse what is not one array."""
    if isinstance(inputs, dict):
        names = ", ".join(map(repr, inputs))
        raise ShapeError(
            f"{place}: got a dict of inputs ({names}), expected one array. Give one of its values."
        )
    if isinstance(inputs, (list, tuple)):
        count = len(inputs)
        one = "s" if count != 1 else ""
        raise ShapeError(
            f"{place}: got a list of {count} input{one}, expected one array. If each is a row, "
            "give np.stack(x) or ops.stack(x); if each is an input, put them together first, as "
            "Concatenate does."
        )
    if shape_of(inputs) is None:
        raise ArgumentTypeError(
            f"{place}: got {inputs!r:.60} of type {type(inputs).__name__}, expected an array. "
            "Convert it with np.asarray first."
        )
