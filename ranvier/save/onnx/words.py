"""The words in which maps are spelt, as ONNX nodes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...graph.dtype import is_float, is_integer
from ...graph.errors import EngineError
from . import function
from .writer import Value, Writer


class Words:
    """Spells each word into the graph being written."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    # --- plumbing ---------------------------------------------------------------------------
    def _one(self, op: str, *xs: Value) -> Value:
        return self.writer.emit(op, xs)

    def _compare(self, op: str, x: Value, y: Value) -> Value:
        if x.dtype == "bool" and op != "Equal":
            x, y = self.cast(x, "int32"), self.cast(y, "int32")
        return self.writer.emit(op, (x, y), "bool")

    # --- words ------------------------------------------------------------------------------
    def const(self, value: float, like: Value) -> Value:
        return self.writer.number(value, like.dtype)

    def cast(self, x: Value, dtype: str) -> Value:
        if x.dtype == dtype:
            return x
        if not (is_float(x.dtype) and is_integer(dtype)):
            return self.writer.emit("Cast", (x,), dtype, to=dtype)
        # ONNX says what becomes of the floats that the type holds, and of no others.
        limits = np.iinfo(dtype)
        low, high = self.const(limits.min, x), self.const(limits.max, x)
        inside = self.and_(self.lt(low, x), self.lt(x, high))
        whole = self.select(inside, x, self.const(0, x))
        whole = self.writer.emit("Cast", (whole,), dtype, to=dtype)
        whole = self.select(self.le(x, low), self.const(limits.min, whole), whole)
        return self.select(self.le(high, x), self.const(limits.max, whole), whole)

    def add(self, x: Value, y: Value) -> Value:
        return self._one("Add", x, y)

    def sub(self, x: Value, y: Value) -> Value:
        return self._one("Sub", x, y)

    def mul(self, x: Value, y: Value) -> Value:
        return self._one("Mul", x, y)

    def div(self, x: Value, y: Value) -> Value:
        return self._one("Div", x, y)

    ratio = div

    def neg(self, x: Value) -> Value:
        return self.sub(self.const(0, x), x) if x.dtype == "uint32" else self._one("Neg", x)

    def abs(self, x: Value) -> Value:
        return self._one("Abs", x)

    def sqrt(self, x: Value) -> Value:
        return self._one("Sqrt", x)

    def eq(self, x: Value, y: Value) -> Value:
        return self._compare("Equal", x, y)

    def lt(self, x: Value, y: Value) -> Value:
        return self._compare("Less", x, y)

    def le(self, x: Value, y: Value) -> Value:
        return self._compare("LessOrEqual", x, y)

    def isnan(self, x: Value) -> Value:
        return self.writer.emit("IsNaN", (x,), "bool")

    def select(self, c: Value, x: Value, y: Value) -> Value:
        if x.dtype == "bool":
            return self.or_(self.and_(c, x), self.and_(self.not_(c), y))
        return self.writer.emit("Where", (c, x, y), x.dtype)

    def max(self, x: Value, y: Value) -> Value:
        return self._one("Max", x, y)

    def min(self, x: Value, y: Value) -> Value:
        return self._one("Min", x, y)

    def and_(self, x: Value, y: Value) -> Value:
        return self._one("And" if x.dtype == "bool" else "BitwiseAnd", x, y)

    def or_(self, x: Value, y: Value) -> Value:
        return self._one("Or" if x.dtype == "bool" else "BitwiseOr", x, y)

    def xor(self, x: Value, y: Value) -> Value:
        return self._one("Xor" if x.dtype == "bool" else "BitwiseXor", x, y)

    def not_(self, x: Value) -> Value:
        return self._one("Not", x)

    def fmod(self, x: Value, y: Value) -> Value:
        return self.writer.emit("Mod", (x, y), fmod=1)

    def floordiv(self, x: Value, y: Value) -> Value:
        zero, one = self.const(0, x), self.const(1, x)
        by_zero = self.eq(y, zero)
        y = self.select(by_zero, one, y)
        q = self.div(x, y)  # of whole numbers: the fraction is cut off
        if x.dtype == "uint32":
            return self.select(by_zero, zero, q)
        r = self.sub(x, self.mul(q, y))
        adjust = self.and_(self.not_(self.eq(r, zero)),
                           self.xor(self.lt(r, zero), self.lt(y, zero)))  # fmt: skip
        return self.select(by_zero, zero, self.select(adjust, self.sub(q, one), q))

    def floor(self, x: Value) -> Value:
        return self._one("Floor", x)

    def ceil(self, x: Value) -> Value:
        return self._one("Ceil", x)

    def rint(self, x: Value) -> Value:
        return self._one("Round", x)

    def trunc(self, x: Value) -> Value:
        return self.select(self.lt(x, self.const(0, x)), self.ceil(x), self.floor(x))

    def mulwide(self, x: Value, factor: int) -> tuple[Value, Value]:
        raise EngineError("ONNX has no product of 32 bits by 32 bits.")  # only random numbers ask

    # --- functions --------------------------------------------------------------------------
    def exp(self, x: Value) -> Value:
        return self._one("Exp", x)

    def log(self, x: Value) -> Value:
        return self._one("Log", x)

    def tanh(self, x: Value) -> Value:
        return self._one("Tanh", x)

    def pow(self, x: Value, y: Value) -> Value:
        return self._one("Pow", x, y)

    def sin(self, x: Value) -> Value:
        return self._one("Sin", x)

    def cos(self, x: Value) -> Value:
        return self._one("Cos", x)

    def expm1(self, x: Value) -> Value:
        return function.expm1(self, x)

    def log1p(self, x: Value) -> Value:
        return function.log1p(self, x)

    def sinh(self, x: Value) -> Value:
        return self._float32("Sinh", function.sinh, x)

    def cosh(self, x: Value) -> Value:
        return self._float32("Cosh", function.cosh, x)

    def erf(self, x: Value) -> Value:
        return self._float32("Erf", function.erf, x)

    def atan(self, x: Value) -> Value:
        return self._float32("Atan", function.atan, x)

    def asin(self, x: Value) -> Value:
        return self._float32("Asin", function.asin, x)

    def acos(self, x: Value) -> Value:
        return self._float32("Acos", function.acos, x)

    def atan2(self, y: Value, x: Value) -> Value:
        return function.atan2(self, y, x)

    def _float32(self, op: str, spelt: Any, x: Value) -> Value:
        """Write what ONNX has for all float types and runtimes for float32 alone."""
        return self._one(op, x) if x.dtype == "float32" else spelt(self, x)
