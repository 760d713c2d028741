"""Activations. relu and softplus are ops of their own, for their slope at 0; the rest is composed.

Comparisons are turned so that NaN stays NaN, and so that the slope at a kink is JAX's.
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Any

import numpy as np

from ..graph.errors import OpenBatchError, ShapeError
from ..graph.op import Op
from ..graph.shape import normal_axis
from .elementwise import (
    absolute,
    add,
    clip,
    divide,
    exp,
    expm1,
    float_map,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    maximum,
    multiply,
    negative,
    same,
    sigmoid,
    sign,
    sqrt_,
    square,
    subtract,
    tanh,
    where,
)  # fmt: skip
from .index import iota, sort
from .reduce import cumsum, floats, given, sum, summit
from .reshape import slice_along
from .special import erf

relu = Op("relu", "map", same, lambda x: np.where(x < 0, np.zeros((), x.dtype), x),
          lambda g, out, x: (where(greater(out, 0.0), g, 0.0),), "",
          lambda w, x: w.select(w.lt(x, w.const(0, x)), w.const(0, x), x), "same",
          "x where it is positive, 0 elsewhere; the slope at 0 is 0, NaN stays NaN.")  # fmt: skip

softplus = float_map("softplus", lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))),
                      lambda g, out, x: (multiply(g, sigmoid(x)),),
                      lambda w, x: w.add(w.max(x, w.const(0, x)),
                                         w.log1p(w.exp(w.neg(w.abs(x))))),
                      "log(exp(x) + 1), without overflow.")  # fmt: skip


# --- one element at a time ----------------------------------------------------------------------
def relu6(x: Any) -> Any:
    """Return x between 0 and 6, and these bounds outside; the slope at both is 0."""
    return where(greater_equal(x, 6.0), 6.0, relu(x))


def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
    """Return x where x >= 0, negative_slope * x elsewhere."""
    return where(greater_equal(x, 0.0), x, multiply(x, negative_slope))


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Return x where x > 0, alpha * (exp(x) - 1) elsewhere."""
    return _exponential_below(x, alpha, 1.0)


def celu(x: Any, alpha: float = 1.0) -> Any:
    """Return x where x > 0, alpha * (exp(x / alpha) - 1) elsewhere: of slope 1 at 0."""
    return _exponential_below(x, alpha, alpha)


def _exponential_below(x: Any, alpha: float, width: float) -> Any:
    up = greater(x, 0.0)
    # exp sees no positive x: inf from there would make the gradient NaN.
    low = where(up, 0.0, x)
    if width != 1.0:
        low = divide(low, width)
    low = expm1(low)
    return where(up, x, low if alpha == 1.0 else multiply(low, alpha))


def selu(x: Any) -> Any:
    """Return 1.0507 * elu(x, 1.6733): keeps mean 0 and variance 1 from layer to layer.

    Source: Klambauer et al., Self-normalizing neural networks (2017).
    """
    return multiply(elu(x, 1.6732632423543772), 1.0507009873554805)


def silu(x: Any) -> Any:
    """Return x * sigmoid(x), also called swish."""
    return multiply(x, sigmoid(x))


def gelu(x: Any, approximate: bool = True) -> Any:
    """Return x times the normal distribution's P(X <= x).

    0.5 x (1 + erf(x / sqrt(2))), or with `approximate`
    0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
    """
    x = given(x)
    if approximate:
        cube = multiply(multiply(multiply(x, x), x), 0.044715)
        reach = tanh(multiply(add(x, cube), sqrt(2 / pi)))
    else:
        reach = erf(multiply(x, sqrt(0.5)))
    return multiply(multiply(x, 0.5), add(reach, 1.0))


def mish(x: Any) -> Any:
    """Return x * tanh(softplus(x))."""
    return multiply(x, tanh(softplus(x)))


def log_sigmoid(x: Any) -> Any:
    """Return log(sigmoid(x)), without overflow."""
    return negative(softplus(negative(x)))


def softsign(x: Any) -> Any:
    """Return x / (|x| + 1)."""
    return divide(x, add(absolute(x), 1.0))


def squareplus(x: Any, b: float = 4) -> Any:
    """Return (x + sqrt(x^2 + b)) / 2."""
    return multiply(add(x, sqrt_(add(square(x), float(b)))), 0.5)


def hard_sigmoid(x: Any) -> Any:
    """Return x / 6 + 0.5 between -3 and 3, 0 below and 1 above."""
    return divide(relu6(add(x, 3.0)), 6.0)


def hard_silu(x: Any) -> Any:
    """Return x * hard_sigmoid(x), also called hard swish."""
    return multiply(x, hard_sigmoid(x))


def hard_tanh(x: Any) -> Any:
    """Return x between -1 and 1, and these bounds outside."""
    return where(greater(x, 1.0), 1.0, where(less(x, -1.0), -1.0, x))


def hard_shrink(x: Any, threshold: float = 0.5) -> Any:
    """Return x where |x| > threshold, 0 elsewhere."""
    return where(less_equal(absolute(x), threshold), 0.0, x)


def soft_shrink(x: Any, threshold: float = 0.5) -> Any:
    """Return x moved towards 0 by the threshold, 0 where |x| is no larger than it."""
    moved = subtract(x, multiply(sign(x), threshold))
    return where(less_equal(absolute(x), threshold), 0.0, moved)


def tanh_shrink(x: Any) -> Any:
    """Return x - tanh(x)."""
    return subtract(x, tanh(x))


def threshold(x: Any, threshold: float, default_value: float) -> Any:
    """Return x where x > threshold, default_value elsewhere."""
    return where(less_equal(x, threshold), default_value, x)


def sparse_plus(x: Any) -> Any:
    """Return 0 where x <= -1, x where x >= 1, (x + 1)^2 / 4 between."""
    bend = multiply(square(add(x, 1.0)), 0.25)
    return where(less_equal(x, -1.0), 0.0, where(greater_equal(x, 1.0), x, bend))


def sparse_sigmoid(x: Any) -> Any:
    """Return (x + 1) / 2 between -1 and 1, 0 below and 1 above."""
    return multiply(clip(add(x, 1.0), 0.0, 2.0), 0.5)


# --- along an axis ------------------------------------------------------------------------------
def softmax(x: Any, axis: int = -1) -> Any:
    """Return exp(x) / sum(exp(x)) over `axis`; the largest x is taken out first."""
    x = floats(x)
    e = exp(subtract(x, summit(x, axis)))
    return divide(e, sum(e, axis, keepdims=True))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """Return x - log(sum(exp(x))) over `axis`, without overflow."""
    x = floats(x)
    x = subtract(x, summit(x, axis))
    return subtract(x, log(sum(exp(x), axis, keepdims=True)))


def glu(x: Any, axis: int = -1) -> Any:
    """Return a * sigmoid(b), where a and b are the halves of x along `axis`.

    Raises:
        ShapeError: if the axis has no even size.
    """
    x = given(x)
    at = normal_axis(axis, len(x.shape))
    n = x.shape[at]
    if n is None:
        raise OpenBatchError("glu over the batch axis needs a batch of one exact size.")
    if n % 2:
        raise ShapeError(f"glu, `axis`: got size {n} on axis {axis}, expected an even size.")
    half = n // 2
    return multiply(slice_along(x, at, 0, half), sigmoid(slice_along(x, at, half, n)))


def sparsemax(x: Any, axis: int = -1) -> Any:
    """Return the point of the simplex nearest to x: max(x - t, 0), with t so that the sum is 1.

    Source: Martins and Astudillo, From softmax to sparsemax (2016), algorithm 1.
    """
    x = floats(x)
    at = normal_axis(axis, len(x.shape))
    line = [1] * len(x.shape)
    line[at] = x.shape[at]
    falling = negative(sort(negative(x), at))
    rank = add(iota(line, at, str(x.dtype)), 1.0)
    inside = greater(subtract(falling, divide(subtract(cumsum(falling, at), 1.0), rank)), 0.0)
    size = sum(where(inside, 1.0, 0.0 * falling), at, keepdims=True)
    total = sum(where(inside, falling, 0.0), at, keepdims=True)
    return maximum(subtract(x, divide(subtract(total, 1.0), size)), 0.0)


OPS = (relu, softplus)
