"""Matrices: diagonals, triangles, and the products that NumPy names."""

from __future__ import annotations

from typing import Any

from ..graph.errors import OpenBatchError, ShapeError
from ..graph.node import cast
from ..graph.shape import normal_axis
from ..graph.whole import whole
from .contract import product, tensordot
from .elementwise import (
    divide,
    less_equal,
    multiply,
    power_,
    sqrt_,
    square,
    subtract,
    where,
)
from .index import eye, iota, zeros, zeros_like
from .pad import pad
from .reduce import floats, given, mean, sum
from .reshape import (
    diagonal,
    expand_dims,
    ravel,
    reshape,
    slice_along,
    squeeze,
    stack,
)  # fmt: skip


def identity(n: int, dtype: object = None) -> Any:
    """Return a square matrix with ones on its diagonal."""
    return eye(n, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: object = None) -> Any:
    """Return a matrix with ones on and below its k-th diagonal."""
    rows = whole("tri, `N`", N, 0)
    columns = rows if M is None else whole("tri, `M`", M, 0)
    return cast(_below((rows, columns), k, "tri"), dtype)


def _below(shape: tuple[int, int], k: int, place: str) -> Any:
    return less_equal(subtract(iota(shape, 1), iota(shape, 0)), whole(f"{place}, `k`", k))


def tril(x: Any, k: int = 0) -> Any:
    """Return x with zeros above the k-th diagonal of its last two axes."""
    x = _matrix(x, "tril")
    return where(_below(x.shape[-2:], k, "tril"), x, cast(0, x.dtype))


def triu(x: Any, k: int = 0) -> Any:
    """Return x with zeros below the k-th diagonal of its last two axes."""
    x = _matrix(x, "triu")
    below = _below(x.shape[-2:], whole("triu, `k`", k) - 1, "triu")
    return where(below, cast(0, x.dtype), x)


def _matrix(x: Any, name: str) -> Any:
    x = given(x)
    if len(x.shape) < 2:
        raise ShapeError(f"{name}: got shape {tuple(x.shape)}, expected at least two axes.")
    return x


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """Return the sum of the diagonal of two axes."""
    return sum(diagonal(x, offset, axis1, axis2), -1)


def diag(x: Any, k: int = 0) -> Any:
    """Return the k-th diagonal of a matrix, or a matrix with a vector on its k-th diagonal."""
    x, k = given(x), whole("diag, `k`", k)
    if len(x.shape) == 2:
        return diagonal(x, k)
    if len(x.shape) != 1:
        raise ShapeError(f"diag: got shape {tuple(x.shape)}, expected one or two axes.")
    if x.shape[0] is None:
        raise OpenBatchError("diag of the batch axis needs a batch of one exact size.")
    n = x.shape[0] + abs(k)
    wide = pad(x, ((max(k, 0), max(-k, 0)),))
    rows = pad(expand_dims(x, 1), ((max(-k, 0), max(k, 0)), (0, 0)))
    return where(cast(eye(n, n, k), "bool"), wide if k >= 0 else rows, cast(0, x.dtype))


def diagflat(x: Any, k: int = 0) -> Any:
    """Return a matrix with the elements of x, in their order, on its k-th diagonal."""
    return diag(ravel(x), k)


def inner(x1: Any, x2: Any) -> Any:
    """Return the product summed over the last axes of both."""
    x, y = given(x1), given(x2)
    if not x.shape or not y.shape:
        return multiply(x, y)
    return tensordot(x, y, ((-1,), (-1,)))


def vdot(x1: Any, x2: Any) -> Any:
    """Return the sum of the products of all elements."""
    return product(ravel(given(x1)), ravel(given(x2)), "a,a->")


def cross(
    x1: Any, x2: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """Return the vector product of vectors of three, or two in a plane.

    Args:
        x1, x2: arrays of vectors; their other axes broadcast.
        axisa, axisb: the axis of x1 and of x2 that holds the 2 or 3 numbers; default the last.
        axisc: where that axis stands in the result; default the last. The product of two vectors
            of two is one number, without an axis.
        axis: all three at once.

    Raises:
        ShapeError: if there are neither 2 nor 3 numbers along an axis.

    Example:
        >>> cross([1, 0, 0], [0, 1, 0]).tolist()
        [0, 0, 1]

    Source: keras.ops.cross.
    """
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = _coordinates(x1, "axisa", axisa), _coordinates(x2, "axisb", axisb)
    if len(x) == len(y) == 2:
        return subtract(multiply(x[0], y[1]), multiply(x[1], y[0]))
    (a, b, c), (d, e, f) = (v if len(v) == 3 else [*v, zeros_like(v[0])] for v in (x, y))
    found = [
        subtract(multiply(b, f), multiply(c, e)),
        subtract(multiply(c, d), multiply(a, f)),
        subtract(multiply(a, e), multiply(b, d)),
    ]
    return stack(found, axisc)


def _coordinates(x: Any, name: str, axis: int) -> list[Any]:
    x = given(x)
    at = normal_axis(axis, len(x.shape), name)
    if x.shape[at] not in (2, 3):
        raise ShapeError(
            f"cross, `{name}`: got shape {tuple(x.shape)}, expected 2 or 3 along axis {axis}."
        )
    return [squeeze(slice_along(x, at, i, i + 1), at) for i in range(x.shape[at])]


def kron(x1: Any, x2: Any) -> Any:
    """Return x2 times each element of x1, at that element's place."""
    x, y = given(x1), given(x2)
    rank = max(len(x.shape), len(y.shape))
    a, b = ((1,) * (rank - len(v.shape)) + tuple(v.shape) for v in (x, y))
    if None in (*a, *b):
        raise OpenBatchError("kron of a batch needs a batch of one exact size.")
    blocks, inside = ([s for pair in zip(*order, strict=True) for s in pair]
                      for order in ((a, (1,) * rank), ((1,) * rank, b)))  # fmt: skip
    wide = multiply(reshape(x, blocks), reshape(y, inside))
    return reshape(wide, [m * n for m, n in zip(a, b, strict=True)])


def cdist(x: Any, y: Any) -> Any:
    """Return the Euclidean distance of each row of x to each row of y."""
    x, y = _matrix(x, "cdist"), _matrix(y, "cdist")
    gaps = subtract(expand_dims(x, -2), expand_dims(y, -3))
    return sqrt_(sum(square(gaps), -1))


def corrcoef(x: Any) -> Any:
    """Return the correlation of each row of x with each."""
    x = floats(x)
    x = subtract(x, mean(x, -1, True))
    x = divide(x, sqrt_(sum(square(x), -1, True)))
    return inner(x, x)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """Return the powers of a vector's elements as the columns of a matrix."""
    x = given(x)
    if len(x.shape) != 1:
        raise ShapeError(f"vander, `x`: got shape {tuple(x.shape)}, expected one axis.")
    n = x.shape[0] if N is None else whole("vander, `N`", N, 0)
    if n is None:
        raise OpenBatchError("vander of the batch axis needs `N`, or a batch of one exact size.")
    exponent = iota((1, n), 1, "int32")
    return power_(expand_dims(x, 1), exponent if increasing else subtract(n - 1, exponent))


def empty(shape: Any, dtype: object = None) -> Any:
    """Return an array of zeros: nothing here is ever left unset."""
    return zeros(shape, dtype)
