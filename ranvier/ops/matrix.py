"""Matrices: diagonals, triangles, and the products that NumPy names."""

from __future__ import annotations

from typing import Any

from ..graph.dtype import is_float
from ..graph.errors import ShapeError
from ..graph.node import cast
from ..graph.shape import normal_axis
from ..graph.whole import whole
from .contract import contract_, tensordot
from .elementwise import (
    divide,
    greater_equal,
    less_equal,
    multiply,
    power_,
    sqrt_,
    square,
    subtract,
    where,
)
from .index import eye, iota, zeros
from .pad import pad
from .reduce import given, mean, sum
from .reshape import (
    concatenate,
    diagonal,
    expand_dims,
    ravel,
    reshape,
    slice_along,
)  # fmt: skip


def identity(n: int, dtype: object = None) -> Any:
    """Return a square matrix with ones on its diagonal."""
    return eye(n, dtype=dtype)


def tri(N: int, M: int | None = None, k: int = 0, dtype: object = None) -> Any:
    """Return a matrix with ones on and below its k-th diagonal."""
    rows = whole("tri, `N`", N, 0)
    columns = rows if M is None else whole("tri, `M`", M, 0)
    return cast(_below((rows, columns), k), dtype)


def _below(shape: tuple[int, int], k: int) -> Any:
    return less_equal(subtract(iota(shape, 1), iota(shape, 0)), k)


def tril(x: Any, k: int = 0) -> Any:
    """Return x with zeros above the k-th diagonal of its last two axes."""
    x = _matrix(x, "tril")
    return where(_below(x.shape[-2:], k), x, cast(0, x.dtype))


def triu(x: Any, k: int = 0) -> Any:
    """Return x with zeros below the k-th diagonal of its last two axes."""
    x = _matrix(x, "triu")
    shape = x.shape[-2:]
    above = greater_equal(subtract(iota(shape, 1), iota(shape, 0)), k)
    return where(above, x, cast(0, x.dtype))


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
    x = given(x)
    if len(x.shape) == 2:
        return diagonal(x, k)
    if len(x.shape) != 1:
        raise ShapeError(f"diag: got shape {tuple(x.shape)}, expected one or two axes.")
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
    return contract_(ravel(x1), ravel(x2), spec="a,a->")


def cross(x1: Any, x2: Any, axis: int = -1) -> Any:
    """Return the vector product of vectors of three along `axis`."""
    x, y = given(x1), given(x2)
    parts = []
    for v in (x, y):
        at = normal_axis(axis, len(v.shape))
        if v.shape[at] != 3:
            raise ShapeError(f"cross: got shape {tuple(v.shape)}, expected 3 along axis {axis}.")
        parts.append([slice_along(v, at, i, i + 1) for i in range(3)])
    (a, b, c), (d, e, f) = parts
    found = [
        subtract(multiply(b, f), multiply(c, e)),
        subtract(multiply(c, d), multiply(a, f)),
        subtract(multiply(a, e), multiply(b, d)),
    ]
    return concatenate(found, normal_axis(axis, len(found[0].shape)))


def kron(x1: Any, x2: Any) -> Any:
    """Return the matrix of x2 times each element of x1."""
    x, y = _matrix(x1, "kron"), _matrix(x2, "kron")
    (a, b), (c, d) = x.shape, y.shape
    wide = multiply(reshape(x, (a, 1, b, 1)), reshape(y, (1, c, 1, d)))
    return reshape(wide, (a * c, b * d))


def cdist(x: Any, y: Any) -> Any:
    """Return the Euclidean distance of each row of x to each row of y."""
    x, y = _matrix(x, "cdist"), _matrix(y, "cdist")
    gaps = subtract(expand_dims(x, -2), expand_dims(y, -3))
    return sqrt_(sum(square(gaps), -1))


def corrcoef(x: Any) -> Any:
    """Return the correlation of each row of x with each."""
    x = given(x)
    x = x if is_float(str(x.dtype)) else cast(x, None)
    x = subtract(x, mean(x, -1, True))
    x = divide(x, sqrt_(sum(square(x), -1, True)))
    return inner(x, x)


def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """Return the powers of a vector's elements as the columns of a matrix."""
    x = given(x)
    n = x.shape[0] if N is None else whole("vander, `N`", N, 0)
    exponent = iota((1, n), 1, "int32")
    return power_(expand_dims(x, 1), exponent if increasing else subtract(n - 1, exponent))


def empty(shape: Any, dtype: object = None) -> Any:
    """Return an array of zeros: nothing here is ever left unset."""
    return zeros(shape, dtype)
