"""Exponentials and logarithms on vectors, written in words.

Every polynomial is a minimax fit (Remez exchange in 40 digits); its comment gives the interval
and the largest error of the fit, which comes on top of rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .emit import Value

if TYPE_CHECKING:
    from .words import Words

#: (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2. Relative errors of e^r: 3.1e-9, 3.6e-18.
_EXP = {
    "float32": (
        0.0013814539904852808, 0.00836874510718601, 0.04166839078837994, 0.16666520399065193,
        0.49999993432110684,
    ),
    "float64": (
        2.5000063312565172e-08, 2.763024842292609e-07, 2.755758636815543e-06,
        2.4801493098780542e-05, 0.00019841269506585394, 0.0013888888943630238,
        0.008333333333494458, 0.041666666666530155, 0.16666666666666413, 0.5000000000000011,
    ),
}  # fmt: skip
#: The same, relative errors of e^r - 1: 2.4e-10, 1.6e-19.
_EXPM1 = {
    "float32": (
        0.00019845882804890594, 0.0013940668480998855, 0.008333389456023771, 0.0416663604282602,
        0.16666666369764774, 0.5000000044268421,
    ),
    "float64": (
        2.0921589370829142e-09, 2.510521838664829e-08, 2.7557252912472866e-07,
        2.7557255396471e-06, 2.480158734733946e-05, 0.0001984126987482399,
        0.0013888888888874398, 0.008333333333326134, 0.041666666666666685, 0.1666666666666667,
        0.5,
    ),
}  # fmt: skip
#: (log(1 + f) - f + f^2 / 2) / f^3 on |f| <= 1/3. Relative error of log(1 + f): 4.6e-9.
_LOG = (
    -0.12891676702301183, 0.13984437693611007, -0.12184263131889816, 0.1400586877167818,
    -0.16680487182037254, 0.20010405937011547, -0.24999797676751032, 0.3333321598202666,
)  # fmt: skip
#: (log((1 + s) / (1 - s)) / s - 2) / s^2 in s^2, s <= 0.1716. Relative error of log: 1.2e-18.
_LOG64 = (
    0.14796264645331286, 0.15314020812386367, 0.18183565416928474, 0.2222219855366307,
    0.28571428742562444, 0.39999999999413965, 0.6666666666666734,
)  # fmt: skip
#: (tanh(x) / x - 1) / x^2 in x^2, |x| <= 0.625. Relative error of tanh: 4.4e-9.
_TANH = (
    -0.005704987157463932, 0.020639087469314237, -0.05373971518879401, 0.1333144219996122,
    -0.33333281942095294,
)  # fmt: skip
#: erf(x) / x - 1 in x^2, up to the edge below. Relative errors of erf: 4.1e-10, 6.2e-19.
_ERF = {
    "float32": (
        8.370099902874077e-05, -0.0008142704139012692, 0.005201032271966545,
        -0.026859398248951245, 0.11283695493550755, -0.37612633735046463, 0.12837916663741064,
    ),
    "float64": (
        -8.481848081532989e-10, 1.4046051987067642e-08, -1.6275478208951088e-07,
        1.645521430604184e-06, -1.4925299775969166e-05, 0.00012055321044332159,
        -0.000854832675499701, 0.005223977621604924, -0.026866170644806852, 0.11283791670953705,
        -0.37612638903183726, 0.1283791670955126,
    ),
}  # fmt: skip
#: -log(1 - erf(x)) in x - start, from the edge to the end. Errors of erf: 1.5e-9, 3.6e-18.
_ERF_FAR = {
    "float32": (
        -0.00019572068821963577, 0.0030410930882453324, -0.022218451577197568,
        0.10391402592890993, 0.6372022714156987, 1.1276637326377552, 0.0001985548564512147,
    ),
    "float64": (
        -1.351746226902907e-12, 3.615842474961093e-11, -4.460160872284904e-10,
        3.3558708594201183e-09, -1.6984741084601604e-08, 5.8196023353060774e-08,
        -1.1083250582515483e-07, -1.2172627489758928e-07, 2.034780057299396e-06,
        -9.587023435829718e-06, 2.7145063068841814e-05, -2.627137408664953e-05,
        -0.00023732458830191353, 0.0019779030259477704, -0.01003382543695243,
        0.041561098046639794, 0.843107256358499, 2.638967514234791, 1.8496055099332482,
    ),
}  # fmt: skip
#: Edge, start and end. Beyond the end erf is 1.
_ERF_PARTS = {"float32": (0.921875, 0, 3.93), "float64": (0.9, 1, 5.93)}

_LOG2_E = 1.4426950408889634
_LN_2 = 0.6931471805599453
#: ln 2 in two parts of each type; the first of float32 has room for a factor.
_PARTS = {"float32": (0.693145751953125, 1.42860682030941723e-6),
          "float64": (_LN_2, 2.3190468138462996e-17)}  # fmt: skip
#: 1.5 * 2 ** mantissa bits: adding it leaves a whole number in the low bits.
_SHIFTER = {"float32": 12582912.0, "float64": 6755399441055744.0}
_MANTISSA = {"float32": 23, "float64": 52}
_INTEGER = {"float32": "int32", "float64": "int64"}


def whole(w: Words, x: Value, scale: float) -> tuple[Value, Value]:
    """Return n, the whole number nearest to x * scale, and bits that end in n.

    |n| must stay below 2 ** 22 in float32, 2 ** 51 in float64.
    """
    shifter = w.const(_SHIFTER[x.dtype], x)
    t = w.fma(x, w.const(scale, x), shifter)
    return w.sub(t, shifter), w.bits(t, _INTEGER[x.dtype])


def _reduced(w: Words, x: Value) -> tuple[Value, Value, Value]:
    """Return (n, bits that end in n, r) with x = n ln 2 + r and |r| <= ln 2 / 2."""
    n, bits = whole(w, x, _LOG2_E)
    high, low = _PARTS[x.dtype]
    r = w.fma(n, w.const(-high, x), x)
    return n, bits, w.fma(n, w.const(-low, x), r)


def scaled(w: Words, x: Value, bits: Value) -> Value:
    """Return x * 2^n by adding n, at the end of `bits`, to the exponent."""
    i = w.bits(x, bits.dtype)
    return w.bits(w.add(i, w.shift_left(bits, _MANTISSA[x.dtype])), x.dtype)


def _parts_of_exp(w: Words, x: Value) -> tuple[Value, Value]:
    """Return (e^r, bits that end in n): e^x is e^r 2^n."""
    _, bits, r = _reduced(w, x)
    return w.poly(r, (*_EXP[x.dtype], 1, 1)), bits


def _middle_exp(w: Words, x: Value) -> Value:
    """e^x of |x| up to 80; a product keeps NaN, which adding to its bits would not."""
    p, bits = _parts_of_exp(w, x)
    return w.mul(p, scaled(w, w.const(1, x), bits))


def _exp(w: Words, x: Value) -> Value:
    # Least and greatest x whose e^x is normal. Above, x times the largest number is infinite, and
    # NaN of NaN.
    low, high, largest = {
        "float32": (-87.33654, 88.72283, 3.4028234663852886e38),
        "float64": (-708.3964185322641, 709.782712893384, 1.7976931348623157e308),
    }[x.dtype]
    e = w.select(w.lt(x, w.const(low, x)), w.const(0, x), scaled(w, *_parts_of_exp(w, x)))
    return w.select(w.le(x, w.const(high, x)), e, w.mul(x, w.const(largest, x)))


def clamped(w: Words, x: Value, low: float, high: float) -> Value:
    """Return x between two bounds; NaN stays."""
    x = w.select(w.lt(x, w.const(low, x)), w.const(low, x), x)
    return w.select(w.lt(w.const(high, x), x), w.const(high, x), x)


def _expm1(w: Words, x: Value) -> Value:
    # 2^n (e^r - 1) + 2^n - 1, all halved, since 2^128 is no float32, nor 2^1024 a float64.
    held = clamped(w, x, *{"float32": (-20, 89), "float64": (-38, 710)}[x.dtype])
    n, bits, r = _reduced(w, held)
    p = w.fma(w.mul(r, r), w.poly(r, _EXPM1[x.dtype]), r)
    scale = scaled(w, w.const(0.5, x), bits)
    half = w.fma(p, scale, w.sub(scale, w.const(0.5, x)))
    # Half of the least numbers would be flushed to 0.
    e = w.select(w.eq(n, w.const(0, n)), p, w.add(half, half))
    return w.copysign(e, x)


def _mantissa(w: Words, x: Value) -> tuple[Value, Value]:
    """Return (m, e) with x = m 2^e; m lies about 1."""
    # The least m as bits: 2/3 and the root of 1/2.
    least = {"float32": 0x3F2AAAAB, "float64": 0x3FE6A09E667F3BCD}[x.dtype]
    bits, count = w.bits(x, _INTEGER[x.dtype]), _MANTISSA[x.dtype]
    e = w.shift_right(w.sub(bits, w.const(least, bits)), count)
    return w.bits(w.sub(bits, w.shift_left(e, count)), x.dtype), e


def _log_near(w: Words, f: Value, e: Value) -> Value:
    """log((1 + f) 2^e), f from -1/3 to 1/3 in float32, to 0.414 in float64."""
    if f.dtype == "float64":
        return _log_near64(w, f, e)
    p = w.fma(f, w.poly(f, _LOG), w.const(-0.5, f))
    out = w.fma(w.mul(f, f), p, f)
    return w.fma(w.cast(e, "float32"), w.const(_LN_2, f), out)


def _log_near64(w: Words, f: Value, e: Value) -> Value:
    shifter = w.const(_SHIFTER["float64"], f)
    k = w.sub(w.bits(w.add(e, w.bits(shifter, "int64")), "float64"), shifter)
    s = w.div(f, w.add(f, w.const(2, f)))
    z = w.mul(s, s)
    half = w.mul(w.mul(f, f), w.const(0.5, f))
    high, low = _PARTS["float64"]
    # log(1 + f) = f - (f^2/2 - s (f^2/2 + R)): f carries no error, and the rest is small.
    tail = w.fma(s, w.fma(z, w.poly(z, _LOG64), half), w.mul(k, w.const(low, f)))
    return w.fma(k, w.const(high, f), w.sub(f, w.sub(half, tail)))


def _log_ends(w: Words, x: Value, out: Value) -> Value:
    """Give the logarithm of x its values at 0, below, at infinity and of NaN."""
    out = w.select(w.lt(x, w.const(math.inf, x)), out, x)
    least = {"float32": 1.1754943508222875e-38, "float64": 2.2250738585072014e-308}[x.dtype]
    below = w.select(w.lt(x, w.const(0, x)), w.const(math.nan, x), w.const(-math.inf, x))
    return w.select(w.lt(x, w.const(least, x)), below, out)


def _log(w: Words, x: Value) -> Value:
    m, e = _mantissa(w, x)
    return _log_ends(w, x, _log_near(w, w.sub(m, w.const(1, x)), e))


def _log1p(w: Words, x: Value) -> Value:
    one = w.const(1, x)
    u = w.add(x, one)
    m, e = _mantissa(w, u)
    # (1 + x) 2^-e - 1 without what 1 + x lost; where x is huge the 1 is nothing.
    bits = w.bits(one, e.dtype)
    scale = w.bits(w.sub(bits, w.shift_left(e, _MANTISSA[x.dtype])), x.dtype)
    f = w.fma(x, scale, w.sub(scale, one))
    f = w.select(w.lt(w.const(1e18, x), u), w.sub(m, one), f)
    return w.copysign(_log_ends(w, u, _log_near(w, f, e)), x)


def _tanh(w: Words, x: Value) -> Value:
    one = w.const(1, x)
    a = w.abs(x)
    held = w.select(w.lt(w.const(10, x), a), w.const(10, x), a)
    e = _middle_exp(w, w.add(held, held))
    far = w.sub(one, w.ratio(w.const(2, x), w.add(e, one)))
    z = w.mul(a, a)
    near = w.fma(w.mul(a, z), w.poly(z, _TANH), a)
    return w.copysign(w.select(w.lt(a, w.const(0.625, x)), near, far), x)


def _tanh64(w: Words, x: Value) -> Value:
    """z / (z + 2), or 1 - 2 / (z + 2), of z = e^2|x| - 1."""
    one, two = w.const(1, x), w.const(2, x)
    a = w.abs(x)
    a = w.select(w.lt(w.const(20, x), a), w.const(20, x), a)
    z = _expm1(w, w.add(a, a))
    near = w.lt(z, one)
    q = w.div(w.select(near, z, two), w.add(z, two))
    return w.copysign(w.select(near, q, w.sub(one, q)), x)


def _erf(w: Words, x: Value) -> Value:
    edge, start, end = _ERF_PARTS[x.dtype]
    a = w.abs(x)
    held = w.select(w.lt(w.const(end, x), a), w.const(end, x), a)
    t = w.sub(held, w.const(start, x)) if start else held
    far = w.sub(w.const(1, x), _middle_exp(w, w.neg(w.poly(t, _ERF_FAR[x.dtype]))))
    near = w.fma(a, w.poly(w.mul(a, a), _ERF[x.dtype]), a)
    return w.copysign(w.select(w.lt(a, w.const(edge, x)), near, far), x)


_BOTH = {"exp": _exp, "expm1": _expm1, "log": _log, "log1p": _log1p, "erf": _erf}
#: What writes each function, by name and type.
SPELLED: dict[str, Callable[..., Value]] = {
    **{f"{name}_{dtype}": write for name, write in _BOTH.items() for dtype in _INTEGER},
    "tanh_float32": _tanh,
    "tanh_float64": _tanh64,
}
