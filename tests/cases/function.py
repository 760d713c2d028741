"""Rows of the op table: exponentials, trigonometry, activations and special functions."""

from __future__ import annotations

import math
from math import inf, nan
from typing import Any

from tests.cases.case import TWO, Case, In, each

FAR = ((0.0,), (-0.0,), (30.0,), (-30.0,), (100.0,), (-100.0,), (1e-6,), (nan,), (inf,), (-inf,))


def _safe(function: Any, low: float = -inf, high: float = inf) -> Any:
    """Give math's functions the limits where they raise, as IEEE has them."""

    def value(x: float) -> float:
        if x != x or not low <= x <= high:
            return nan
        try:
            return function(x)
        except OverflowError:
            return inf

    return each(value)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _log(x: float) -> float:
    return math.log(x) if x > 0 else -inf


EXPONENTIAL = (
    Case("exp", _safe(lambda x: math.exp(x) if x > -1e4 else 0.0), specials=FAR[:4] + FAR[5:]),
    Case("expm1", _safe(lambda x: math.expm1(x)), specials=FAR[:4] + FAR[5:]),
    Case("log", _safe(_log, 0.0), (In(0.05, 9),),
         specials=((0.0,), (1.0,), (-1.0,), (1e-30,), (1e30,), (inf,), (nan,))),
    Case("log1p", _safe(lambda x: math.log1p(x) if x > -1 else -inf, -1.0), (In(-0.9, 9),),
         specials=((0.0,), (-1.0,), (-2.0,), (1e-6,), (1e30,), (inf,), (nan,))),
    Case("logaddexp", each(lambda x, y: nan if x != x or y != y else max(x, y) if abs(x) == inf
                           or abs(y) == inf else max(x, y) + math.log1p(math.exp(-abs(x - y)))),
         (In(), In()), TWO,
         specials=((1.0, 1.0), (100.0, 1.0), (-100.0, 1.0), (inf, 1.0), (inf, inf), (-inf, 1.0),
                   (-inf, -inf), (nan, 1.0)), atol=2e-6, why="the result may be near 0"),
    Case("sigmoid", _safe(lambda x: 0.0 if x < -700 else _sigmoid(x)), specials=FAR),
    Case("softplus", _safe(lambda x: x if x > 700 else 0.0 if x < -700 else
                           math.log1p(math.exp(x))), specials=FAR, atol=2e-6),
    Case("relu", each(lambda x: x if x > 0 or x != x else 0.0), specials=FAR, kinks=(0.0,)),
    Case("tanh", _safe(math.tanh), specials=FAR),
)  # fmt: skip

ANGLES = ((0.0,), (math.pi,), (-math.pi / 2,), (100.0,), (1e-6,), (nan,))
UNIT = ((0.0,), (1.0,), (-1.0,), (1.5,), (nan,), (1e-6,))


def _arctanh(x: float) -> float:
    return math.copysign(inf, x) if abs(x) == 1 else math.atanh(x)


TRIGONOMETRY = (
    Case("sin", _safe(math.sin), specials=ANGLES),
    Case("cos", _safe(math.cos), specials=ANGLES),
    Case("tan", _safe(math.tan), (In(-1.3, 1.3),), specials=((0.0,), (3.0,), (nan,)), rtol=4e-6,
         why="a quotient of two rounded functions"),
    Case("arctan", _safe(math.atan), specials=FAR),
    Case("arcsin", _safe(math.asin, -1, 1), (In(-0.9, 0.9),), specials=UNIT),
    Case("arccos", _safe(math.acos, -1, 1), (In(-0.9, 0.9),), specials=UNIT),
    Case("sinh", _safe(math.sinh), specials=ANGLES[:3]),
    Case("cosh", _safe(math.cosh), specials=ANGLES[:3]),
    Case("arcsinh", _safe(math.asinh), specials=(*FAR, (1e30,), (-1e30,)), rtol=4e-6,
         why="log1p of a rounded sum"),
    Case("arccosh", _safe(lambda x: math.acosh(x), 1.0), (In(1.1, 9),),
         specials=((1.0,), (1.0001,), (0.5,), (1e30,), (inf,), (nan,)), rtol=4e-6, atol=2e-5,
         why="near 1 the root of x - 1 magnifies rounding"),
    Case("arctanh", _safe(_arctanh, -1, 1), (In(-0.9, 0.9),), specials=UNIT, rtol=4e-6,
         why="log1p of a rounded quotient"),
    Case("arctan2", each(lambda y, x: nan if x != x or y != y else math.atan2(y, x)),
         (In(-3, 3), In(-2.93, 3.1)), TWO, kinks=(0.0,),
         specials=((0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 0.0), (nan, 1.0))),
)  # fmt: skip


def _erfinv(x: float) -> float:
    """Halve an interval of the error function 60 times."""
    if abs(x) == 1:
        return math.copysign(inf, x)
    low, high = -7.0, 7.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erf(middle) < x else (low, middle)
    return low


SPECIAL = (
    Case("erf", _safe(math.erf), specials=FAR),
    Case("erfinv", _safe(_erfinv, -1, 1), (In(-0.97, 0.97),),
         specials=((0.0,), (1.0,), (-1.0,), (0.999,), (-0.5,), (2.0,), (nan,)), rtol=1e-5,
         exact=1e3, why="the published polynomial holds 6 to 7 places in float32"),
)  # fmt: skip

CASES = (*EXPONENTIAL, *TRIGONOMETRY, *SPECIAL)
