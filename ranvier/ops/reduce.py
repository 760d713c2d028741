"""Reductions over axes, and the running sums along one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.dtype import DTYPES, is_float, of_scalar
from ..graph.errors import ArgumentError, OpenBatchError, ShapeError
from ..graph.node import Node, as_value, cast, const_node, is_symbolic, rows_node
from ..graph.op import Aval, Op
from ..graph.shape import normal_axes, normal_axis, several
from .elementwise import (
    absolute,
    add,
    divide,
    equal,
    exp,
    less,
    log,
    maximum,
    minimum,
    multiply,
    not_equal,
    power_,
    sqrt_,
    square,
    stop_gradient,
    subtract,
    where,
)  # fmt: skip
from .reshape import broadcast_to, flip, itself, reshape, stack

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
    count = int(np.prod(lines.shape[-len(axis) :]))
    index = find(lines.reshape(*lines.shape[: -len(axis)], count), -1)
    shape: Any = _reduced(x, axis, keepdims)
    return np.reshape(index, shape).astype(np.int32)


argmax_ = _arg("argmax", np.argmax)
argmin_ = _arg("argmin", np.argmin)


def _reduction(op: Op, name: str, what: str) -> Callable[..., Any]:
    def function(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        x = given(x)
        axes = normal_axes(axis, len(x.shape))
        truth = str(x.dtype) == "bool"
        if truth:
            x = cast(x, "int32")
        result = op(x, axis=axes, keepdims=bool(keepdims)) if axes else itself(x)
        return cast(result, "bool") if truth and op in (max_, min_) else result

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Return {what} over `axis` (all axes by default).

    Args:
        x: numbers.
        axis: an int, several, or None for all.
        keepdims: keep reduced axes with size 1; default False.
    """
    return function


def given(x: Any) -> Any:
    """Return x as something with a shape and a dtype that graphs know."""
    if isinstance(x, Node) or hasattr(x, "__ranvier_apply__"):
        return x
    reader = getattr(x, "__ranvier_value__", None)
    if reader is not None:
        return reader()
    if isinstance(x, (list, tuple)) and _builtin_any(_symbolic(v) for v in x):
        return stack([given(v) for v in x])
    array = as_value(x)
    if isinstance(array, (bool, int, float)):
        return cast(array, of_scalar(array, None))
    if str(array.dtype) not in DTYPES:
        return cast(array, array.dtype)
    return Array.of(array) if isinstance(array, np.ndarray) else array


def floats(x: Any) -> Any:
    """Return x as something of floats: of the default float type where it is of another kind."""
    x = given(x)
    return x if is_float(str(x.dtype)) else cast(x, None)


def _symbolic(x: Any) -> bool:
    return is_symbolic(x) or hasattr(x, "__ranvier_apply__")


sum = _reduction(sum_, "sum", "the sum")


def _extreme(op: Op, name: str, what: str, further: Op) -> Callable[..., Any]:
    reduce = _reduction(op, name, what)

    def function(
        x: Any, axis: Axis = None, keepdims: bool = False, initial: float | None = None
    ) -> Any:
        if initial is None:
            return reduce(x, axis, keepdims)
        x = given(x)
        first = cast(initial, x.dtype)
        axes = normal_axes(axis, len(x.shape))
        if not _lacks(x, axes):
            return further(reduce(x, axis, keepdims), first)
        first = const_node(initial, x.dtype) if isinstance(x, Node) else first
        return broadcast_to(first, _reduced(x, axes, keepdims))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"""Return {what} over `axis` (all axes by default).

    Args:
        x: numbers.
        axis: an int, several, or None for all.
        keepdims: keep reduced axes with size 1; default False.
        initial: counted as one more element, so that there is one where an axis has none.

    Raises:
        ShapeError: where an axis has no element and `initial` is not given.

    Example:
        >>> {name}([[1, 5], [3, 2]], axis=1).tolist()
        {[5, 3] if op is max_ else [1, 2]}
    """
    return function


def _lacks(x: Any, axes: Sequence[int]) -> bool:
    """Tell whether one of the axes holds no element."""
    return 0 in [x.shape[a] for a in axes]


max = _extreme(max_, "max", "the largest value", maximum)
min = _extreme(min_, "min", "the smallest value", minimum)
_product = _reduction(prod_, "prod", "the product")


def counted(x: Any, dtype: object) -> tuple[Any, Callable[[Any], Any]]:
    """Return what a sum or product takes, and what makes its result of what comes out.

    Truths are counted in int32, which is the result, too, unless bool was asked for.
    """
    x = given(x) if dtype is None else cast(given(x), dtype)
    if str(x.dtype) != "bool":
        return x, lambda result: result
    return cast(x, "int32"), lambda result: result if dtype is None else cast(result, "bool")


def prod(x: Any, axis: Axis = None, keepdims: bool = False, dtype: object = None) -> Any:
    """Return the product over `axis` (all axes by default).

    Args:
        x: numbers.
        axis: an int, several, or None for all.
        keepdims: keep reduced axes with size 1; default False.
        dtype: what is multiplied, and the result; default that of x.
    """
    x, finished = counted(x, dtype)
    return finished(_product(x, axis, keepdims))


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
    x = floats(x)
    n = count(x, axis)
    return divide(sum(x, axis, keepdims), cast(n, x.dtype) if isinstance(n, Node) else float(n))


def var(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the variance, the mean of squared distances from the mean, over `axis`."""
    x = given(x)
    return mean(square(subtract(x, mean(x, axis, True))), axis, keepdims)


def std(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the standard deviation, the square root of `var`, over `axis`."""
    return sqrt_(var(x, axis, keepdims))


def any(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return whether any element is true (not 0) over `axis`."""
    return _truth(max, x, axis, keepdims, 0)


def all(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return whether all elements are true (not 0) over `axis`."""
    return _truth(min, x, axis, keepdims, 1)


def _truth(reduce: Any, x: Any, axis: Axis, keepdims: bool, empty: int) -> Any:
    """Reduce the truth of numbers; `empty` is that of none."""
    x = cast(cast(x, "bool"), "int32")
    lacking = _lacks(x, normal_axes(axis, len(x.shape)))
    return cast(reduce(x, axis, keepdims, empty if lacking else None), "bool")


def _arg_function(op: Op, name: str, what: str) -> Callable[..., Any]:
    def function(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
        x = given(x)
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


def summit(x: Any, axis: Axis) -> Any:
    """Return the largest value over `axis`, which stays, as a constant; 0 where there is none."""
    lacking = _lacks(x, normal_axes(axis, len(x.shape)))
    return stop_gradient(max(x, axis, True, 0 if lacking else None))


def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return log(sum(exp(x))) without overflow: the largest value is taken out first."""
    x = floats(x)
    top = summit(x, axis)
    top = where(less(absolute(top), np.inf), top, 0.0)  # infinity has no distance from itself
    total = add(log(sum(exp(subtract(x, top)), axis, True)), top)
    return total if keepdims else reshape(total, _reduced(
        x, normal_axes(axis, len(x.shape)), False))  # fmt: skip


def norm(x: Any, ord: Any = None, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return the norm of vectors or matrices.

    Args:
        x: an array.
        ord: for one axis p, for sum(|x|**p)**(1/p): 2 (default, Euclid), 1, any other number, 0
            (how many are not 0), or plus or minus infinity (the largest or smallest |x|); for two
            axes "fro" (default), 1 or -1 (the largest or smallest sum of a column), or plus or
            minus infinity (those of a row).
        axis: an axis, or two of matrices; default all.
        keepdims: whether these axes stay, with size 1.

    Raises:
        ArgumentError: for other norms: those of singular values have no gradient here.
    """
    x = floats(x)
    axes = range(len(x.shape)) if axis is None else several(axis)
    at = [normal_axis(a, len(x.shape)) for a in axes]
    if ord is None or (ord == "fro" and len(at) == 2) or (ord == 2 and len(at) == 1):
        return sqrt_(sum(square(x), axis, keepdims))
    number = isinstance(ord, (int, float)) and not isinstance(ord, bool)
    if len(at) == 1 and number:
        return _vector_norm(absolute(x), float(ord), at[0], keepdims)
    if len(at) != 2 or not number or abs(ord) not in (1, np.inf):
        raise ArgumentError(
            f"norm, `ord`: got {ord!r} over {len(at)} axes of {len(x.shape)}, expected None, a "
            "number over one axis, or one of ('fro', 1, -1, inf, -inf) over two. Name one axis "
            "for norms of vectors."
        )
    inner, outer = at if abs(ord) == 1 else at[::-1]
    found = (max if ord > 0 else min)(sum(absolute(x), inner, True), outer, True)
    return found if keepdims else sum(found, tuple(at))


def _vector_norm(x: Any, p: float, axis: int, keepdims: bool) -> Any:
    """Return the p-norm of numbers of at least 0."""
    if np.isinf(p):
        return (max if p > 0 else min)(x, axis, keepdims)
    if p == 0:
        return sum(cast(not_equal(x, 0), x.dtype), axis, keepdims)
    if p == 1:
        return sum(x, axis, keepdims)
    return power_(sum(power_(x, p), axis, keepdims), 1 / p)


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
    """Return the running sum along `axis` (of the flattened array by default).

    A `dtype` of "bool" tells whether any so far was true.
    """
    x, finished = counted(x, dtype)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    return finished(cumsum_(x, axis=normal_axis(axis, len(x.shape))))


OPS = (sum_, max_, min_, prod_, argmax_, argmin_, cumsum_)
