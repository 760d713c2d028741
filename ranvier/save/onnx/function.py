"""Functions that ONNX lacks, or that runtimes have for float32 alone, spelt in other words."""

from __future__ import annotations

from math import inf, pi
from typing import Any

from ...ops.special import horner


def expm1(w: Any, x: Any) -> Any:
    """exp(x) - 1: near 0 and below as 2t / (1 - t) with t = tanh(x / 2), which loses nothing."""
    t = w.tanh(w.mul(x, w.const(0.5, x)))
    near = w.div(w.add(t, t), w.sub(w.const(1, x), t))
    return w.select(w.lt(x, w.const(0.5, x)), near, w.sub(w.exp(x), w.const(1, x)))


def log1p(w: Any, x: Any) -> Any:
    """log(1 + x): with u = 1 + x as rounded, log(u) * x / (u - 1) makes up for the rounding.

    Source: Goldberg, What every computer scientist should know about floating-point arithmetic
    (1991), theorem 4.
    """
    one = w.const(1, x)
    u = w.add(one, x)
    same = w.eq(u, one)
    ratio = w.div(x, w.select(same, one, w.sub(u, one)))
    ratio = w.select(w.eq(u, x), one, ratio)  # of large x, infinity among them
    return w.select(same, x, w.mul(w.log(u), ratio))


def sinh(w: Any, x: Any) -> Any:
    """(exp(x) - exp(-x)) / 2, of m = exp(|x|) - 1 as (m + m / (m + 1)) / 2."""
    m = expm1(w, w.abs(x))
    # m / (m + 1) of infinity would be none.
    share = w.sub(w.const(1, x), w.div(w.const(1, x), w.add(m, w.const(1, x))))
    small = w.lt(m, w.const(1, x))
    share = w.select(small, w.div(m, w.add(m, w.const(1, x))), share)
    half = w.mul(w.add(m, share), w.const(0.5, x))
    return w.select(w.lt(x, w.const(0, x)), w.neg(half), half)


def cosh(w: Any, x: Any) -> Any:
    """(exp(x) + exp(-x)) / 2."""
    return w.mul(w.add(w.exp(x), w.exp(w.neg(x))), w.const(0.5, x))


#: Cephes, ndtr.c: erf(x) = x T(x^2) / U(x^2) below 1, 1 - exp(-x^2) P(x) / Q(x) from there to 8.
_T = (9.60497373987051638749, 90.0260197203842689217, 2232.00534594684319226,
      7003.32514112805075473, 55592.3013010394962768)  # fmt: skip
_U = (1.0, 33.5617141647503099647, 521.357949780152679795, 4594.32382970980127987,
      22629.0000613890934246, 49267.3942608635921086)  # fmt: skip
_P = (2.46196981473530512524e-10, 0.564189564831068821977, 7.46321056442269912687,
      48.6371970985681366614, 196.520832956077098242, 526.445194995477358631,
      934.528527171957607540, 1027.55188689515710272, 557.535335369399327526)  # fmt: skip
_Q = (1.0, 13.2281951154744992508, 86.7072140885989742329, 354.937778887819891062,
      975.708501743205489753, 1823.90916687909736289, 2246.33760818710981792,
      1656.66309194161350182, 557.535340817727675546)  # fmt: skip


def erf(w: Any, x: Any) -> Any:
    """The error function in float64."""
    z, a, one = w.mul(x, x), w.abs(x), w.const(1, x)
    near = w.mul(x, w.div(horner(w, _T, z), horner(w, _U, z)))
    b = w.min(a, w.const(8, x))  # from 6 on it is 1
    tail = w.mul(w.exp(w.neg(w.mul(b, b))), w.div(horner(w, _P, b), horner(w, _Q, b)))
    far = w.sub(one, tail)
    far = w.select(w.lt(x, w.const(0, x)), w.neg(far), far)
    return w.select(w.lt(a, one), near, far)


#: Cephes, atan.c: atan(x) = x + x z P(z) / Q(z) with z = x^2, for |x| below 0.66.
_ATAN_P = (-0.8750608600031904122785, -16.15753718733365076637, -75.00855792314704667340,
           -122.8866684490136173410, -64.85021904942025371773)  # fmt: skip
_ATAN_Q = (1.0, 24.85846490142306297962, 165.0270098316988542046, 432.8810604912902668951,
           485.3903996359136964868, 194.5506571482613964425)  # fmt: skip


def atan(w: Any, x: Any) -> Any:
    """The angle whose tangent is x, in float64."""
    a, one = w.abs(x), w.const(1, x)
    steep, middle = w.lt(w.const(2.414213562373095, x), a), w.lt(w.const(0.66, x), a)
    turned = w.select(steep, w.neg(w.div(one, w.max(a, one))),
                      w.div(w.sub(a, one), w.add(a, one)))  # fmt: skip
    r = w.select(middle, turned, a)
    base = w.select(steep, w.const(pi / 2, x), w.select(middle, w.const(pi / 4, x), w.const(0, x)))
    z = w.mul(r, r)
    angle = w.div(w.mul(z, horner(w, _ATAN_P, z)), horner(w, _ATAN_Q, z))
    angle = w.add(base, w.add(w.mul(r, angle), r))
    return w.select(w.lt(x, w.const(0, x)), w.neg(angle), angle)


def asin(w: Any, x: Any) -> Any:
    """The angle whose sine is x, in float64: that of the point (sqrt(1 - x^2), x)."""
    return atan2(w, x, _other_side(w, x))


def acos(w: Any, x: Any) -> Any:
    """The angle whose cosine is x, in float64: that of the point (x, sqrt(1 - x^2))."""
    return atan2(w, _other_side(w, x), x)


def _other_side(w: Any, x: Any) -> Any:
    one = w.const(1, x)
    return w.sqrt(w.mul(w.sub(one, x), w.add(one, x)))


def atan2(w: Any, y: Any, x: Any) -> Any:
    """The angle of the point (x, y): of the smaller side over the larger, then turned."""
    zero, one = w.const(0, x), w.const(1, x)
    a, b = w.abs(x), w.abs(y)
    low, high = w.min(a, b), w.max(a, b)
    share = w.div(low, w.select(w.eq(high, zero), one, high))
    share = w.select(w.eq(low, w.const(inf, x)), one, share)
    angle = w.atan(share)
    angle = w.select(w.lt(a, b), w.sub(w.const(pi / 2, x), angle), angle)
    angle = w.select(w.lt(x, zero), w.sub(w.const(pi, x), angle), angle)
    return w.select(w.lt(y, zero), w.neg(angle), angle)
