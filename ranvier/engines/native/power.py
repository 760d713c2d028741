"""Powers, remainders and hyperbolic functions on vectors; float32 is computed in float64.

Every polynomial is a minimax fit (Remez exchange in 40 digits).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .angle import unless_far
from .emit import REGISTER, Value
from .exponential import clamped, scaled, whole

if TYPE_CHECKING:
    from .words import Words

#: log2((1 + s) / (1 - s)) / s in s^2, s <= 0.1716. Relative error: 4.2e-12.
_LOG2 = (0.34073220524413556, 0.41167261084797996, 0.5770835866713595, 0.9617966733334222,
         2.885390081790092)  # fmt: skip
#: 2^f, |f| <= 1/2. Relative error: 1.9e-9.
_EXP2 = (0.00015345788555816276, 0.0013399957801183326, 0.009618489252841445,
         0.05550328711631711, 0.24022646885881127, 0.6931472057667887,
         1.0000000005551342)  # fmt: skip
#: sinh(r) / r and cosh(r) in r^2, |r| <= ln 2 / 2. Relative error: 4.5e-12, 4e-11.
_SINH = (0.00019907623668197978, 0.00833328348072713, 0.16666666786389536, 0.9999999999955157)
_COSH = (0.0013948482131865441, 0.04166622041619073, 0.5000000106620993, 0.9999999999604099)


def _log2(w: Words, x: Value) -> Value:
    """log2 of a float32 that is not negative, as float64."""
    bits = w.bits(x, "int32")
    e = w.shift_right(w.sub(bits, w.const(0x3F3504F3, bits)), 23)
    m = w.cast(w.bits(w.sub(bits, w.shift_left(e, 23)), "float32"), "float64")
    one = w.const(1, m)
    s = w.div(w.sub(m, one), w.add(m, one))
    out = w.fma(s, w.poly(w.mul(s, s), _LOG2), w.cast(e, "float64"))
    out = w.select(w.lt(w.const(0, x), x), out, w.const(-math.inf, out))
    return w.select(w.lt(x, w.const(math.inf, x)), out, w.cast(x, "float64"))


def _pow(w: Words, x: Value, y: Value) -> Value:
    one, infinite = w.const(1, x), w.const(math.inf, x)
    a = w.abs(x)
    # A whole number between: beyond it every result is 0 or infinite in float32.
    e = clamped(w, w.mul(w.cast(y, "float64"), _log2(w, a)), -200, 200)
    n, bits = whole(w, e, 1)
    power = w.cast(scaled(w, w.poly(w.sub(e, n), _EXP2), bits), "float32")
    half = w.mul(y, w.const(0.5, y))
    is_whole, is_even = w.eq(w.rint(y), y), w.eq(w.rint(half), half)
    odd = w.and_(is_whole, w.not_(is_even))
    power = w.select(odd, w.copysign(power, x), power)
    # A negative number, not infinite, to a broken power is none.
    inside = w.and_(w.lt(w.const(-math.inf, x), x), w.lt(x, w.const(0, x)))
    power = w.select(w.and_(inside, w.not_(is_whole)), w.const(math.nan, x), power)
    # 1 whatever y, NaN too; whatever x to the 0; and -1 to an infinite power.
    unit = w.or_(w.eq(x, one), w.eq(y, w.const(0, y)))
    unit = w.or_(unit, w.and_(w.eq(a, one), w.eq(w.abs(y), infinite)))
    return w.select(unit, one, power)


def _whole_pow(w: Words, x: Value, y: Value) -> Value:
    """x^y of integers by squaring, modulo the size of the type."""
    kind = w.f.vector(REGISTER[x.dtype])
    one, zero = w.const(1, x), w.const(0, x)

    def body(_: str, held: list[str]) -> list[str]:
        product, base, rest = (Value(v, x.dtype) for v in held)
        even = w.eq(w.and_(rest, one), zero)
        product = w.select(even, product, w.mul(product, base))
        return [product.name, w.mul(base, base).name, w.shift_right(rest, 1).name]

    starts = [(kind, one.name), (kind, x.name), (kind, y.name)]
    return Value(w.f.loop(0, 64 if x.dtype == "int64" else 32, body, starts)[0], x.dtype)


#: To here a quotient times a float32 is exact in float64, and no fraction of one rounds to 1.
_WHOLE = 2.0**28


def _fmod(w: Words, x: Value, y: Value) -> Value:
    """x - trunc(x / y) * y, of which nothing is rounded."""
    wide, by = w.cast(x, "float64"), w.cast(y, "float64")
    q = w.trunc(w.div(wide, by))
    near = w.cast(w.sub(wide, w.mul(q, by)), "float32")
    far = w.or_(w.le(w.const(_WHOLE, q), w.abs(q)), w.eq(w.abs(y), w.const(math.inf, y)))
    return unless_far(w, far, "fmod", near, x, y)


def _halves(w: Words, x: Value) -> tuple[Value, Value, Value, Value]:
    """Return 2^n / 2, 2^-n / 2, cosh(r) and sinh(r) with x = n ln 2 + r, in float64."""
    wide = clamped(w, w.cast(x, "float64"), -90, 90)
    n, bits = whole(w, wide, 1 / math.log(2))
    r = w.fma(n, w.const(-math.log(2), n), wide)
    z = w.mul(r, r)
    half = w.const(0.5, n)
    up, down = scaled(w, half, bits), scaled(w, half, w.neg(bits))
    return up, down, w.poly(z, _COSH), w.mul(r, w.poly(z, _SINH))


def _sinh(w: Words, x: Value) -> Value:
    up, down, c, s = _halves(w, x)
    out = w.fma(w.sub(up, down), c, w.mul(w.add(up, down), s))
    return w.copysign(w.cast(out, "float32"), x)


def _cosh(w: Words, x: Value) -> Value:
    up, down, c, s = _halves(w, x)
    return w.cast(w.fma(w.add(up, down), c, w.mul(w.sub(up, down), s)), "float32")


#: What writes each function, by name and type.
SPELLED: dict[str, Callable[..., Value]] = {
    "pow_float32": _pow,
    "pow_int32": _whole_pow,
    "pow_int64": _whole_pow,
    "pow_uint32": _whole_pow,
    "fmod_float32": _fmod,
    "sinh_float32": _sinh,
    "cosh_float32": _cosh,
}
