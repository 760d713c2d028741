"""Sines, cosines and their inverses of float32 vectors, computed in float64.

Twice the registers buy results that are right to half a unit in the last place, without tricks.
Every polynomial is a minimax fit (Remez exchange in 40 digits).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from .emit import Value
from .exponential import whole

if TYPE_CHECKING:
    from .words import Words

#: sin(r) / r and cos(r) in r^2, |r| <= pi / 4. Relative error: 3.2e-9, 5.6e-11.
_SIN = (-0.00019501754224153034, 0.008332015924980425, -0.1666665021431659, 0.9999999967591867)
_COS = (2.4372592675084987e-05, -0.0013886528190596855, 0.04166661320084128, -0.49999999571206366,
        0.9999999999438798)  # fmt: skip
#: atan(t) / t in t^2, |t| <= 1. Relative error: 3.7e-10.
_ATAN = (0.0010911151787302892, -0.007199403542904064, 0.022274390691728086,
         -0.044357528912089494, 0.06716109193892066, -0.08798772437289659, 0.11054501236375018,
         -0.1427915962947974, 0.19999604636386328, -0.3333332393531101,
         0.9999999996282362)  # fmt: skip

_HALF_PI = (1.5707963267948966, 6.123233995736766e-17)
#: To here two parts of pi / 2 leave the remainder right; beyond, the C library is called.
_FAR = 2.0**40


def _turned(name: str, quarter: int) -> Callable[[Words, Value], Value]:
    """Return what writes sin(x + quarter * pi / 2)."""

    def write(w: Words, x: Value) -> Value:
        wide = w.cast(x, "float64")
        n, bits = whole(w, wide, 2 / math.pi)
        r = w.fma(n, w.const(-_HALF_PI[0], n), wide)
        r = w.fma(n, w.const(-_HALF_PI[1], n), r)
        z = w.mul(r, r)
        turns = w.add(bits, w.const(quarter, bits))
        even = w.eq(w.and_(turns, w.const(1, turns)), w.const(0, turns))
        value = w.select(even, w.mul(r, w.poly(z, _SIN)), w.poly(z, _COS))
        turns = w.cast(turns, "int32")
        sign = w.shift_left(w.and_(turns, w.const(2, turns)), 30)
        near = w.bits(w.xor(w.bits(w.cast(value, "float32"), "int32"), sign), "float32")
        far = w.lt(w.const(_FAR, x), w.abs(x))
        return unless_far(w, far, name, near, x)

    return write


def unless_far(w: Words, far: Value, name: str, near: Value, *xs: Value) -> Value:
    """Return `near`, but the C library's value of each lane that lies far out.

    Written as a loop of one turn, entered if any lane is far.
    """
    f = w.f
    lanes = f.let(f"bitcast {f.vector('i1')} {far.name} to i{f.lanes}")
    count = f.let(f"zext i1 {f.let(f'icmp ne i{f.lanes} {lanes}, 0')} to i64")

    def body(_: str, held: list[str]) -> list[str]:
        return [w.select(far, w.library(name, *xs), Value(held[0], near.dtype)).name]

    return Value(f.loop("0", count, body, [(f.vector("float"), near.name)])[0], near.dtype)


def _angle(w: Words, y: Value, x: Value) -> Value:
    """The angle of the point (x, y), float64 in and out."""
    one = w.const(1, x)
    across, up = w.abs(x), w.abs(y)
    steep = w.lt(across, up)
    least, most = w.select(steep, across, up), w.select(steep, up, across)
    most = w.select(w.eq(most, w.const(0, x)), one, most)
    # Two infinities are as large as each other.
    t = w.select(w.eq(least, most), one, w.div(least, most))
    a = w.mul(t, w.poly(w.mul(t, t), _ATAN))
    a = w.select(steep, w.sub(w.const(math.pi / 2, x), a), a)
    left = w.bits(x, "int64")
    a = w.select(w.lt(left, w.const(0, left)), w.sub(w.const(math.pi, x), a), a)
    return w.copysign(a, y)


def _atan2(w: Words, y: Value, x: Value) -> Value:
    return w.cast(_angle(w, w.cast(y, "float64"), w.cast(x, "float64")), "float32")


def _atan(w: Words, x: Value) -> Value:
    wide = w.cast(x, "float64")
    return w.cast(_angle(w, wide, w.const(1, wide)), "float32")


def _beside(w: Words, x: Value) -> Value:
    """sqrt(1 - x^2), exact enough at the ends since x^2 has few digits in float64."""
    return w.sqrt(w.fma(w.neg(x), x, w.const(1, x)))


def _asin(w: Words, x: Value) -> Value:
    wide = w.cast(x, "float64")
    return w.cast(_angle(w, wide, _beside(w, wide)), "float32")


def _acos(w: Words, x: Value) -> Value:
    wide = w.cast(x, "float64")
    return w.cast(_angle(w, _beside(w, wide), wide), "float32")


#: What writes each function, by name and type.
SPELLED: dict[str, Callable[..., Value]] = {
    "sin_float32": _turned("sin", 0),
    "cos_float32": _turned("cos", 1),
    "atan_float32": _atan,
    "asin_float32": _asin,
    "acos_float32": _acos,
    "atan2_float32": _atan2,
}
