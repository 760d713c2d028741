"""The words in which maps are spelt, as LLVM IR on vectors.

float32 functions are polynomials within 2 ulp; float64 and rare float32 functions call the C
library lane by lane, the float32 ones in double precision.
"""

from __future__ import annotations

import math
from typing import Any

from .emit import MANGLED, REGISTER, Function, Value

_UNSIGNED = ("uint32", "bool")


class Words:
    """Spells each word into the function being written.

    Args:
        function: where instructions go.
        fast: for the update of weights: float32 divisions and square roots are estimates with a
            Newton step (2e-7 relative), products and sums may fuse.
    """

    def __init__(self, function: Function, fast: bool = False) -> None:
        self.f = function
        self.fast = fast

    # --- plumbing -------------------------------------------------------------------------------
    def _type(self, x: Value) -> str:
        return self.f.vector(REGISTER[x.dtype])

    def _binary(self, name: str, x: Value, y: Value) -> Value:
        return Value(self.f.let(f"{name} {self._type(x)} {x.name}, {y.name}"), x.dtype)

    def _intrinsic(self, name: str, *xs: Value) -> Value:
        kind = self._type(xs[0])
        full = f"llvm.{name}.v{self.f.lanes}{MANGLED[REGISTER[xs[0].dtype]]}"
        self.f.module.declare(f"{kind} @{full}({', '.join([kind] * len(xs))})")
        return Value(self.f.call(kind, full, [f"{kind} {x.name}" for x in xs]), xs[0].dtype)

    def _library(self, name: str, *xs: Value) -> Value:
        """Call the C library's double function on each lane."""
        wide = [self.cast(x, "float64") for x in xs]
        f, v = self.f, self.f.vector("double")
        f.module.declare(f"double @{name}({', '.join(['double'] * len(xs))})")
        out = "poison"
        for lane in range(f.lanes):
            args = [f"double {f.let(f'extractelement {v} {x.name}, i64 {lane}')}" for x in wide]
            one = f.call("double", name, args)
            out = f.let(f"insertelement {v} {out}, double {one}, i64 {lane}")
        return self.cast(Value(out, "float64"), xs[0].dtype)

    def _bits(self, x: Value, to: str) -> Value:
        kind = self.f.vector(REGISTER[to])
        return Value(self.f.let(f"bitcast {self._type(x)} {x.name} to {kind}"), to)

    def fma(self, x: Value, y: Value, z: Value) -> Value:
        """x * y + z, rounded once."""
        return self._intrinsic("fma", x, y, z)

    def _poly(self, r: Value, coefficients: list[float]) -> Value:
        """Horner's rule, highest power first."""
        p = self.const(coefficients[0], r)
        for c in coefficients[1:]:
            p = self.fma(p, r, self.const(c, r))
        return p

    # --- words ----------------------------------------------------------------------------------
    def const(self, value: float, like: Value) -> Value:
        return self.f.constant(value, like.dtype)

    def _is_float(self, x: Value) -> bool:
        return x.dtype in ("float32", "float64")

    def _arithmetic(self, name: str, x: Value, y: Value) -> Value:
        if self._is_float(x):
            name = f"f{name} contract" if self.fast else f"f{name}"
        return self._binary(name, x, y)

    def add(self, x: Value, y: Value) -> Value:
        return self._arithmetic("add", x, y)

    def sub(self, x: Value, y: Value) -> Value:
        return self._arithmetic("sub", x, y)

    def mul(self, x: Value, y: Value) -> Value:
        return self._arithmetic("mul", x, y)

    def div(self, x: Value, y: Value) -> Value:
        if not (self.fast and x.dtype == "float32" and self.f.module.estimates):
            return self._binary("fdiv", x, y)
        r = self._estimate("rcp", y)
        error = self.fma(self.neg(y), r, self.const(1, x))
        return self.mul(x, self.fma(error, r, r))

    def sqrt(self, x: Value) -> Value:
        if not (self.fast and x.dtype == "float32" and self.f.module.estimates):
            return self._intrinsic("sqrt", x)
        # From below at the smallest normal number, so that sqrt(0) is 0 and not 0 * infinity.
        tiny = self.const(1.1754944e-38, x)
        r = self._estimate("rsqrt", self.select(self.lt(x, tiny), tiny, x))
        root, half = self.mul(x, r), self.mul(r, self.const(0.5, x))
        error = self.fma(self.neg(root), half, self.const(0.5, x))
        return self.fma(root, error, root)

    def _estimate(self, name: str, x: Value) -> Value:
        """Return the processor's estimate of 1 / x or 1 / sqrt(x), good to 12 bits or more."""
        f, kind = self.f, self._type(x)
        if f.module.estimates == "avx512":
            full = f"llvm.x86.avx512.{name}14.ps.512"
            f.module.declare(f"{kind} @{full}({kind}, {kind}, i16)")
            arguments = [f"{kind} {x.name}", f"{kind} zeroinitializer", "i16 -1"]
        else:
            full = f"llvm.x86.{f.module.estimates.replace('WORD', name)}"
            f.module.declare(f"{kind} @{full}({kind})")
            arguments = [f"{kind} {x.name}"]
        return Value(f.call(kind, full, arguments), x.dtype)

    def neg(self, x: Value) -> Value:
        if self._is_float(x):
            return Value(self.f.let(f"fneg {self._type(x)} {x.name}"), x.dtype)
        return self.sub(self.const(0, x), x)

    def abs(self, x: Value) -> Value:
        if self._is_float(x):
            return self._intrinsic("fabs", x)
        return self.select(self.lt(x, self.const(0, x)), self.neg(x), x)

    def _compare(self, name: str, integer: str, x: Value, y: Value) -> Value:
        if self._is_float(x):
            text = f"fcmp {name}"
        else:
            text = f"icmp {integer}"
        return Value(self.f.let(f"{text} {self._type(x)} {x.name}, {y.name}"), "bool")

    def eq(self, x: Value, y: Value) -> Value:
        return self._compare("oeq", "eq", x, y)

    def lt(self, x: Value, y: Value) -> Value:
        return self._compare("olt", "ult" if x.dtype in _UNSIGNED else "slt", x, y)

    def le(self, x: Value, y: Value) -> Value:
        return self._compare("ole", "ule" if x.dtype in _UNSIGNED else "sle", x, y)

    def isnan(self, x: Value) -> Value:
        return self._compare("uno", "ne", x, x)

    def select(self, c: Value, x: Value, y: Value) -> Value:
        kind = self._type(x)
        condition = self.f.vector("i1")
        return Value(
            self.f.let(f"select {condition} {c.name}, {kind} {x.name}, {kind} {y.name}"), x.dtype
        )

    def max(self, x: Value, y: Value) -> Value:
        wins = self.lt(y, x)
        return self.select(self.or_(wins, self.isnan(x)) if self._is_float(x) else wins, x, y)

    def min(self, x: Value, y: Value) -> Value:
        wins = self.lt(x, y)
        return self.select(self.or_(wins, self.isnan(x)) if self._is_float(x) else wins, x, y)

    def and_(self, x: Value, y: Value) -> Value:
        return self._binary("and", x, y)

    def or_(self, x: Value, y: Value) -> Value:
        return self._binary("or", x, y)

    def xor(self, x: Value, y: Value) -> Value:
        return self._binary("xor", x, y)

    def not_(self, x: Value) -> Value:
        return self._binary("xor", x, self.const(1, x))

    def cast(self, x: Value, dtype: str) -> Value:
        if x.dtype == dtype:
            return x
        if dtype == "bool":
            zero = self.const(0, x)
            name = "fcmp une" if self._is_float(x) else "icmp ne"
            return Value(self.f.let(f"{name} {self._type(x)} {x.name}, {zero.name}"), "bool")
        name = _conversion(x.dtype, dtype)
        kind = self.f.vector(REGISTER[dtype])
        if not name:
            return Value(x.name, dtype)
        return Value(self.f.let(f"{name} {self._type(x)} {x.name} to {kind}"), dtype)

    def mulwide(self, x: Value, factor: int) -> tuple[Value, Value]:
        """Return the high and low 32 bits of a product of uint32s."""
        f, wide = self.f, self.f.vector("i64")
        a = f.let(f"zext {f.vector('i32')} {x.name} to {wide}")
        p = f.let(f"mul {wide} {a}, splat (i64 {factor})")
        high = f.let(f"lshr {wide} {p}, splat (i64 32)")
        return tuple(  # type: ignore[return-value]
            Value(f.let(f"trunc {wide} {v} to {f.vector('i32')}"), "uint32") for v in (high, p)
        )

    def floordiv(self, x: Value, y: Value) -> Value:
        if self._is_float(x):
            return self.floor(self.div(x, y))
        zero, one = self.const(0, x), self.const(1, x)
        by_zero = self.eq(y, zero)
        y = self.select(by_zero, one, y)
        if x.dtype == "uint32":
            return self.select(by_zero, zero, self._binary("udiv", x, y))
        q = self._binary("sdiv", x, y)
        r = self.sub(x, self.mul(q, y))
        adjust = self.and_(self.not_(self.eq(r, zero)),
                           self.xor(self.lt(r, zero), self.lt(y, zero)))  # fmt: skip
        return self.select(by_zero, zero, self.select(adjust, self.sub(q, one), q))

    def floor(self, x: Value) -> Value:
        return self._intrinsic("floor", x)

    def ceil(self, x: Value) -> Value:
        return self._intrinsic("ceil", x)

    def rint(self, x: Value) -> Value:
        return self._intrinsic("rint", x)

    def trunc(self, x: Value) -> Value:
        return self._intrinsic("trunc", x)

    # --- functions ------------------------------------------------------------------------------
    def _reduced(self, x: Value) -> tuple[Value, Value]:
        """Return (n, r) with x = n ln 2 + r and |r| <= ln 2 / 2."""
        n = self.rint(self.mul(x, self.const(1.4426950408889634, x)))
        r = self.fma(n, self.const(-0.693145751953125, x), x)
        return n, self.fma(n, self.const(-1.42860682030941723e-6, x), r)

    def _power_of_two(self, n: Value) -> Value:
        """2 ** n for a whole n from -126 to 127."""
        i = Value(self.f.let(f"fptosi {self._type(n)} {n.name} to {self.f.vector('i32')}"), "int32")
        biased = self.add(i, self.const(127, i))
        shifted = self._binary("shl", biased, self.const(23, biased))
        return self._bits(shifted, "float32")

    def exp(self, x: Value) -> Value:
        if x.dtype == "float64":
            return self._library("exp", x)
        low, high = self.const(-104.0, x), self.const(88.7228394, x)
        clamped = self.select(self.lt(x, low), low, x)
        clamped = self.select(self.lt(high, clamped), high, clamped)
        n, r = self._reduced(clamped)
        p = self._poly(r, [1 / math.factorial(k) for k in (7, 6, 5, 4, 3, 2, 1, 0)])
        half = self.floor(self.mul(n, self.const(0.5, x)))
        e = self.mul(self.mul(p, self._power_of_two(half)), self._power_of_two(self.sub(n, half)))
        return self.select(self.lt(high, x), self.const(math.inf, x), e)

    def expm1(self, x: Value) -> Value:
        if x.dtype == "float64":
            return self._library("expm1", x)
        low, high = self.const(-20.0, x), self.const(88.02, x)
        clamped = self.select(self.lt(x, low), low, x)
        clamped = self.select(self.lt(high, clamped), high, clamped)
        n, r = self._reduced(clamped)
        q = self._poly(r, [1 / math.factorial(k) for k in (8, 7, 6, 5, 4, 3, 2)])
        p = self.fma(self.mul(r, r), q, r)
        scale = self._power_of_two(n)
        e = self.fma(p, scale, self.sub(scale, self.const(1, x)))
        return self.select(self.lt(high, x), self.const(math.inf, x), e)

    def log(self, x: Value) -> Value:
        if x.dtype == "float64":
            return self._library("log", x)
        i = self._bits(x, "int32")
        t = self.sub(i, self.const(0x3F3504F3, i))
        e = self._binary("ashr", t, self.const(23, t))
        mantissa = self._bits(self.sub(i, self._binary("shl", e, self.const(23, e))), "float32")
        exponent = self.cast(e, "float32")
        d = self.sub(mantissa, self.const(1, x))
        s = self.div(d, self.add(mantissa, self.const(1, x)))
        z = self.mul(s, s)
        p = self._poly(z, [2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3])
        # log m = d - d^2/2 + ... written as 2s + s z p, with 2s = d - s d for a short error.
        tail = self.mul(s, self.sub(self.mul(z, p), d))
        tail = self.fma(exponent, self.const(-2.12194440e-4, x), tail)
        out = self.fma(exponent, self.const(0.693359375, x), self.add(d, tail))
        out = self.select(self.lt(x, self.const(1.1754944e-38, x)),
                          self.select(self.lt(x, self.const(0, x)), self.const(math.nan, x),
                                      self.const(-math.inf, x)), out)  # fmt: skip
        keeps = self.or_(self.isnan(x), self.eq(x, self.const(math.inf, x)))
        return self.select(keeps, x, out)

    def log1p(self, x: Value) -> Value:
        if x.dtype == "float64":
            return self._library("log1p", x)
        one = self.const(1, x)
        u = self.add(x, one)
        lost = self.div(self.sub(self.sub(u, one), x), u)
        plain = self.eq(x, self.const(math.inf, x))
        plain = self.or_(plain, self.eq(u, self.const(0, x)))
        out = self.log(u)
        return self.select(plain, out, self.sub(out, lost))

    def tanh(self, x: Value) -> Value:
        if x.dtype == "float64":
            return self._library("tanh", x)
        bound = self.const(9.5, x)
        a = self.abs(x)
        a = self.select(self.lt(bound, a), bound, a)
        e = self.expm1(self.add(a, a))
        t = self.div(e, self.add(e, self.const(2, x)))
        return self._with_sign(t, x)

    def _with_sign(self, magnitude: Value, sign: Value) -> Value:
        return self._intrinsic("copysign", magnitude, sign)

    def pow(self, x: Value, y: Value) -> Value:
        if self._is_float(x):
            return self._library("pow", x, y)
        return self.cast(self._library("pow", self.cast(x, "float64"), self.cast(y, "float64")),
                         x.dtype)  # fmt: skip

    def erf(self, x: Value) -> Value:
        return self._library("erf", x)

    def sin(self, x: Value) -> Value:
        return self._library("sin", x)

    def cos(self, x: Value) -> Value:
        return self._library("cos", x)

    def sinh(self, x: Value) -> Value:
        return self._library("sinh", x)

    def cosh(self, x: Value) -> Value:
        return self._library("cosh", x)

    def atan(self, x: Value) -> Value:
        return self._library("atan", x)

    def asin(self, x: Value) -> Value:
        return self._library("asin", x)

    def acos(self, x: Value) -> Value:
        return self._library("acos", x)

    def atan2(self, y: Value, x: Value) -> Value:
        return self._library("atan2", y, x)


def _conversion(source: str, target: str) -> str:
    """Return LLVM's name of a conversion; empty where the bits stay."""
    floats = ("float32", "float64")
    if source in floats and target in floats:
        return "fpext" if target == "float64" else "fptrunc"
    if source in floats:
        return "fptoui" if target == "uint32" else "fptosi"
    if target in floats:
        return "uitofp" if source in _UNSIGNED else "sitofp"
    if source == "bool":
        return "zext"
    if target == "int64":
        return "zext" if source == "uint32" else "sext"
    return "trunc" if source == "int64" else ""


def spell(op: Any, words: Words, values: list[Value], attrs: dict[str, Any]) -> Value:
    """Return an op's value written in words."""
    return op.scalar(words, *values, **attrs)
