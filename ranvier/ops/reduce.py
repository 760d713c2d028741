"""Reductions over axes, and the running sums along one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.dtype import DTYPES, of_scalar
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError
from ..graph.node import Node, as_value, cast, is_symbolic, rows_node
from ..graph.op import Aval, Op
from ..graph.shape import normal_axes, normal_axis
from .elementwise import (
    absolute,
    add,
    divide,
    equal,
    exp,
    log,
    multiply,
    sqrt_,
    square,
    stop_gradient,
    subtract,
    where,
)  # fmt: skip
from .reshape import broadcast_to, flip, reshape, stack

_builtin_any = any
Axis = int | Sequence[int] | None


def _reduced(x: Any, axis: tuple[int, ...], keepdims: bool) -> tuple[int | None, ...]:
    return tuple(1 if i in axis else s for i, s in enumerate(x.shape) if keepdims or i not in axis)


def _infer(x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Aval:
    return Aval(_reduced(x, axis, keepdims), str(x.dtype))


def _infer_nonempty(x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Aval:
    if 0 in [x.shape[a] for a in axis]:
        raise ShapeError(f"max, min: axis {axis} of shape {x.shape} holds no element.")
    return _infer(x, axis=axis, keepdims=keepdims)


def _kept(x: Any, axis: tuple[int, ...]) -> tuple[int | None, ...]:
    return _reduced(x, axis, True)


def spread(g: Any, x: Any, axis: tuple[int, ...]) -> Any:
    """Return a reduced value repeated over the reduced axes of x."""
    return broadcast_to(reshape(g, _kept(x, axis)), x.shape)


def _sum_eval(x: np.ndarray, *, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
    return np.sum(x, axis, dtype=x.dtype, keepdims=keepdims)


sum_ = Op("sum", "reduce", _infer, _sum_eval,
          lambda g, out, x, *, axis, keepdims: (spread(g, x, axis),))  # fmt: skip


def _extreme_vjp(g: Any, out: Any, x: Any, *, axis: Any, keepdims: bool) -> tuple[Any]:
    """Ties share the gradient equally, as JAX has it."""
    hit = cast(equal(x, spread(out, x, axis)), x.dtype)
    count = sum_(hit, axis=axis, keepdims=True)
    return (multiply(hit, spread(divide(reshape(g, count.shape), count), x, axis)),)


max_ = Op("max", "reduce", _infer_nonempty, lambda x, **a: np.max(x, **a), _extreme_vjp)
min_ = Op("min", "reduce", _infer_nonempty, lambda x, **a: np.min(x, **a), _extreme_vjp)


def _prod_vjp(g: Any, out: Any, x: Any, *, axis: Any, keepdims: bool) -> tuple[Any]:
    """The product of the others: exact beside one zero, where out / x would be 0 / 0."""
    zero = equal(x, 0.0)
    zeros = sum_(cast(zero, x.dtype), axis=axis, keepdims=True)
    rest = prod_(where(zero, 1.0, x), axis=axis, keepdims=True)
    at_zero = where(equal(zeros, 1.0), rest, 0.0)
    elsewhere = divide(where(equal(zeros, 0.0), rest, 0.0), where(zero, 1.0, x))
    return (multiply(spread(g, x, axis), where(zero, at_zero, elsewhere)),)


prod_ = Op("prod", "reduce", _infer,
           lambda x, *, axis, keepdims: np.prod(x, axis, dtype=x.dtype, keepdims=keepdims),
           _prod_vjp)  # fmt: skip


def _arg_infer(x: Any, *, axis: tuple[int, ...], keepdims: bool) -> Aval:
    if 0 in axis and x.shape[0] is None:
        raise OpenBatchError("argmax, argmin over the batch axis need a batch of one exact size.")
    return Aval(_infer_nonempty(x, axis=axis, keepdims=keepdims).shape, "int32")


def _arg(name: str, eval: Any) -> Op:
    return Op(name, "reduce", _arg_infer,
              lambda x, *, axis, keepdims: _arg_eval(eval, x, axis, keepdims),
              no_gradient="the result is an index")  # fmt: skip


def _arg_eval(find: Any, x: np.ndarray, axis: tuple[int, ...], keepdims: bool) -> np.ndarray:
    """Number the elements of several axes in their order."""
    lines = np.moveaxis(x, axis, range(-len(axis), 0))
    index = find(lines.reshape(*lines.shape[: -len(axis)], -1), -1)
    shape: Any = _reduced(x, axis, keepdims)
    return np.reshape(index, shape).astype(np.int32)


argmax_ = _arg("argmax", np.argmax)
argmin_ = _arg("argmin", np.argmin)


def _reduction(op: Op, name: str, what: str) -> Callable[..., Any]:
    def function(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        x = _given(x)
        axes = normal_axes(axis, len(x.shape))
        truth = str(x.dtype) == "bool"
        if truth:
            x = cast(x, "int32")
        result = op(x, axis=axes, keepdims=bool(keepdims)) if axes else x
        return cast(result, "bool") if truth and op in (max_, min_) else result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Return {what} over `axis` (all axes by default).

    Args:
        x: numbers.
        axis: an int, several, or None for all.
        keepdims: keep reduced axes with size 1; default False.
    """
    return function


def _given(x: Any) -> Any:
    """Return x as something with a shape and a dtype that graphs know."""
    if isinstance(x, Node) or hasattr(x, "__ranvier_apply__"):
        return x
    reader = getattr(x, "__ranvier_value__", None)
    if reader is not None:
        return reader()
    if isinstance(x, (list, tuple)) and _builtin_any(_symbolic(v) for v in x):
        return stack([_given(v) for v in x])
    array = as_value(x)
    if isinstance(array, (bool, int, float)):
        return cast(array, of_scalar(array, None))
    if str(array.dtype) not in DTYPES:
        return cast(array, array.dtype)
    return Array.of(array) if isinstance(array, np.ndarray) else array


def _symbolic(x: Any) -> bool:
    return is_symbolic(x) or hasattr(x, "__ranvier_apply__")


sum = _reduction(sum_, "sum", "the sum")
max = _reduction(max_, "max", "the largest value")
min = _reduction(min_, "min", "the smallest value")
prod = _reduction(prod_, "prod", "the product")


def count(x: Any, axis: Axis = None) -> Any:
    """Return how many elements lie along `axis`: an int, or a node if the batch is among them."""
    fixed, open_ = 1, False
    for a in normal_axes(axis, len(x.shape)):
        if x.shape[a] is None:
            open_ = True
        else:
            fixed *= x.shape[a]
    return multiply(rows_node(), fixed) if open_ else fixed


def mean(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the arithmetic mean over `axis` (all axes by default); integers give floats."""
    x = _given(x)
    if not str(x.dtype).startswith("float"):
        x = cast(x, None)
    n = count(x, axis)
    return divide(sum(x, axis, keepdims), cast(n, x.dtype) if isinstance(n, Node) else float(n))


def var(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the variance, the mean of squared distances from the mean, over `axis`."""
    x = _given(x)
    return mean(square(subtract(x, mean(x, axis, True))), axis, keepdims)


def std(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the standard deviation, the square root of `var`, over `axis`."""
    return sqrt_(var(x, axis, keepdims))


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return whether any element is true (not 0) over `axis`."""
    return cast(max(cast(cast(x, "bool"), "int32"), axis, keepdims), "bool")


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return whether all elements are true (not 0) over `axis`."""
    return cast(min(cast(cast(x, "bool"), "int32"), axis, keepdims), "bool")


def _arg_function(op: Op, name: str, what: str) -> Callable[..., Any]:
    def function(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        x = _given(x)
        if axis is None:
            result = op(reshape(x, (-1,)), axis=(0,), keepdims=False)
            return reshape(result, (1,) * len(x.shape)) if keepdims else result
        return op(x, axis=(normal_axis(axis, len(x.shape)),), keepdims=bool(keepdims))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = (
        f"Return the int32 index of the first {what} value along `axis` "
        "(of the flattened array by default)."
    )
    return function


argmax = _arg_function(argmax_, "argmax", "largest")
argmin = _arg_function(argmin_, "argmin", "smallest")


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return log(sum(exp(x))) without overflow: the largest value is taken out first."""
    x = _given(x)
    if not str(x.dtype).startswith("float"):
        x = cast(x, None)
    top = stop_gradient(max(x, axis, True))
    total = add(log(sum(exp(subtract(x, top)), axis, True)), top)
    return total if keepdims else reshape(total, _reduced(
        x, normal_axes(axis, len(x.shape)), False))  # fmt: skip


def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the norm of vectors or matrices.

    Args:
        x: an array.
        ord: for one axis 2 (default, Euclid), 1, or float("inf"); for two "fro" (default),
            1 (the largest sum of a column), or float("inf") (that of a row).
        axis: an axis, or two of matrices; default all.
        keepdims: whether these axes stay, with size 1.

    Raises:
        ArgumentError: for other norms: those of singular values have no gradient here.
    """
    x = _given(x)
    axes = (axis,) if isinstance(axis, int) else range(len(x.shape)) if axis is None else axis
    at = [normal_axis(a, len(x.shape)) for a in axes]
    known = (1, 2, float("inf")) if len(at) == 1 else (1, float("inf")) if len(at) == 2 else ()
    if ord in (None, "fro", "euclidean") or (ord == 2 and len(at) == 1):
        return sqrt_(sum(square(x), axis, keepdims))
    if ord not in known:
        raise ArgumentError(
            f"norm, `ord`: got {ord!r} over {len(at)} axes of {len(x.shape)}, expected one of "
            f"{(None, *known)}. Name one axis for norms of vectors."
        )
    if len(at) == 2:
        inner, outer = at if ord == 1 else at[::-1]
        found = max(sum(absolute(x), inner, True), outer, True)
        return found if keepdims else sum(found, tuple(at))
    return (sum if ord == 1 else max)(absolute(x), axis, keepdims)


# --- running sums -------------------------------------------------------------------------------


def _scan_infer(x: Any, *, axis: int) -> Aval:
    if axis == 0 and x.shape[0] is None:
        raise OpenBatchError("cumsum along the batch axis needs a batch of one exact size.")
    return Aval(x.shape, str(x.dtype))


cumsum_: Op = Op("cumsum", "scan", _scan_infer,
                 lambda x, *, axis: np.cumsum(x, axis, dtype=x.dtype),
                 lambda g, out, x, *, axis: (
                     flip(cumsum_(flip(g, axis), axis=axis), axis),))  # fmt: skip


def cumsum(x: Any, axis: int | None = None, dtype: object = None) -> Any:
    """Return the running sum along `axis` (of the flattened array by default)."""
    x = _given(x) if dtype is None else cast(_given(x), dtype)
    if str(x.dtype) == "bool":
        x = cast(x, "int32")
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return cumsum_(x, axis=normal_axis(axis, len(x.shape)))


OPS = (sum_, max_, min_, prod_, argmax_, argmin_, cumsum_)
given = _given
