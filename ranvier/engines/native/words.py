"""The words in which maps are spelt, as LLVM IR on vectors.

Functions such as exp are polynomials within 2 ulp in float32 (`exponential.py`, `angle.py`,
`power.py`); what is not written there calls the C library lane by lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import angle, exponential, power
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

    def library(self, name: str, *xs: Value) -> Value:
        """Call the C library's double function on each lane."""
        wide = [self.cast(x, "float64") for x in xs]
        f, v = self.f, self.f.vector("double")
        f.module.declare(f"double @{name}({', '.join(['double'] * len(xs))}) nonlazybind")
        out = "poison"
        for lane in range(f.lanes):
            args = [f"double {f.let(f'extractelement {v} {x.name}, i64 {lane}')}" for x in wide]
            one = f.call("double", name, args)
            out = f.let(f"insertelement {v} {out}, double {one}, i64 {lane}")
        return self.cast(Value(out, "float64"), xs[0].dtype)

    def bits(self, x: Value, to: str) -> Value:
        kind = self.f.vector(REGISTER[to])
        return Value(self.f.let(f"bitcast {self._type(x)} {x.name} to {kind}"), to)

    def fma(self, x: Value, y: Value, z: Value) -> Value:
        """x * y + z, rounded once; in float64 first where a processor cannot at once."""
        if self.f.module.fused or x.dtype != "float32":
            return self._intrinsic("fma", x, y, z)
        wide = [self.cast(v, "float64") for v in (x, y, z)]
        return self.cast(self.add(self.mul(*wide[:2]), wide[2]), "float32")

    def sum_of_product(self, x: Value, y: Value, z: Value) -> Value:
        """x * y + z, rounded once where the processor does that at once."""
        return self.fma(x, y, z) if self.f.module.fused else self.add(self.mul(x, y), z)

    def poly(self, r: Value, coefficients: Sequence[float]) -> Value:
        """Horner's rule, highest power first."""
        p = self.const(coefficients[0], r)
        for c in coefficients[1:]:
            p = self.fma(p, r, self.const(c, r))
        return p

    def shift_left(self, x: Value, count: int) -> Value:
        return self._binary("shl", x, self.const(count, x))

    def shift_right(self, x: Value, count: int) -> Value:
        """Shift a signed number, its sign coming in."""
        return self._binary("ashr", x, self.const(count, x))

    def copysign(self, magnitude: Value, sign: Value) -> Value:
        return self._intrinsic("copysign", magnitude, sign)

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
        if self._estimated(x):
            return self.mul(x, self._reciprocal(y))
        return self._binary("fdiv", x, y)

    def ratio(self, x: Value, y: Value) -> Value:
        """x / y within an ulp, for 1 <= y < 2^126: by an estimate where that has 14 bits."""
        if x.dtype != "float32" or self.f.module.estimates != "avx512":
            return self.div(x, y)
        r = self._estimate("rcp", y)
        q = self.mul(x, r)
        return self.fma(self.fma(self.neg(y), q, x), r, q)

    def sqrt(self, x: Value) -> Value:
        return self._root(x) if self._estimated(x) else self._intrinsic("sqrt", x)

    def _estimated(self, x: Value) -> bool:
        return self.fast and x.dtype == "float32" and bool(self.f.module.estimates)

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

    def _reciprocal(self, y: Value) -> Value:
        """1 / y from an estimate and a Newton step, which 0 and infinity go without.

        Above 2^126 the reciprocal is denormal, so 0.
        """
        r = self._estimate("rcp", y)
        miss = self.fma(self.neg(y), r, self.const(1, y))
        return self.select(self._compare("ord", "eq", miss, miss), self.fma(r, miss, r), r)

    def _root(self, x: Value) -> Value:
        """sqrt(x) from an estimate and a Newton step; 0 and infinity are their own roots."""
        r, half = self._estimate("rsqrt", x), self.const(0.5, x)
        other = self._compare("une", "ne", self.add(x, x), x)
        s = self.select(other, self.mul(x, r), x)
        miss = self.fma(self.neg(self.mul(r, half)), s, half)
        return self.select(other, self.fma(s, miss, s), s)

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
        return self._kept(x, self.select(self.lt(y, x), x, y))

    def min(self, x: Value, y: Value) -> Value:
        return self._kept(x, self.select(self.lt(x, y), x, y))

    def _kept(self, x: Value, winner: Value) -> Value:
        """Return x where it is NaN; comparisons keep a NaN of the other side by themselves."""
        return self.select(self.isnan(x), x, winner) if self._is_float(x) else winner

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
        if not name:
            return Value(x.name, dtype)
        return Value(self.f.converted(name, x.name, REGISTER[x.dtype], REGISTER[dtype]), dtype)

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
        """The largest integer not above x / y, of whole numbers."""
        zero, one = self.const(0, x), self.const(1, x)
        by_zero = self.eq(y, zero)
        if x.dtype == "uint32":
            y = self.select(by_zero, one, y)
            return self.select(by_zero, zero, self._binary("udiv", x, y))
        # The processor stops at a division by 0, and at one of the least number by -1.
        turned = self.eq(y, self.const(-1, x))
        y = self.select(self.or_(by_zero, turned), one, y)
        q = self._binary("sdiv", x, y)
        r = self.sub(x, self.mul(q, y))
        adjust = self.and_(self.not_(self.eq(r, zero)),
                           self.xor(self.lt(r, zero), self.lt(y, zero)))  # fmt: skip
        q = self.select(turned, self.neg(x), self.select(adjust, self.sub(q, one), q))
        return self.select(by_zero, zero, q)

    def floor(self, x: Value) -> Value:
        return self._intrinsic("floor", x)

    def ceil(self, x: Value) -> Value:
        return self._intrinsic("ceil", x)

    def rint(self, x: Value) -> Value:
        return self._intrinsic("rint", x)

    def trunc(self, x: Value) -> Value:
        return self._intrinsic("trunc", x)

    # --- functions ------------------------------------------------------------------------------
    def _function(self, name: str, *xs: Value) -> Value:
        """Call a function of the module, which is written at its first use.

        It is written once however many kernels use it, and gives the same bits to all of them.
        Gates are written out where a module says so: a call takes all registers through memory.
        """
        dtype = xs[0].dtype
        kind, full, module = self._type(xs[0]), f"{name}_{dtype}", self.f.module
        if module.inline and full in _GATES:
            return _SPELLED[full](self, *xs)
        if full not in module.functions:
            arguments = [(kind, f"a{i}") for i in range(len(xs))]
            f = Function(module, arguments, name=full, result=kind)
            inner = Words(f)
            given = [Value(f"%a{i}", dtype) for i in range(len(xs))]
            write = _SPELLED.get(full)
            out = write(inner, *given) if write else inner.library(name, *given)
            f.answer = f"{kind} {out.name}"
            module.functions[full] = f.text()
        return Value(self.f.call(kind, full, [f"{kind} {x.name}" for x in xs]), dtype)

    def exp(self, x: Value) -> Value:
        return self._function("exp", x)

    def expm1(self, x: Value) -> Value:
        return self._function("expm1", x)

    def log(self, x: Value) -> Value:
        return self._function("log", x)

    def log1p(self, x: Value) -> Value:
        return self._function("log1p", x)

    def tanh(self, x: Value) -> Value:
        return self._function("tanh", x)

    def pow(self, x: Value, y: Value) -> Value:
        return self._function("pow", x, y)

    def fmod(self, x: Value, y: Value) -> Value:
        """The remainder of x / y with the sign of x, exact."""
        return self._function("fmod", x, y)

    def erf(self, x: Value) -> Value:
        return self._function("erf", x)

    def sin(self, x: Value) -> Value:
        return self._function("sin", x)

    def cos(self, x: Value) -> Value:
        return self._function("cos", x)

    def sinh(self, x: Value) -> Value:
        return self._function("sinh", x)

    def cosh(self, x: Value) -> Value:
        return self._function("cosh", x)

    def atan(self, x: Value) -> Value:
        return self._function("atan", x)

    def asin(self, x: Value) -> Value:
        return self._function("asin", x)

    def acos(self, x: Value) -> Value:
        return self._function("acos", x)

    def atan2(self, y: Value, x: Value) -> Value:
        return self._function("atan2", y, x)


#: What gates of a recurrence are made of.
_GATES = ("exp_float32", "tanh_float32")
_SPELLED = {**angle.SPELLED, **exponential.SPELLED, **power.SPELLED}


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
