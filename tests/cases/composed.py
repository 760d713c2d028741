"""Rows for functions made of other ops: against NumPy or Python, with gradients, on each engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from math import inf, nan
from typing import Any

import numpy as np

from ranvier import ops
from ranvier.graph import const_node
from tests.cases.case import ONE, Case, In, Signature, each

FEW: tuple[Signature, ...] = (((),), ((17,),), ((None, 7),), ((2, 3, 5),))
PAIRS: tuple[Signature, ...] = (((17,), (17,)), ((None, 7), (7,)), ((None, 3), ()))
INT = In(-9, 9, "int32")
BOOL = In(0, 1, "bool")
SPECIAL = ((0.0,), (nan,), (inf,), (-inf,), (-1.0,))


def _row(name: str, formula: Callable[..., Any], *inputs: In, label: str = "", **more: Any) -> Case:
    """Return a row for `ops.name`; keywords that no Case has are arguments of the function."""
    fields = set(Case.__dataclass_fields__)
    attrs = {k: more.pop(k) for k in list(more) if k not in fields}
    inputs = inputs or (In(),)
    more.setdefault("signatures", PAIRS if len(inputs) == 2 else FEW)
    more.setdefault("call", getattr(ops, name))
    text = "-".join(f"{k}={v}" for k, v in attrs.items()).replace(" ", "")
    return Case(name, formula, inputs, attrs=attrs, label="-".join(filter(None, (label, text))),
                **more)  # fmt: skip


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _elu(x: float, alpha: float = 1.0) -> float:
    return x if x > 0 or x != x else alpha * math.expm1(x)


ACTIVATIONS = (
    _row("relu6", each(lambda x: min(max(x, 0), 6)), In(-3, 9), kinks=(0.0, 6.0)),
    _row("leaky_relu", each(lambda x: x if x >= 0 else 0.2 * x), kinks=(0.0,), signatures=ONE),
    _row("elu", each(_elu), kinks=(0.0,), specials=((-800.0,), (800.0,), (0.0,), (nan,))),
    _row("elu", each(lambda x: _elu(x, 0.7)), kinks=(0.0,), alpha=0.7),
    _row("celu", each(lambda x: max(x, 0) + min(0, 2 * math.expm1(x / 2))), kinks=(0.0,),
         alpha=2.0),
    _row("selu", each(lambda x: 1.0507009873554805 * _elu(x, 1.6732632423543772)), kinks=(0.0,)),
    _row("softsign", each(lambda x: x / (1 + abs(x))), specials=((0.0,), (1e30,), (-5.0,)),
         kinks=(0.0,)),
    _row("silu", each(lambda x: x * _sigmoid(x)), specials=((-100.0,), (100.0,), (nan,))),
    _row("mish", each(lambda x: x * math.tanh(math.log1p(math.exp(x)))), atol=2e-6),
    _row("log_sigmoid", each(lambda x: math.log(_sigmoid(x))), specials=((-100.0,), (30.0,)),
         atol=2e-6),
    _row("gelu", each(lambda x: 0.5 * x * (1 + math.tanh(math.sqrt(2 / math.pi)
                                                        * (x + 0.044715 * x**3)))), rtol=1e-5,
         atol=2e-6, why="1 + tanh loses places where tanh is near -1"),
    _row("gelu", each(lambda x: 0.5 * x * (1 + math.erf(x / math.sqrt(2)))), approximate=False,
         rtol=1e-5, atol=2e-6, why="1 + erf loses places where erf is near -1"),
    _row("hard_sigmoid", each(lambda x: min(max(x / 6 + 0.5, 0), 1)), In(-5, 5),
         kinks=(-3.0, 3.0)),
    _row("hard_silu", each(lambda x: x * min(max(x / 6 + 0.5, 0), 1)), In(-5, 5),
         kinks=(-3.0, 3.0)),
    _row("hard_tanh", each(lambda x: min(max(x, -1), 1)), kinks=(-1.0, 1.0)),
    _row("hard_shrink", each(lambda x: x if abs(x) > 0.5 else 0.0), kinks=(-0.5, 0.5)),
    _row("soft_shrink", each(lambda x: math.copysign(max(abs(x) - 0.5, 0), x)),
         kinks=(-0.5, 0.5)),
    _row("tanh_shrink", each(lambda x: x - math.tanh(x)), atol=2e-6),
    _row("threshold", each(lambda x: x if x > 0.3 else -7.0), kinks=(0.3,), threshold=0.3,
         default_value=-7.0),
    _row("squareplus", each(lambda x: (x + math.sqrt(x * x + 4)) / 2), atol=2e-6),
    _row("sparse_plus", each(lambda x: 0 if x <= -1 else x if x >= 1 else (x + 1) ** 2 / 4),
         kinks=(-1.0, 1.0)),
    _row("sparse_sigmoid", each(lambda x: 0 if x <= -1 else 1 if x >= 1 else (x + 1) / 2),
         kinks=(-1.0, 1.0)),
)  # fmt: skip

ROWS: tuple[Signature, ...] = (((None, 7),), ((3, 5),), ((None, 3, 2),), ((None, 1),))


def _softmax(x: np.ndarray) -> np.ndarray:
    lines = [[math.exp(v) for v in line] for line in x.reshape(-1, x.shape[-1]).tolist()]
    return np.array([[v / math.fsum(line) for v in line] for line in lines]).reshape(x.shape)


def _sparsemax(x: np.ndarray) -> np.ndarray:
    """Find the level by halving."""
    low, high = x.min(-1, keepdims=True) - 1, x.max(-1, keepdims=True)
    for _ in range(80):
        level = (low + high) / 2
        heavy = np.maximum(x - level, 0).sum(-1, keepdims=True) > 1
        low, high = np.where(heavy, level, low), np.where(heavy, high, level)
    return np.maximum(x - low, 0)


OVER_AN_AXIS = (
    _row("softmax", _softmax, signatures=ROWS, rtol=4e-6, why="exp, sum and quotient"),
    _row("softmax", lambda x: _softmax(np.swapaxes(x, 1, 2)).swapaxes(1, 2), axis=1,
         signatures=(((None, 3, 2),),), rtol=4e-6, why="exp, sum and quotient"),
    _row("log_softmax", lambda x: np.log(_softmax(x)), signatures=ROWS, rtol=4e-6,
         why="exp, sum and logarithm"),
    _row("logsumexp", lambda x: np.log(np.exp(x).sum(-1)), axis=-1, signatures=ROWS, rtol=4e-6,
         why="exp, sum and logarithm"),
    _row("sparsemax", _sparsemax, signatures=(((None, 7),), ((3, 5),)), gradient=False,
         atol=4e-6, why="differences of sums"),
    _row("binary_crossentropy", lambda t, p: -t * np.log(p) - (1 - t) * np.log(1 - p),
         In(0.05, 0.95), In(0.05, 0.95), rtol=4e-6, why="logarithms and products"),
    _row("binary_crossentropy", lambda t, x: np.log1p(np.exp(x)) - t * x, In(0.05, 0.95), In(),
         from_logits=True, rtol=4e-6, atol=4e-6, exact=10, why="logarithms and products"),
    _row("categorical_crossentropy", lambda t, p: -(t * np.log(p / p.sum(-1, keepdims=True))
         ).sum(-1), In(0, 1), In(0.1, 1), signatures=(((None, 7), (None, 7)),), rtol=4e-6,
         why="logarithms and sums"),
    _row("categorical_crossentropy", lambda t, x: -(t * np.log(_softmax(x))).sum(-1), In(0, 1),
         In(), from_logits=True, signatures=(((None, 7), (None, 7)),), rtol=4e-6, exact=10,
         why="logarithms and sums"),
    _row("sparse_categorical_crossentropy", lambda t, x: -np.log(
         np.take_along_axis(_softmax(x), t[:, None], 1))[:, 0], In(0, 6, "int32"), In(),
         from_logits=True, signatures=(((None,), (None, 7)),), rtol=4e-6, exact=10,
         why="logarithms and sums"),
    _row("glu", lambda x: x[..., :3] / (1 + np.exp(-x[..., 3:])), signatures=(((None, 6),),)),
    _row("mean", lambda x: x.sum(0) / len(x), axis=0, signatures=(((None, 7),), ((3, 5),), ((7,),)),
         atol=4e-6, why="sums are added in another order", exact=10),
    _row("mean", lambda x: np.float64(x.sum() / x.size), signatures=(((None, 7),), ((33,),)),
         atol=4e-6, why="sums are added in another order", exact=10),
    _row("mean", lambda x: x.sum(1) / x.shape[1], INT, axis=1, signatures=(((None, 7),),),
         gradient=False, label="int", call=lambda x, axis: ops.cast(ops.mean(x, axis), "float64"),
         exact=1e7),
    _row("var", np.var, signatures=(((None, 7),), ((33,),)), atol=4e-6, exact=10,
         why="sums are added in another order"),
    _row("var", lambda x: np.var(x, 1, keepdims=True), axis=1, keepdims=True, signatures=ROWS,
         atol=4e-6, why="sums are added in another order", exact=10),
    _row("std", lambda x: np.std(x, 0), axis=0, signatures=(((17, 3),),), atol=4e-6, exact=10,
         why="sums are added in another order"),
    _row("norm", lambda x: np.sqrt((x**2).sum(-1)), axis=-1, signatures=ROWS[:3], atol=4e-6,
         why="sums are added in another order", exact=10,
         bad=(((np.ones(3), "nuc"), "`ord`: got 'nuc' over 1 axes"),)),
    _row("norm", lambda x: (np.abs(x) ** 3).sum(-1) ** (1 / 3), ord=3, axis=-1, kinks=(0.0,),
         signatures=(((None, 7),),), rtol=4e-6, exact=10, why="sum and powers"),
    _row("norm", lambda x: np.abs(x).sum(), ord=1, signatures=(((17,),),), kinks=(0.0,),
         atol=1e-5, why="sums are added in another order", exact=10),
    _row("norm", lambda x: np.abs(x).max(-1), In(-3, 2.5), ord=inf, axis=-1,
         signatures=(((None, 7),),)),
    _row("normalize", lambda x: x / np.sqrt((x**2).sum(-1, keepdims=True)), signatures=ROWS[:3],
         rtol=4e-6, why="sum, root and quotient",
         bad=(((np.ones(3), -1, 0), "`order`: got 0, expected a positive int"),)),
    _row("normalize", lambda x: x / (np.abs(x) ** 3).sum(1, keepdims=True) ** (1 / 3), In(0.5, 3),
         axis=1, order=3, signatures=(((None, 7),), ((2, 3, 5),)), rtol=1e-5, exact=10,
         why="powers and a root"),
    _row("moments", lambda x: x.var(0), axes=0, signatures=(((None, 7),), ((33, 2),)), atol=4e-6,
         exact=10, why="sums are added in another order", label="variance",
         call=lambda x, axes: ops.moments(x, axes)[1]),
    _row("moments", lambda x: x.mean((0, 2), keepdims=True), axes=(0, 2), keepdims=True,
         signatures=(((None, 3, 5),),), atol=4e-6, exact=10, label="mean",
         why="sums are added in another order",
         call=lambda x, axes, keepdims: ops.moments(x, axes, keepdims)[0]),
    _row("layer_normalization", lambda x: (x - x.mean(-1, keepdims=True))
         / np.sqrt(x.var(-1, keepdims=True) + 0.1), epsilon=0.1, signatures=ROWS[:3], rtol=1e-5,
         atol=1e-5, exact=100, why="sums, root and quotient"),
    _row("rms_normalization", lambda x, s: x / np.sqrt((x**2).mean(1, keepdims=True) + 0.1) * s,
         In(), In(), axis=1, epsilon=0.1, signatures=(((None, 7), (7,)),), rtol=1e-5, atol=4e-6,
         exact=10, why="sum, root and quotient",
         call=lambda x, s, axis, epsilon: ops.rms_normalization(x, s, axis, epsilon)),
    _row("batch_normalization", lambda x, m, v: (x - m) / np.sqrt(v + 1e-3), In(), In(),
         In(0.1, 2), axis=1, signatures=(((None, 7), (7,), (7,)),), rtol=1e-5, atol=4e-6, exact=10,
         why="root and quotient",
         call=lambda x, m, v, axis: ops.batch_normalization(x, m, v, axis),
         bad=(((np.ones((2, 3)), np.ones(2), np.ones(3)), r"`mean`: got shape \(2,\)"),)),
    _row("any", lambda x: (x != 0).any(1), INT, axis=1, signatures=(((None, 3),),),
         gradient=False),
    _row("all", lambda x: (x != 0).all(0), INT, axis=0, signatures=(((None, 3),),),
         gradient=False),
    _row("count_nonzero", lambda x: (x != 0).sum(1).astype(np.int32), INT, axis=1,
         signatures=(((None, 7),),), gradient=False),
    _row("ptp", lambda x: x.max(1) - x.min(1), axis=1, signatures=(((None, 7),),)),
    _row("average", lambda x, w: (x * w).sum(1) / w.sum(1), In(), In(0.5, 2), axis=1,
         signatures=(((None, 7), (None, 7)),), call=lambda x, w, axis: ops.average(x, axis, w),
         rtol=4e-6, atol=4e-6, exact=10, why="sums are added in another order"),
    _row("average", lambda x, w: (x * w).sum(1) / w.sum(), In(), In(0.5, 2), axis=1,
         signatures=(((None, 7), (7,)),), call=lambda x, w, axis: ops.average(x, axis, w),
         rtol=4e-6, atol=4e-6, exact=10, why="sums are added in another order", label="line"),
    _row("median", lambda x: np.median(x, 1), axis=1, signatures=(((None, 7),), ((None, 4),))),
    _row("median", np.median, signatures=(((17,),), ((2, 3, 5),))),
    _row("quantile", lambda x: np.quantile(x, [0.1, 0.5, 1.0], 1), q=[0.1, 0.5, 1.0], axis=1,
         signatures=(((5, 7),), ((3, 1),))),
    _row("quantile", lambda x: np.quantile(x, 0.3, (0, 2), keepdims=True), q=0.3, axis=(0, 2),
         keepdims=True, signatures=(((2, 3, 5),),)),
    _row("percentile", lambda x: np.percentile(x, 30, 1, method="nearest"), q=30, axis=1,
         method="nearest", signatures=(((None, 6),),)),
    _row("cumprod", lambda x: np.cumprod(x, 1), In(-1.6, 1.7), axis=1, rtol=4e-6, exact=10,
         signatures=(((None, 7),), ((2, 1),), ((3, 17),)), why="products in another order"),
    _row("cumprod", lambda x: np.cumprod(x), In(-1.6, 1.7), signatures=(((7,),), ((2, 3),)),
         rtol=4e-6, exact=10, why="products in another order"),
    _row("nansum", lambda x: np.nansum(x, 1), axis=1, signatures=(((None, 7),),), gradient=False,
         specials=((nan,), (1.0,), (nan,)), atol=1e-5, exact=10,
         why="sums are added in another order"),
    _row("nanmean", lambda x: np.nanmean(x, 1), axis=1, signatures=(((None, 7),),), atol=1e-5,
         gradient=False, specials=((nan,), (1.0,), (nan,)), exact=10,
         why="sums are added in another order"),
    *(_row(name, lambda x, f=of: f.reduce(x, 1), axis=1, signatures=(((None, 7),),),
           gradient=False, specials=((nan,),) * count, label=f"{count} NaN")
      for name, of in (("nanmax", np.fmax), ("nanmin", np.fmin)) for count in (3, 7)),
    _row("nanmedian", lambda x: np.nanmedian(x, 1), axis=1, signatures=(((None, 7),), ((5, 4),)),
         gradient=False, specials=((nan,), (1.0,), (nan,))),
    _row("nanquantile", lambda x: np.nanquantile(x, 0.3, 0), q=0.3, axis=0, rtol=4e-6, exact=10,
         signatures=(((8, 3),),), why="a place among elements, times a difference"),
    _row("nancumsum", lambda x: np.nancumsum(x, 1), axis=1, signatures=(((None, 7),),),
         gradient=False, specials=((nan,), (1.0,), (nan,)), atol=4e-6, exact=10,
         why="sums are added in another order"),
    _row("nancumprod", lambda x: np.nancumprod(x, 1), axis=1, signatures=(((None, 7),),),
         gradient=False, specials=((nan,), (1.0,), (nan,)), rtol=4e-6, exact=10,
         why="products in another order"),
    _row("nanargmax", lambda x: np.nanargmax(x, 1).astype(np.int32), axis=1, gradient=False,
         signatures=(((None, 7),),), specials=((nan,), (1.0,), (nan,))),
    _row("nanargmin", lambda x: np.nanargmin(x, 1).astype(np.int32), axis=1, gradient=False,
         signatures=(((None, 7),),), specials=((nan,), (1.0,), (nan,))),
    _row("psnr", lambda x, y: 20 * np.log10(5) - 10 * np.log10(((x - y) ** 2).mean()), In(),
         In(3.5, 6), max_val=5.0, signatures=(((17,), (17,)), ((None, 3), (None, 3))), rtol=1e-5,
         atol=1e-5, exact=10, why="sums and logarithms",
         bad=(((np.ones(2), np.ones(3)), "expected equal shapes"),)),
    _row("nanstd", lambda x: np.nanstd(x, 1), axis=1, signatures=(((None, 7),),), gradient=False,
         specials=((nan,), (1.0,), (nan,)), atol=1e-5, exact=10,
         why="sums are added in another order"),
)  # fmt: skip

POSITIVE = In(0.1, 9)
NUMERIC = (
    _row("clip", lambda x: np.minimum(np.maximum(x, -1), 2), x_min=-1.0, x_max=2.0,
         kinks=(-1.0, 2.0), specials=SPECIAL),
    _row("log2", each(math.log2), POSITIVE, exact=10, atol=2e-6),
    _row("log10", each(math.log10), POSITIVE, exact=10, atol=2e-6),
    _row("exp2", each(lambda x: 2.0**x), exact=10),
    _row("logaddexp2", np.logaddexp2, In(), In(), exact=10, atol=4e-6,
         why="the result may be near 0"),
    _row("cbrt", np.cbrt, exact=10, kinks=(0.0,), rtol=4e-6, why="a power by way of logarithms"),
    _row("hypot", each(math.hypot), In(), In(-2.9, 2.8), exact=10, apart=True, kinks=(0.0,),
         specials=((3.0, 4.0), (0.0, 0.0), (1e30, 1e30)), gradient=False),
    _row("sinc", np.sinc, exact=10, specials=((0.0,), (1.0,)), atol=2e-6),
    _row("deg2rad", np.deg2rad),
    _row("rad2deg", np.rad2deg, exact=10, atol=2e-5, why="results reach 172"),
    _row("round", np.round, gradient=False, specials=((0.5,), (1.5,), (-0.5,), (nan,))),
    _row("round", lambda x: np.round(x, 2), decimals=2, gradient=False),
    _row("fmod", np.fmod, In(-9.1, 9.2), In(0.71, 3.3), gradient=False, exact=10, atol=4e-6,
         why="x - floor(x / y) * y rounds the product, fmod does not"),
    _row("divide_no_nan", each(lambda x, y: x / y if y else 0.0), In(), In(0.3, 2),
         specials=((1.0, 0.0), (0.0, 0.0), (nan, 0.0))),
    _row("heaviside", np.heaviside, In(), In(), gradient=False,
         specials=((0.0, 0.5), (1.0, 0.5), (-1.0, 0.5))),
    _row("signbit", lambda x: x < 0, gradient=False, specials=((1.0,), (-1.0,), (inf,), (-inf,))),
    _row("fmax", np.fmax, In(), In(), gradient=False,
         specials=((nan, 1.0), (1.0, nan), (nan, nan))),
    _row("fmin", np.fmin, In(), In(), gradient=False,
         specials=((nan, 1.0), (1.0, nan), (nan, nan))),
    _row("nan_to_num", lambda x: np.nan_to_num(x, nan=0.5, posinf=9.0, neginf=-9.0), nan=0.5,
         posinf=9.0, neginf=-9.0, specials=SPECIAL),
    _row("isinf", np.isinf, gradient=False, specials=SPECIAL),
    _row("isfinite", np.isfinite, gradient=False, specials=SPECIAL),
    _row("isposinf", np.isposinf, gradient=False, specials=SPECIAL),
    _row("isneginf", np.isneginf, gradient=False, specials=SPECIAL),
    _row("isclose", np.isclose, In(), In(), gradient=False,
         specials=((1.0, 1.0), (1.0, 1.000001), (inf, inf), (inf, -inf), (nan, nan), (inf, 1.0))),
    _row("isclose", lambda x, y: np.isclose(x, y, equal_nan=True), In(), In(), gradient=False,
         specials=((nan, nan), (1.0, nan)), equal_nan=True),
    _row("allclose", lambda x, y: np.bool_(np.allclose(x, y)), In(), In(), gradient=False),
    _row("array_equal", lambda x, y: np.bool_(np.array_equal(x, y)), INT, INT, gradient=False,
         signatures=(((3,), (3,)),)),
    _row("isin", np.isin, INT, INT, gradient=False, signatures=(((None, 7), (5,)),)),
    _row("logical_xor", np.logical_xor, In(0, 1, "bool"), In(0, 1, "bool"), gradient=False),
    _row("left_shift", np.left_shift, INT, In(0, 4, "int32"), gradient=False),
    _row("right_shift", each(lambda x, y: x >> y, np.int32), INT, In(0, 4, "int32"),
         gradient=False, specials=tuple((x, y) for x in (5.0, -5.0) for y in (30.0, 31.0, 40.0))),
    _row("fmod", each(lambda x, y: int(math.fmod(x, y)) if y else 0, np.int32), INT,
         In(-3, 3, "int32"), gradient=False, label="int",
         specials=tuple((-(2.0**31), y) for y in (3.0, -3.0, -1.0))),
    _row("bitwise_not", np.invert, INT, gradient=False),
    _row("bitwise_not", np.invert, In(0, 1, "bool"), gradient=False, label="bool"),
    _row("bitwise_not", np.invert, In(0, 2**32 - 1, "uint32"), gradient=False, label="unsigned"),
    _row("fori_loop", lambda x: x * 6, gradient=True,
         call=lambda x: ops.fori_loop(1, 4, lambda i, v: v * i, x)),
    _row("erfc", each(math.erfc), atol=2e-6),
    _row("ldexp", lambda x, y: x * 2.0**y, In(), In(-3, 3, "int32"), gradient=False, exact=10),
)  # fmt: skip

SQUARE: tuple[Signature, ...] = (((4, 4),), ((3, 5),), ((None, 4, 3),))


def _matrix(name: str, **more: Any) -> Case:
    first = {"axis1": -2, "axis2": -1} if name in ("diagonal", "trace") else {}
    function = getattr(np, name)
    return _row(name, lambda x: function(x, **more, **first), signatures=SQUARE, **more, **first)


MATRIX = (
    *(_matrix(name, k=k) for name in ("tril", "triu") for k in (0, 1, -1)),
    *(_matrix(name, offset=k) for name in ("diagonal", "trace") for k in (0, 1, -1)),
    _row("diag", np.diag, signatures=(((3,),), ((3, 4),))),
    _row("diag", lambda x: np.diag(x, 1), k=1, signatures=(((3,),), ((3, 4),))),
    _row("diag", lambda x: np.diag(x, -2), k=-2, signatures=(((3,),), ((4, 3),))),
    _row("inner", np.inner, In(), In(), signatures=(((7,), (7,)), ((2, 3), (4, 3)), ((), (3,))),
         atol=1e-5, why="sums are added in another order", exact=10),
    _row("vdot", np.vdot, In(), In(), signatures=(((7,), (7,)), ((2, 3), (2, 3))), atol=1e-5,
         why="sums are added in another order", exact=10),
    _row("dot", np.dot, In(), In(), signatures=(((7,), (7,)), ((2, 3), (3, 4)), ((2, 3), (3,))),
         atol=1e-5, why="sums are added in another order", exact=10),
    _row("outer", np.outer, In(), In(), signatures=(((3,), (4,)), ((2, 2), (3,)))),
    _row("cross", np.cross, In(), In(), signatures=(((3,), (3,)), ((None, 3), (None, 3))),
         exact=10, atol=4e-6, why="differences of products"),
    _row("cross", lambda x, y: x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0], In(), In(),
         signatures=(((None, 3, 2), (3, 2)),), label="plane", exact=10, atol=4e-6,
         why="differences of products"),
    *(_row(name, lambda x, y, make=make: make(x, y), BOOL, BOOL, gradient=False, label="bool",
           signatures=(((None, 5), (5, 3)), ((4, 7), (7, 2))))
      for name, make in (("matmul", np.matmul), ("dot", np.dot))),
    _row("kron", np.kron, In(), In(), signatures=(((2, 3), (2, 2)),)),
    _row("cdist", lambda x, y: np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1)), In(), In(-4, -3.1),
         signatures=(((None, 3), (4, 3)),), rtol=4e-6, exact=10, why="sum and root"),
    _row("corrcoef", np.corrcoef, signatures=(((3, 17),),), rtol=1e-5, atol=1e-5, exact=100,
         why="sums, roots and quotients"),
    _row("vander", np.vander, In(0.5, 2), signatures=(((4,),),), rtol=1e-5, exact=10,
         why="powers by way of logarithms"),
    _row("matmul", np.matmul, In(), In(), atol=1e-5, exact=10,
         signatures=(((None, 3), (3, 5)), ((2, 2, 3), (3, 4)), ((2, 2, 3), (2, 3, 4)),
                     ((3,), (3, 4)), ((4, 1, 2, 3), (2, 3, 2))),
         why="sums are added in another order", bad=(((np.float64(1), np.ones(2)), "no axis"),)),
    _row("tensordot", lambda x, y: np.tensordot(x, y, 1), In(), In(), axes=1, atol=1e-5, exact=10,
         signatures=(((2, 3), (3, 2)), ((None, 2, 3), (3, 4))),
         why="sums are added in another order"),
    _row("einsum", lambda x, y: np.einsum("bij,bjk->bik", x, y), In(), In(), atol=1e-5, exact=10,
         call=lambda x, y: ops.einsum("bij,bjk->bik", x, y), why="sums are added in another order",
         signatures=(((None, 2, 3), (None, 3, 4)),)),
    _row("einsum", lambda x: np.einsum("...ij->...ji", x), label="turn",
         call=lambda x: ops.einsum("...ij->...ji", x), signatures=(((None, 2, 3),),)),
    _row("einsum", lambda x, y: np.einsum("bi,j->b", x, y), In(), In(), atol=4e-5, exact=100,
         call=lambda x, y: ops.einsum("bi,j->b", x, y), signatures=(((None, 3), (4,)),),
         label="lonely", why="sums are added in another order"),
    *(_row("einsum", lambda *xs, spec=spec: np.einsum(spec, *xs), *(In() for _ in shapes),
           call=lambda *xs, spec=spec: ops.einsum(spec, *xs), signatures=(shapes,), label=spec,
           atol=1e-5, exact=10, why="sums are added in another order")
      for spec, shapes in (
          ("ii->i", ((4, 4),)), ("ii", ((4, 4),)), ("ij,jj->i", ((2, 3), (3, 3))),
          ("bijj->bi", ((None, 2, 3, 3),)), ("iii->i", ((3, 3, 3),)), ("iji", ((3, 2, 3),)),
          ("...ii->...i", ((None, 3, 3),)), ("...ij,...jk", ((2, 2, 3), (2, 3, 4))),
      )),
)  # fmt: skip

#: A number spread out, then moved: nobody may rely on its having been written out.
SPREAD = tuple(
    _row("broadcast_to", formula, signatures=(signature,), call=call, label=f"then-{name}")
    for name, signature, formula, call in (
        ("concatenate", ((None, 3),), lambda x: np.insert(x, 0, 2.0, 1),
         lambda x: ops.concatenate([ops.full_like(x[:, :1], 2.0), x], 1)),
        ("matmul", ((None, 3),), lambda x: 2 * x.sum(1, keepdims=True) + np.zeros((1, 5)),
         lambda x: x @ ops.transpose(ops.broadcast_to(const_node(2.0, x.dtype), (5, 3)))),
        ("slice", ((3,),), lambda x: x + 1, lambda x: x + ops.ones_like(x)[::-1]),
        ("cumsum", ((3,),), lambda x: x + [1, 2, 3], lambda x: x + ops.cumsum(ops.ones_like(x))),
        ("transpose", ((2, 3),), lambda x: x.T + 1, lambda x: ops.transpose(x)
         + ops.transpose(ops.ones_like(x))),
    )
)  # fmt: skip

LINES = (
    _row("roll", lambda x: np.roll(x, 2, -1), shift=2, axis=-1, signatures=(((7,),), ((None, 3),))),
    _row("roll", lambda x: np.roll(x, -1), shift=-1, signatures=(((7,),), ((2, 3),))),
    _row("diff", np.diff, signatures=(((7,),), ((None, 3),))),
    _row("diff", lambda x: np.diff(x, 2, 0), n=2, axis=0, signatures=(((7,),), ((4, 3),))),
    _row("trapezoid", lambda y: np.trapezoid(y, dx=0.5), dx=0.5, atol=4e-6, exact=10,
         signatures=(((7,),), ((None, 3),)), why="sums are added in another order"),
    _row("rot90", lambda x: np.rot90(x, 1, (1, 2)), axes=(1, 2), signatures=(((None, 2, 3),),)),
    _row("rot90", lambda x: np.rot90(x, -1), k=-1, signatures=(((2, 3),),)),
    _row("flip", lambda x: np.flip(x, 1), axis=1, signatures=(((None, 3),), ((2, 7),))),
    _row("linspace", lambda a, b: np.linspace(a, b, 5), In(), In(), num=5, atol=2e-6,
         signatures=(((), ()), ((3,), (3,)))),
    _row("linspace", lambda a, b: np.linspace(a, b, 4, endpoint=False, axis=-1), In(), In(), num=4,
         endpoint=False, axis=-1, signatures=(((None,), (None,)),), atol=2e-6),
    _row("meshgrid", np.meshgrid, In(), In(), signatures=(((3,), (2,)),), gradient=False),
    _row("append", lambda x, y: np.append(x, y, 1), In(), In(), axis=1,
         signatures=(((None, 2), (None, 3)),)),
    _row("vstack", lambda x, y: np.vstack([x, y]), In(), In(), signatures=(((3,), (3,)),),
         call=lambda x, y: ops.vstack([x, y])),
    _row("hstack", lambda x, y: np.hstack([x, y]), In(), In(), call=lambda x, y: ops.hstack([x, y]),
         signatures=(((3,), (2,)), ((None, 2), (None, 3)))),
    _row("dstack", lambda x, y: np.dstack([x, y]), In(), In(), call=lambda x, y: ops.dstack([x, y]),
         signatures=(((None, 2), (None, 2)), ((3, 2, 1), (3, 2, 2)))),
    _row("depth_to_space", lambda x: x.reshape(-1, 2, 1, 2, 2, 3).swapaxes(2, 3)
         .reshape(-1, 4, 2, 3), block_size=2, signatures=(((None, 2, 1, 12),),)),
    _row("space_to_depth", lambda x: x.reshape(-1, 2, 2, 1, 2, 3).swapaxes(2, 3)
         .reshape(-1, 2, 1, 12), block_size=2, signatures=(((None, 4, 2, 3),),)),
    _row("stack", lambda x, y: np.stack([x, y], -1), In(), In(),
         call=lambda x, y: ops.stack([x, y], -1), signatures=(((None, 3), (None, 3)),)),
    _row("tile", lambda x: np.tile(x, (1, 3)), repeats=(1, 3),
         signatures=(((None, 2),), ((2, 3),))),
    _row("repeat", lambda x: np.repeat(x, 3, 1), repeats=3, axis=1,
         signatures=(((None, 2),), ((2, 3),))),
    _row("pad", lambda x: np.pad(x, ((0, 0), (1, 2))), pad_width=((0, 0), (1, 2)),
         signatures=(((None, 3),), ((2, 3),)),
         ),
    _row("pad", lambda x: np.pad(x, 2), signatures=(((2, 3),),), label="all",
         call=lambda x, pad_width=2: ops.pad(x, pad_width),
         bad=(((np.ones((2, 2)), ((1, 2, 3),)), "before, after"),)),
    _row("pad", lambda x: np.pad(x, 1, constant_values=5.0), pad_width=1, constant_values=5.0,
         signatures=(((2, 3),),)),
    _row("unfold", lambda x: np.stack([x[:, :, i : i + 2, j : j + 2].reshape(len(x), -1)
                                       for i in (0, 2) for j in (0, 2)], -1),
         kernel_size=2, stride=2, signatures=(((None, 3, 4, 4),),),
         bad=(((np.ones((2, 3, 4)),), "expected .batch, channels, height, width"),
              ((np.ones((2, 3, 1, 4)),), r"`kernel_size`: windows of \(2, 2\) do not fit"))),
    _row("fold", lambda x: np.stack([x[:, 0, 0], x[:, 0, 1] + x[:, 1, 0], x[:, 1, 1]], 1)
         .reshape(-1, 1, 1, 3), output_size=(1, 3), kernel_size=(1, 2),
         signatures=(((None, 2, 2),),),
         bad=(((np.ones((2, 3, 2)),), "a multiple of 2, 2"),)),
    _row("fold", lambda x: x[:, :, 2:4], output_size=(1, 2), kernel_size=1, padding=(0, 2),
         call=lambda x, **how: ops.fold(x, **how)[:, :, 0], signatures=(((None, 3, 6),),)),
    _row("rearrange", lambda x: x.reshape(len(x), 2, 3, 4).transpose(0, 2, 3, 1).reshape(
         len(x), 3, 8), pattern="b (h p) c -> b p (c h)", h=2, signatures=(((None, 6, 4),),),
         bad=(((np.ones((2, 6)),), "got 3 axes in"),
              ((np.ones((2, 5, 4)),), "Give the sizes of all names but one"))),
    _row("diagflat", lambda x: np.diagflat(x, 1), k=1, signatures=(((2, 2),),)),
    _row("geomspace", lambda x, y: np.geomspace(x, y, 4), In(0.5, 2), In(3, 5), num=4, rtol=1e-5,
         exact=10, signatures=(((3,), (3,)),), why="a logarithm and its exponential"),
    *(_row("correlate", lambda x, y, mode=mode: np.correlate(x, y, mode), In(), In(), mode=mode,
           signatures=(((7,), (3,)), ((2,), (4,))), atol=1e-5, exact=10,
           why="sums are added in another order",
           bad=(((np.ones(2), np.ones((2, 2))), "expected two vectors"),) if mode == "full" else ())
      for mode in ("valid", "same", "full")),
    *(_row("pad", lambda x, mode=mode: np.pad(x, ((0, 0), (2, 1), (5, 7)), mode=mode), mode=mode,
           pad_width=((0, 0), (2, 1), (5, 7)), label="far",
           signatures=(((None, 4, 3),), ((2, 1, 2),)))
      for mode in ("edge", "reflect", "symmetric", "wrap", "linear_ramp")),
    *(_row("pad", lambda x, mode=mode: np.pad(x, ((0, 0), (2, 1), (5, 7)), mode=mode), mode=mode,
           pad_width=((0, 0), (2, 1), (5, 7)), label="line", exact=10,
           signatures=(((None, 4, 3),),))
      for mode in ("maximum", "mean", "median", "minimum")),
    _row("split", lambda x: np.split(x, 3, 1), indices_or_sections=3, axis=1,
         signatures=(((None, 6),),), gradient=False),
    _row("array_split", lambda x: np.array_split(x, 3, 1), indices_or_sections=3, axis=1,
         signatures=(((None, 7),),), gradient=False),
    _row("unstack", lambda x: list(np.moveaxis(x, 1, 0)), axis=1, signatures=(((None, 3),),),
         gradient=False),
    _row("moveaxis", lambda x: np.moveaxis(x, 1, 2), source=1, destination=2,
         signatures=(((None, 2, 3),),)),
    _row("swapaxes", lambda x: np.swapaxes(x, 0, 1), axis1=0, axis2=1, signatures=(((2, 3),),)),
    _row("expand_dims", lambda x: np.expand_dims(x, (1, -1)), axis=(1, -1),
         signatures=(((None, 3),),)),
    _row("squeeze", np.squeeze, signatures=(((3, 1, 2),), ((None, 1, 3),)),
         call=lambda x: ops.squeeze(x, 1)),
    _row("ravel", np.ravel, signatures=(((2, 3),),)),
    *(_row("getitem", formula, signatures=((shape,),), label=text, call=call)
      for text, shape, formula, call in (
          ("x[:,0]", (None, 3), lambda x: x[:, 0], lambda x: x[:, 0]),
          ("x[...,-1]", (None, 2, 3), lambda x: x[..., -1], lambda x: x[..., -1]),
          ("x[:,None]", (None, 3), lambda x: x[:, None], lambda x: x[:, None]),
          ("x[::-1]", (7,), lambda x: x[::-1], lambda x: x[::-1]),
          ("x[1:-1:2,1]", (7, 2), lambda x: x[1:-1:2, 1], lambda x: x[1:-1:2, 1]),
          ("x[:,[2,0]]", (None, 3), lambda x: x[:, [2, 0]], lambda x: x[:, [2, 0]]),
          ("x[[1,1]]", (3, 2), lambda x: x[[1, 1]], lambda x: x[[1, 1]]),
      )),
)  # fmt: skip

ID = In(0, 4, "int32")


def _segments(reduce: Any) -> Any:
    return lambda x, ids: np.array([reduce(x[ids == i], 0) if (ids == i).any() else
                                    reduce(x[:0], 0, initial=0) for i in range(5)])  # fmt: skip


INDEX = (
    _row("unravel_index", lambda x: [i.astype(np.int32) for i in np.unravel_index(x % 12, (3, 4))],
         In(-12, 11, "int32"), shape=(3, 4), gradient=False, signatures=(((None,),), ((3, 2),))),
    _row("argpartition", lambda x: np.argsort(x, 1, kind="stable").astype(np.int32), kth=2, axis=1,
         gradient=False, signatures=(((None, 7),),),
         bad=(((np.ones((3, 2)),), "`kth`: got 2 for an axis of 2 elements"),)),
    _row("one_hot", lambda x: (x[..., None] == np.arange(4)).astype("int32"), In(-1, 5, "int32"),
         num_classes=4, dtype="int32", gradient=False, signatures=(((None,),), ((3, 2),), ((),))),
    _row("one_hot", lambda x: (x[:, None] == np.arange(4)[:, None]).astype("int32"), ID,
         num_classes=4, axis=1, dtype="int32", gradient=False, signatures=(((None, 2),),)),
    _row("multi_hot", lambda x: np.array([[i in row for i in range(5)] for row in x], np.int32),
         ID, num_classes=5, dtype="int32", gradient=False, signatures=(((None, 3),),)),
    _row("take", lambda x, i: np.take(x, i, 1), In(), In(0, 2, "int32"), axis=1,
         signatures=(((None, 3), (2,)), ((2, 3, 2), (2, 2)), ((None, 3), ()))),
    _row("take", np.take, In(), ID, signatures=(((5,), (3,)), ((2, 3), (None,)))),
    _row("take_along_axis", lambda x, i: np.take_along_axis(x, i, -1), In(), In(0, 2, "int32"),
         axis=-1, signatures=(((None, 3), (None, 2)), ((None, 1, 3), (None, 2, 2)))),
    _row("sort", lambda x: np.sort(x, -1), signatures=(((None, 7),), ((17,),))),
    _row("top_k", lambda x: (np.sort(x, -1)[..., ::-1][..., :3],
                             np.argsort(-x, -1, kind="stable")[..., :3].astype("int32")), k=3,
         gradient=False, signatures=(((None, 7),), ((5,),)), specials=((1.0,), (1.0,))),
    _row("in_top_k", lambda t, p: np.array([(row > row[i]).sum() < 2 for i, row in zip(
        t, p, strict=True)]), ID, In(), k=2, signatures=(((None,), (None, 5)),), gradient=False),
    _row("searchsorted", lambda x: np.searchsorted([-1.0, 0.0, 2.0], x).astype("int32"),
         gradient=False, specials=((-1.0,), (0.0,), (2.0,), (9.0,)),
         call=lambda x: ops.searchsorted(np.array([-1.0, 0.0, 2.0]), x)),
    _row("digitize", lambda x: np.digitize(x, [-1.0, 0.0, 2.0]).astype("int32"), gradient=False,
         specials=((-1.0,), (0.0,), (2.0,), (9.0,)),
         call=lambda x: ops.digitize(x, np.array([-1.0, 0.0, 2.0]))),
    _row("digitize", lambda x: np.digitize(x, [2.0, 0.0, -1.0]).astype("int32"), gradient=False,
         specials=((-1.0,), (0.0,), (2.0,), (9.0,)), label="falling",
         call=lambda x: ops.digitize(x, np.array([2.0, 0.0, -1.0]))),
    _row("bincount", lambda x: np.bincount(x, minlength=5).astype("int32"), ID, minlength=5,
         gradient=False, signatures=(((None,),), ((17,),))),
    _row("segment_sum", _segments(np.sum), In(), ID, num_segments=5, atol=1e-5, exact=10,
         signatures=(((None, 3), (None,)), ((17,), (17,))),
         why="sums are added in another order"),
    _row("segment_prod", _segments(lambda x, a, initial=1: np.prod(x, a)), In(-1.5, 1.6), ID,
         num_segments=5, signatures=(((7, 3), (7,)),), rtol=4e-6, exact=10,
         why="products are taken in another order"),
    _row("saturate_cast", lambda x: x, dtype="float64", gradient=False,
         specials=((math.inf,), (-math.inf,), (math.nan,))),
    _row("segment_sum", lambda x, ids: x[:0], In(), ID, num_segments=0, gradient=False,
         signatures=(((7,), (7,)), ((7, 3), (7,)))),
    _row("scatter_update", lambda x, v: x, In(), In(), label="empty", gradient=False,
         signatures=(((0,), (2,)),), bad=(),
         call=lambda x, v: ops.scatter_update(x, np.array([[0], [1]]), v)),
    _row("scatter_update", lambda x, v: np.concatenate([v, x[2:]]), In(), In(),
         signatures=(((7,), (2,)),),
         call=lambda x, v: ops.scatter_update(x, np.array([[0], [1]]), v)),
    _row("scatter_update", lambda x, v: np.concatenate([v[1:], x[2:]]), In(), In(),
         signatures=(((7,), (3,)),), label="twice",
         call=lambda x, v: ops.scatter_update(x, np.array([[1], [-7], [1], [9]]),
                                              ops.concatenate([v, v[:1]]))),
    _row("slice", lambda x: x[:, 1:3], signatures=(((4, 5),),),
         call=lambda x: ops.slice(x, (0, 1), (4, 2))),
    _row("slice_update", lambda x, v: np.concatenate([x[:, :1], v, x[:, 3:]], 1), In(), In(),
         signatures=(((None, 5), (None, 2)),), call=lambda x, v: ops.slice_update(x, (0, 1), v)),
    _row("where", lambda c, x: np.where(c, x, 0.0), In(0, 1, "bool"), In(),
         signatures=(((None, 3), (None, 3)), ((3,), ())), call=lambda c, x: ops.where(c, x, 0.0)),
    _row("select", lambda x: np.select([x < -1, x < 1], [x * 2, x * 3], 7.0), kinks=(-1.0, 1.0),
         call=lambda x: ops.select([x < -1, x < 1], [x * 2, x * 3], 7.0)),
    _row("cond", lambda x: x * 2 if x.sum() > 0 else x - 1, In(-2, 3), signatures=(((7,),),),
         call=lambda x: ops.cond(ops.sum(x) > 0, lambda: x * 2, lambda: x - 1)),
    _row("switch", lambda x: x + 5, signatures=(((7,),),),
         call=lambda x: ops.switch(1, [lambda v: v * 2, lambda v: v + 5, lambda v: v], x)),
    _row("power", lambda x: x * x * x, signatures=ONE, call=lambda x: x**3, label="cube", exact=10,
         rtol=2e-6, why="two products"),
)  # fmt: skip

COMPOSED = (*ACTIVATIONS, *OVER_AN_AXIS, *NUMERIC, *MATRIX, *SPREAD, *LINES, *INDEX)
