"""Dot: products of two inputs summed over an axis, row by row, as a layer and as a function."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from .. import ops
from ..graph.errors import ArgumentError, ShapeError
from ..graph.shape import normal_axis
from .merge import Merge

#: 1 / the smallest length a row is divided by; Keras' number.
_LONGEST = 1e12


class Dot(Merge):
    """Sum the products of two inputs over one axis of each, for each row of the batch.

    Args:
        axes: the axis of both inputs, or a pair; the batch axis 0 cannot be among them.
        normalize: scale both inputs to length 1 along the axis first, which gives the cosine of
            their angle; default False.
        **kwargs: name, dtype.

    Shape:
        (batch, n), (batch, n) -> (batch, 1); (batch, a, n), (batch, n, b) -> (batch, a, b) for
        axes=(2, 1)

    Raises:
        ArgumentError: if axes are not ints, or name the batch axis.
        ShapeError: if the sizes of the axes differ.

    Example:
        >>> Dot(axes=1)([[[1.0, 2.0]], [[3.0, 4.0]]])
        array([[11.]], dtype=float32)

    Source: keras.layers.Dot.
    """

    count = 2

    def __init__(self, axes: int | Sequence[int], normalize: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        pair = [axes] if isinstance(axes, int) else axes
        if not isinstance(pair, (list, tuple)) or not all(isinstance(a, int) for a in pair) or (
            not isinstance(axes, int) and len(pair) != 2
        ):  # fmt: skip
            raise ArgumentError(
                f"Dot '{self.name}', `axes`: got {axes!r}, expected an int or two of them, for "
                "instance axes=1 or axes=(2, 1)."
            )
        self.axes, self.normalize = axes, bool(normalize)

    def _both(self, shapes: Sequence[Sequence[int | None]]) -> list[int]:
        pair = (self.axes, self.axes) if isinstance(self.axes, int) else self.axes
        at = [normal_axis(a, len(s), "axes") for a, s in zip(pair, shapes, strict=True)]
        if 0 in at:
            raise ArgumentError(
                f"Dot '{self.name}', `axes`: got {self.axes!r} for inputs of shapes "
                f"{[tuple(s) for s in shapes]}; axis 0 is the batch, expected one behind it."
            )
        return at

    def _check_shapes(self, shapes: list[tuple[int | None, ...]]) -> None:
        if len(shapes) != 2:
            return  # `call` says so
        i, j = self._both(shapes)
        if shapes[0][i] != shapes[1][j]:
            raise ShapeError(
                f"Dot '{self.name}': got inputs of shapes {shapes}, whose axes {i} and {j} have "
                f"sizes {shapes[0][i]} and {shapes[1][j]}, expected equal ones."
            )

    def call(self, inputs: Any) -> Any:
        """Return the sums of products."""
        return self.merge(self._checked(inputs))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return None: sums over an axis have no steps to leave out."""
        return None

    def merge(self, inputs: list[Any]) -> Any:
        """Return the sums of products."""
        x, y = inputs
        i, j = self._both((x.shape, y.shape))
        if self.normalize:
            x, y = _unit(x, i), _unit(y, j)
        letters = iter(string.ascii_lowercase[2:])
        a = ["a", *(next(letters) for _ in x.shape[1:])]
        b = ["a", *(next(letters) for _ in y.shape[1:])]
        b[j] = a[i]
        out = [c for c in a + b[1:] if c != a[i]]
        result = ops.einsum(f"{''.join(a)},{''.join(b)}->{''.join(out)}", x, y)
        return ops.expand_dims(result, 1) if len(out) == 1 else result


def _unit(x: Any, axis: int) -> Any:
    squares = ops.sum(ops.square(x), axis=axis, keepdims=True)
    return ops.multiply(x, ops.minimum(ops.rsqrt(squares), _LONGEST))


def dot(inputs: Any, axes: int | Sequence[int] = -1, **kwargs: Any) -> Any:
    """Return the sums of products of two inputs; `Dot(axes, **kwargs)(inputs)`."""
    return Dot(axes=axes, **kwargs)(inputs)
