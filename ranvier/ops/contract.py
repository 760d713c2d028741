"""Contractions: products of two arrays summed over shared axes. Every matrix product is one."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, OpenBatchError, ShapeError
from ..graph.node import cast
from ..graph.op import Aval, Op
from ..graph.shape import broadcast, is_several, normal_axis, several
from ..graph.whole import whole
from .elementwise import multiply
from .reduce import given, sum_
from .reshape import broadcast_to, diagonal, reshape, transpose


def split_spec(spec: str) -> tuple[str, str, str]:
    """Return the letters of both operands and of the result of "ab,bc->ac"."""
    left, out = spec.split("->")
    a, b = left.split(",")
    return a, b, out


def letter_sizes(x: Any, y: Any, spec: str) -> dict[str, int | None]:
    """Return the size of each letter, or raise ShapeError where the operands disagree."""
    a, b, _ = split_spec(spec)
    sizes: dict[str, int | None] = {}
    for operand, letters in ((x, a), (y, b)):
        if len(letters) != len(operand.shape):
            raise ShapeError(f"contract {spec}: got shapes {tuple(x.shape)} and {tuple(y.shape)}.")
        for letter, size in zip(letters, operand.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ShapeError(
                    f"Product of shapes {tuple(x.shape)} and {tuple(y.shape)}: the summed sizes "
                    f"{sizes[letter]} and {size} differ."
                )
    return sizes


def _infer(x: Any, y: Any, *, spec: str) -> Aval:
    sizes = letter_sizes(x, y, spec)
    shape = tuple(sizes[letter] for letter in split_spec(spec)[2])
    if None in shape[1:]:
        raise OpenBatchError(f"Product {spec} moves the batch axis away from the front.")
    return Aval(shape, str(x.dtype))


def _vjp(g: Any, out: Any, x: Any, y: Any, *, spec: str) -> tuple[Any, Any]:
    a, b, o = split_spec(spec)
    return contract_(g, y, spec=f"{o},{b}->{a}"), contract_(x, g, spec=f"{a},{o}->{b}")


contract_ = Op("contract", "contract", _infer,
               lambda x, y, *, spec: np.einsum(spec, x, y, optimize=True).astype(
                   x.dtype, copy=False),
               _vjp, operands="same",
               doc="Sum of products by an einsum formula. Each letter stands once an operand, and "
               "a letter of one operand alone stands in the result.")  # fmt: skip


def product(x: Any, y: Any, spec: str) -> Any:
    """Return a contraction; one of bools tells whether any product is true."""
    if str(x.dtype) == str(y.dtype) == "bool":
        return cast(product(cast(x, "int32"), cast(y, "int32"), spec), "bool")
    return contract_(x, y, spec=spec)


def einsum(subscripts: str, *operands: Any) -> Any:
    """Return sums of products by Einstein's notation; several operands from left to right.

    A letter that stands twice in an operand takes the diagonal of those axes.

    Example:
        >>> einsum("ij,jk->ik", [[1.0, 2.0]], [[3.0], [4.0]]).numpy()
        array([[11.]], dtype=float32)
        >>> einsum("ii->i", [[1.0, 2.0], [3.0, 4.0]]).numpy()
        array([1., 4.], dtype=float32)
    """
    xs = [given(x) for x in operands]
    spec = subscripts.replace(" ", "")
    if not xs or spec.partition("->")[0].count(",") != len(xs) - 1:
        raise ArgumentError(
            f"einsum, `subscripts`: got {subscripts!r} for {len(xs)} operands; expected the "
            "letters of each operand, as in 'ij,jk->ik' for two."
        )
    if {str(x.dtype) for x in xs} == {"bool"}:  # their sum tells whether any product is true
        return cast(einsum(spec, *(cast(x, "int32") for x in xs)), "bool")
    if "->" not in spec:
        once = "".join(c for c in sorted(set(spec) - {*",."}) if spec.count(c) == 1)
        spec += "->" + "..." * ("..." in spec) + once
    left, _, out = _spell_ellipsis(spec, xs).partition("->")
    parts = left.split(",")
    if len(xs) > 2:
        first, rest = ",".join(parts[:2]), parts[2:]
        kept = "".join(c for c in dict.fromkeys(first) if c != "," and c in "".join([*rest, out]))
        both = einsum(f"{first}->{kept}", *xs[:2])
        return einsum(f"{','.join([kept, *rest])}->{out}", both, *xs[2:])
    for i, letters in enumerate(parts):
        if len(letters) != len(xs[i].shape):
            raise ShapeError(
                f"einsum, `subscripts`: got {letters!r} of {subscripts!r} for shape "
                f"{tuple(xs[i].shape)}, expected a letter for each axis."
            )
        xs[i], parts[i] = _diagonals(xs[i], letters)
    unknown = [c for c in out if c not in left or out.count(c) > 1]
    if unknown:
        raise ArgumentError(
            f"einsum, `subscripts`: got {subscripts!r}, whose result has {unknown[0]!r}; expected "
            "letters of the operands, each once."
        )
    other = dict(zip(range(2), reversed(parts), strict=False)) if len(xs) == 2 else {0: ""}
    for i, letters in enumerate(parts):
        alone = [c for c in letters if c not in other[i] and c not in out]
        if alone:
            xs[i] = sum_(xs[i], axis=tuple(letters.index(c) for c in alone), keepdims=False)
            parts[i] = "".join(c for c in letters if c not in alone)
    if len(xs) == 1:
        return transpose(xs[0], [parts[0].index(c) for c in out])
    return product(xs[0], xs[1], f"{parts[0]},{parts[1]}->{out}")


def _diagonals(x: Any, letters: str) -> tuple[Any, str]:
    """Return x with one axis a letter, and the letters."""
    for letter in letters:
        while letters.count(letter) > 1:
            a, b = letters.index(letter), letters.rindex(letter)
            if x.shape[a] != x.shape[b] or x.shape[a] is None:
                raise ShapeError(
                    f"einsum: letter {letter!r} stands for sizes {x.shape[a]} and {x.shape[b]} "
                    f"of shape {tuple(x.shape)}; expected equal sizes, none of them the batch's."
                )
            x = diagonal(x, 0, a, b)
            letters = "".join(c for i, c in enumerate(letters) if i not in (a, b)) + letter
    return x, letters


def _spell_ellipsis(spec: str, xs: Sequence[Any]) -> str:
    if "..." not in spec:
        return spec
    left, _, out = spec.partition("->")
    parts = left.split(",")
    extra = max(
        [0, *(len(x.shape) - len(p.replace("...", "")) for x, p in zip(xs, parts, strict=True)
              if "..." in p)]
    )  # fmt: skip
    free = [c for c in string.ascii_uppercase if c not in spec][:extra]
    named = [
        p.replace("...", "".join(free[extra - (len(x.shape) - len(p) + 3) :]) if "..." in p else "")
        for x, p in zip(xs, parts, strict=True)
    ]
    return ",".join(named) + "->" + out.replace("...", "".join(free))


def matmul(x1: Any, x2: Any) -> Any:
    """Return the matrix product over the last axis of x1 and the second last of x2.

    Shape:
        (..., n, k) and (..., k, m) -> (..., n, m); vectors as in NumPy.
    """
    x, y = given(x1), given(x2)
    nx, ny = len(x.shape), len(y.shape)
    if nx == 0 or ny == 0:
        raise ShapeError(f"matmul: got shapes {tuple(x.shape)} and {tuple(y.shape)}; no axis.")
    lead = string.ascii_lowercase[: max(nx, ny, 2) - 2]
    a = "k" if nx == 1 else lead[len(lead) - (nx - 2) :] + "yk"
    b = "k" if ny == 1 else lead[len(lead) - (ny - 2) :] + "kz"
    for i in range(min(nx, ny) - 2):
        if x.shape[-3 - i] != y.shape[-3 - i] and 1 in (x.shape[-3 - i], y.shape[-3 - i]):
            return _matmul_broadcast(x, y)
    out = lead + ("y" if nx > 1 else "") + ("z" if ny > 1 else "")
    return product(x, y, f"{a},{b}->{out}")


def _matmul_broadcast(x: Any, y: Any) -> Any:
    lead = broadcast(tuple(x.shape[:-2]), tuple(y.shape[:-2]))
    return matmul(broadcast_to(x, (*lead, *x.shape[-2:])), broadcast_to(y, (*lead, *y.shape[-2:])))


def tensordot(x1: Any, x2: Any, axes: int | Sequence[Any] = 2) -> Any:
    """Return the product summed over the last `axes` axes of x1 and first of x2, or over pairs."""
    x, y = given(x1), given(x2)
    nx, ny = len(x.shape), len(y.shape)
    if is_several(axes):
        pairs = [several(a) for a in several(axes)]
        if len(pairs) != 2 or len(pairs[0]) != len(pairs[1]):
            raise ArgumentError(
                f"tensordot, `axes`: got {axes!r}, expected as many axes of x1 as of x2, as in "
                "axes=((1,), (0,)), or how many."
            )
    else:
        count = whole("tensordot, `axes`", axes, 0)
        pairs = [tuple(range(nx - count, nx)), tuple(range(count))]
    left, right = ([normal_axis(a, n) for a in p] for p, n in zip(pairs, (nx, ny), strict=True))
    a = list(string.ascii_lowercase[:nx])
    b = list(string.ascii_lowercase[nx : nx + ny])
    for i, j in zip(left, right, strict=True):
        b[j] = a[i]
    out = [c for i, c in enumerate(a) if i not in left]
    out += [c for j, c in enumerate(b) if j not in right]
    return product(x, y, f"{''.join(a)},{''.join(b)}->{''.join(out)}")


def dot(x1: Any, x2: Any) -> Any:
    """Return NumPy's dot product: over the last axis of x1 and the second last (or only) of x2."""
    x, y = given(x1), given(x2)
    if len(x.shape) == 0 or len(y.shape) == 0:
        return multiply(x, y)
    return tensordot(x, y, ((-1,), (-2 if len(y.shape) > 1 else -1,)))


def outer(x1: Any, x2: Any) -> Any:
    """Return the product of each element of x1 with each of x2."""
    return tensordot(reshape(x1, (-1,)), reshape(x2, (-1,)), 0)


OPS = (contract_,)
