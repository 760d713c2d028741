"""Rows of the op table: arithmetic, comparison, logic, rounding and casts."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from math import inf, nan
from typing import Any

import numpy as np

from ranvier import ops
from tests.cases.case import ONE, TWO, Case, In, each

TIES = ((0.0, 0.0), (1.0, 1.0), (-2.0, -2.0), (nan, 1.0), (1.0, nan), (inf, 1.0), (-inf, inf))
EDGES = ((0.0,), (-0.0,), (1.0,), (-1.0,), (nan,), (inf,), (-inf,))
INT = In(-9, 9, "int32")
BOOL = In(0, 1, "bool")
CLASH = (((np.ones(3), np.ones(4)), r"\(3,\) and \(4,\).*equal or 1"),)


def _two(op: str, formula: Any, *inputs: In, **more: Any) -> Case:
    more.setdefault("bad", CLASH)
    more.setdefault("specials", TIES)
    return Case(op, formula, inputs or (In(), In()), TWO, **more)


def _whole(op: str, formula: Any, *inputs: In, **more: Any) -> Case:
    signatures = (((33,), (33,)), ((None, 3), (None, 3)), ((7,), ()))
    return Case(op, formula, inputs or (INT, INT), signatures, gradient=False, label="int", **more)


THREE = tuple((s[0], s[0], s[1]) for s in TWO)


def _quotient(x: float, y: float) -> float:
    """Return floor(x / y) without rounding x / y first; by 0 it is infinite."""
    if y == 0:
        return math.copysign(inf, x) if x else nan
    if not math.isfinite(x):
        return nan
    return math.floor(Fraction(x) / Fraction(y)) if math.isfinite(y) else -float(x * y < 0)


ARITHMETIC = (
    _two("add", each(operator.add)),
    _whole("add", each(operator.add)),
    Case("add", lambda x, y: x | y, (BOOL, BOOL), (((7,), (7,)), ((None, 3), (3,))),
         gradient=False, label="bool"),
    _two("subtract", each(operator.sub),
         bad=(*CLASH, ((np.ones(2, bool), np.ones(2, bool)), "logical_xor"))),
    _whole("subtract", each(operator.sub)),
    _two("multiply", each(operator.mul)),
    _whole("multiply", each(operator.mul)),
    Case("multiply", lambda x, y: x & y, (BOOL, BOOL), (((7,), (7,)), ((None, 3), (3,))),
         gradient=False, label="bool"),
    _two("divide", np.divide, In(), In(0.4, 3), specials=((0.0, 1.0), (1.0, 0.0), (-1.0, 0.0),
         (0.0, 0.0), (nan, 1.0), (1.0, inf))),
    _two("floor_divide", each(lambda x, y: math.floor(x / y)), In(-9.13, 9.17), In(0.71, 3.3),
         specials=((-1.0, 2.0), (7.0, 2.0), (-7.0, 2.0), (7.0, -2.0)), gradient=False),
    Case("floor_divide", each(_quotient), (In(-9.13, 9.17), In(0.71, 3.3)), TWO[:1],
         label="limits", gradient=False,
         specials=((-1.0, inf), (1.0, -inf), (1.0, inf), (inf, 1.0), (nan, 1.0), (1.0, 0.0),
                   (-1.0, 0.0), (0.0, 0.0), (-(2.0**-30), 1.0), (2.0**-30, -1.0),
                   (3.0, 0.75 + 2.0**-24), (2.0**40 + 2.0**20, 3.0), (-(2.0**60), 7.0))),
    _whole("floor_divide", each(lambda x, y: (x // y + 2**31) % 2**32 - 2**31, np.int32), INT,
           In(1, 5, "int32"), specials=((-(2.0**31), -1.0), (-(2.0**31), 2.0), (7.0, -1.0))),
    _two("mod", each(lambda x, y: x - math.floor(x / y) * y), In(-9.13, 9.17), In(0.71, 3.3),
         specials=((-1.0, 2.0), (7.0, 2.0), (-7.0, 2.0), (7.0, -2.0)), gradient=False),
    Case("mod", each(lambda x, y: float(Fraction(x) % Fraction(y))),
         (In(-9.13, 9.17), In(0.71, 3.3)), TWO[:1], label="far", gradient=False,
         specials=((2.0**26, 3.0), (-(2.0**40), 7.0), (2.0**100, -3.0), (-(2.0**-30), 1.0),
                   (3.0, 2.0**-100), (1.0, 0.75 + 2.0**-24), (-1.0, -0.75))),
    _whole("mod", each(lambda x, y: x % y if y else 0, np.int32), INT, In(-2, 2, "int32"),
           specials=((-(2.0**31), -1.0), (-(2.0**31), 3.0), (7.0, -1.0))),
    _two("mod", lambda x, y: np.mod(x, y), In(-9.13, 9.17), In(0.71, 3.3), label="infinite",
         specials=((-1.0, inf), (1.0, inf), (-7.0, -inf), (0.0, -inf), (inf, inf), (nan, inf),
                   (2.0, 0.0)), gradient=False),
    _whole("power", each(lambda x, y: int(x**y) if x else not y, np.int32), INT,
           In(-3, 3, "int32"), specials=(*((x, -(2.0**31)) for x in (2.0, 1.0, -1.0, 0.0)),
                                           # whose square wraps round to 1
                                           (2.0**31 - 1, -1.0), (1 - 2.0**31, -2.0))),
    Case("negative", each(operator.neg), specials=EDGES),
    Case("negative", each(operator.neg), (INT,), gradient=False, label="int",
         bad=(((np.ones(2, bool),), "logical_not"),)),
    Case("absolute", each(math.fabs), specials=EDGES, kinks=(0.0,)),
    Case("absolute", each(abs), (INT,), gradient=False, label="int"),
    Case("sign", each(lambda x: nan if x != x else (x > 0) - (x < 0)), specials=EDGES,
         kinks=(0.0,), gradient=False),
    Case("sign", each(lambda x: (x > 0) - (x < 0)), (INT,), gradient=False, label="int"),
    _two("maximum", each(lambda x, y: nan if x != x or y != y else (x if x >= y else y)),
         apart=True),
    _whole("maximum", each(max)),
    _two("minimum", each(lambda x, y: nan if x != x or y != y else (x if x <= y else y)),
         apart=True),
    _whole("minimum", each(min)),
    Case("won", each(lambda g, x, y: g if x > y else g / 2 if x == y else 0.0),
         (In(), In(), In()), THREE, apart=True,
         specials=((1.0, 2.0, 2.0), (3.0, nan, 1.0), (3.0, 1.0, 2.0), (inf, 1.0, 2.0))),
    _two("power", each(math.pow), In(0.2, 3), In(-2, 2),
         specials=((0.0, 0.0), (2.0, 0.0), (1.0, 2.0), (4.0, 0.5)), rtol=4e-6,
         why="exp of a logarithm scaled by up to 2 ln 3"),
    Case("power", np.power, (In(-3, 3), In(2, 3, "int32")), (((33,), (33,)), ((None, 7), (7,))),
         gradient=False, label="whole-exponent"),
    Case("square", each(lambda x: x * x), specials=EDGES),
    Case("reciprocal", np.reciprocal, (In(0.3, 4),), specials=((0.0,), (-0.5,), (inf,), (nan,))),
    Case("sqrt", np.sqrt, (In(0.05, 9),), specials=((0.0,), (-1.0,), (inf,), (nan,), (1e-12,))),
    Case("rsqrt", lambda x: 1 / np.sqrt(x), (In(0.05, 9),), specials=((4.0,), (inf,), (nan,))),
    Case("select", lambda c, x, y: np.where(c, x, y), (BOOL, In(), In()),
         (*THREE, ((7,), (), ()), ((None,), (), (None,)), ((), (None, 3), (3,)))),
)  # fmt: skip

_COMPARED = (*TIES, (1.0, 2.0), (inf, inf))
COMPARISON = tuple(
    case
    for name, function in (
        ("equal", operator.eq), ("not_equal", operator.ne), ("less", operator.lt),
        ("less_equal", operator.le), ("greater", operator.gt), ("greater_equal", operator.ge),
    )
    for case in (
        _two(name, each(function, bool), specials=_COMPARED, gradient=False),
        _whole(name, each(function, bool)),
    )
)  # fmt: skip

LOGIC = (
    Case("logical_and", lambda x, y: x & y, (BOOL, BOOL), TWO, gradient=False, bad=CLASH),
    Case("logical_or", lambda x, y: x | y, (BOOL, BOOL), TWO, gradient=False, bad=CLASH),
    Case("logical_not", lambda x: ~x, (BOOL,), ONE, gradient=False),
    Case("isnan", each(math.isnan, bool), specials=EDGES, gradient=False),
    *(
        Case(name, each(function, kind), (spec, spec), TWO, gradient=False, label=spec.dtype,
             bad=(((np.ones(2), np.ones(2)), "expected whole numbers"),))
        for name, function in (("bitwise_and", operator.and_), ("bitwise_or", operator.or_),
                               ("bitwise_xor", operator.xor))
        for spec, kind in ((INT, np.int32), (BOOL, bool), (In(0, 2**32 - 1, "uint32"), np.uint32))
    ),
)  # fmt: skip

_HALVES = ((0.5,), (-0.5,), (1.5,), (2.5,), (-2.5,), (0.0,), (nan,), (inf,), (-inf,), (1e9,))


def _kept(function: Any) -> Any:
    return each(lambda x: x if not math.isfinite(x) else function(x))


def _nearest(kind: str) -> Any:
    """Return what cuts a float to the nearest whole number of a type, and NaN to 0."""
    low, high = np.iinfo(kind).min, np.iinfo(kind).max

    def cut(x: float) -> int:
        return 0 if x != x else high if x >= high else low if x <= low else int(x)

    return each(cut, np.dtype(kind))


ROUNDING = (
    Case("floor", _kept(math.floor), specials=_HALVES, gradient=False),
    Case("floor", each(float), (INT,), gradient=False, label="int",
         call=lambda x: ops.cast(ops.floor(x), "float64")),
    *(Case(name, lambda x: x, (In(2**62, 2**62 + 99, "int64"),), gradient=False, label="int")
      for name in ("trunc", "rint")),
    Case("ceil", _kept(math.ceil), specials=_HALVES, gradient=False),
    Case("rint", _kept(round), specials=_HALVES, gradient=False),
    Case("trunc", _kept(math.trunc), specials=_HALVES, gradient=False),
    Case("stop_gradient", lambda x: x, specials=EDGES, gradient=False),
    Case("cast", each(int, np.int32), attrs={"dtype": "int32"}, gradient=False, label="to-int",
         specials=((0.9,), (-0.9,), (1e6,), (-1e6,))),
    *(Case("cast", _nearest(kind), attrs={"dtype": kind}, gradient=False, label=f"far-to-{kind}",
           specials=((nan,), (inf,), (-inf,), (-1.5,), (3e9,), (-3e9,), (1e19,), (-1e19,), (1e30,),
                     (2.0**31,), (2.0**32,), (2.0**63,), (-(2.0**63),)))
      for kind in ("int32", "int64", "uint32")),
    Case("cast", each(bool, bool), attrs={"dtype": "bool"}, gradient=False, label="to-bool",
         specials=((0.0,), (-0.0,), (nan,), (inf,))),
    Case("cast", each(float), (INT,), attrs={"dtype": "float64"}, gradient=False, label="from-int"),
    Case("cast", each(float), (BOOL,), attrs={"dtype": "float32"}, gradient=False,
         label="from-bool"),
    Case("cast", each(float), attrs={"dtype": "float64"}, label="wider", specials=EDGES),
    Case("cast", lambda x: x.astype("uint32"), (In(0, 9, "int32"),), attrs={"dtype": "uint32"},
         gradient=False, label="unsigned"),
    Case("cast", lambda x: x.astype("int64"), (INT,), attrs={"dtype": "int64"}, gradient=False,
         label="long"),
    Case("cast", lambda x: x.astype("float64"), (In(0, 9, "uint32"),), attrs={"dtype": "float64"},
         gradient=False, label="from-unsigned"),
)  # fmt: skip

CASES = (*ARITHMETIC, *COMPARISON, *LOGIC, *ROUNDING)
