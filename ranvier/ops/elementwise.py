"""Maps: ops that work element by element. An engine needs no code for one: it spells the words."""

from __future__ import annotations

from collections.abc import Callable
from math import log as _log
from math import nan
from typing import Any

import numpy as np

from ..graph.dtype import canonical, is_float
from ..graph.errors import ArgumentError, DTypeError
from ..graph.node import CAST, as_value, cast, is_symbolic, promoted, typed
from ..graph.op import Aval, Op
from ..graph.shape import broadcast
from .philox import M0, M1, ROUNDS, W0, W1, philox_words

log_2 = _log(2.0)
_BOOL_NONE = "the result is no float"
_FLAT = "piecewise constant: its slope is zero where it has one"


def same(*xs: Any) -> Aval:
    """Return the operands' type and the shape that they have together."""
    return Aval(broadcast(*[x.shape for x in xs]), str(xs[0].dtype))


def _number(*xs: Any) -> Aval:
    if str(xs[0].dtype) == "bool":
        raise DTypeError(
            "subtract, negative: got bool operands, which have no difference. Use logical_xor "
            "or logical_not, or cast them to a number type first."
        )
    return same(*xs)


def _truth(*xs: Any) -> Aval:
    return Aval(broadcast(*[x.shape for x in xs]), "bool")


def _map(
    name: str,
    eval: Callable[..., Any],
    vjp: Callable[..., tuple[Any, ...]] | None,
    scalar: Callable[..., Any],
    doc: str,
    operands: Any = "same",
    infer: Callable[..., Aval] = same,
    no_gradient: str = "",
) -> Op:
    return Op(name, "map", infer, eval, vjp, no_gradient, scalar, operands, doc)


def float_map(name: str, eval: Any, vjp: Any, scalar: Any, doc: str) -> Op:
    """Return a map whose operands become floats."""
    return _map(name, eval, vjp, scalar, doc, operands="float")


def _compare(name: str, eval: Any, scalar: Any, doc: str) -> Op:
    return _map(name, eval, None, scalar, doc, infer=_truth, no_gradient=_BOOL_NONE)


def _logical(name: str, eval: Any, scalar: Any, doc: str) -> Op:
    return Op(name, "map", _truth, eval, None, _BOOL_NONE, scalar, "free", doc)


# --- arithmetic ---------------------------------------------------------------------------------
def _floor_divide_scalar(w: Any, x: Any, y: Any) -> Any:
    if not is_float(x.dtype):
        return w.floordiv(x, y)
    rest, zero, plain = w.fmod(x, y), w.const(0, x), w.div(x, y)
    # x / y may round up to the next whole number: what fmod leaves is taken off first.
    whole = w.rint(w.div(w.sub(x, rest), y))
    whole = w.select(_apart(w, rest, y), w.sub(whole, w.const(1, x)), whole)
    whole = w.select(w.eq(whole, zero), w.mul(plain, zero), whole)  # a zero of the right sign
    return w.select(w.eq(y, zero), plain, whole)


def _mod_scalar(w: Any, x: Any, y: Any) -> Any:
    zero = w.const(0, x)
    if not is_float(x.dtype):
        rest = w.sub(x, w.mul(w.floordiv(x, y), y))
        return w.select(w.eq(y, zero), zero, rest)
    rest = w.fmod(x, y)
    nothing = w.select(w.lt(y, zero), w.const(-0.0, x), zero)
    moved = w.select(_apart(w, rest, y), w.add(rest, y), rest)
    return w.select(w.eq(rest, zero), nothing, moved)


def _apart(w: Any, rest: Any, y: Any) -> Any:
    """Tell whether a remainder of C, which has the sign of x, has another sign than y."""
    zero = w.const(0, y)
    return w.and_(w.not_(w.eq(rest, zero)), w.xor(w.lt(rest, zero), w.lt(y, zero)))


add = _map("add", np.add, lambda g, out, x, y: (g, g),
           lambda w, x, y: w.or_(x, y) if x.dtype == "bool" else w.add(x, y),
           "x + y; of two bools, x or y.")  # fmt: skip
subtract = _map("subtract", np.subtract, lambda g, out, x, y: (g, negative(g)),
                lambda w, x, y: w.sub(x, y), "x - y.", infer=_number)  # fmt: skip
multiply: Op = _map("multiply", np.multiply, lambda g, out, x, y: (multiply(g, y), multiply(g, x)),
                    lambda w, x, y: w.and_(x, y) if x.dtype == "bool" else w.mul(x, y),
                    "x * y; of two bools, x and y.")  # fmt: skip
divide: Op = float_map("divide", np.true_divide,
                        lambda g, out, x, y: _divide_vjp(divide(g, y), out),
                        lambda w, x, y: w.div(x, y), "x / y, a float.")  # fmt: skip
floor_divide = _map("floor_divide", np.floor_divide, None,
                    _floor_divide_scalar, "The largest integer not above x / y.",
                    operands="number", no_gradient=_FLAT)  # fmt: skip
mod = _map("mod", np.mod, lambda g, out, x, y: (g, negative(multiply(g, floor_divide(x, y)))),
           _mod_scalar,
           "The remainder x - y * floor(x / y), with the sign of y.",
           operands="number")  # fmt: skip
negative: Op = _map("negative", np.negative, lambda g, out, x: (negative(g),),
                    lambda w, x: w.neg(x), "-x.", infer=_number)  # fmt: skip
absolute = _map("absolute", np.abs, lambda g, out, x: (where(less(x, 0.0), negative(g), g),),
                lambda w, x: w.abs(x), "|x|; its slope at 0 is 1, as JAX has it.")  # fmt: skip
sign: Op = _map("sign", np.sign, None,
                lambda w, x: w.select(w.lt(w.const(0, x), x), w.const(1, x),
                                      w.select(w.lt(x, w.const(0, x)), w.const(-1, x),
                                               w.add(x, w.const(0, x)))),  # -0.0 becomes 0.0
                "-1, 0 or 1 by the sign of x.", operands="number", no_gradient=_FLAT)  # fmt: skip
maximum = _map("maximum", np.maximum, lambda g, out, x, y: (won(g, x, y), won(g, y, x)),
               lambda w, x, y: w.or_(x, y) if x.dtype == "bool" else w.max(x, y),
               "The larger of x and y; NaN wins.")  # fmt: skip
minimum = _map("minimum", np.minimum, lambda g, out, x, y: (won(g, y, x), won(g, x, y)),
               lambda w, x, y: w.and_(x, y) if x.dtype == "bool" else w.min(x, y),
               "The smaller of x and y; NaN wins.")  # fmt: skip


def _won_eval(g: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(x > y, g, np.where(x == y, g / 2, np.zeros((), g.dtype))).astype(g.dtype)


def _won_scalar(w: Any, g: Any, x: Any, y: Any) -> Any:
    half = w.select(w.eq(x, y), w.mul(g, w.const(0.5, g)), w.const(0, g))
    return w.select(w.lt(y, x), g, half)


# The winner takes the gradient; at a tie each takes half, as JAX has it.
won: Op = _map("won", _won_eval, lambda d, out, g, x, y: (won(d, x, y), None, None), _won_scalar,
               "g where x > y, g / 2 where x equals y, 0 elsewhere.", operands="float")  # fmt: skip


def _divide_vjp(share: Any, out: Any) -> tuple[Any, Any]:
    return share, negative(multiply(share, out))


def _power_vjp(g: Any, out: Any, x: Any, y: Any) -> tuple[Any, Any]:
    slope = multiply(y, power_(x, subtract(y, 1.0)))
    # x ** 0 is constant: without the guard 0 * 0 ** -1 would be NaN.
    gx = multiply(g, where(equal(y, 0.0), 0.0, slope))
    safe = where(greater(x, 0.0), x, 1.0)
    return gx, multiply(g, multiply(out, log(safe)))


def _power_eval(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whole numbers to negative powers are cut to whole ones: 0, but for 1 and -1."""
    if is_float(str(x.dtype)) or not (y < 0).any():
        return np.power(x, y)
    unit = np.where(np.abs(x) == 1, x, 0)
    below = y < 0
    return np.where(below, unit ** (y % 2 + 2), np.power(x, np.where(below, 0, y)))


def _power_scalar(w: Any, x: Any, y: Any) -> Any:
    if is_float(x.dtype):
        return w.pow(x, y)
    zero = w.const(0, x)
    below, unit = w.lt(y, zero), w.eq(w.abs(x), w.const(1, x))
    base = w.select(w.and_(below, w.not_(unit)), zero, x)
    turned = w.sub(zero, y)
    turned = w.select(w.lt(turned, zero), w.const(2, x), turned)  # the least int stays as it is
    return w.pow(base, w.select(below, turned, y))


power_ = _map("power", _power_eval, _power_vjp, _power_scalar, "x to the power of y.",
              operands="number")  # fmt: skip


def power(x1: Any, x2: Any) -> Any:
    """Return x1 to the power of x2.

    A small whole number as x2 becomes products, and 0.5 a square root. A negative one makes floats
    of whole numbers x1; where x2 is an array of whole numbers, their powers are cut to whole ones.

    Example:
        >>> power([1.0, 2.0, 3.0], 2).numpy()
        array([1., 4., 9.], dtype=float32)
    """
    plain = isinstance(x2, (int, float)) and not isinstance(x2, bool)
    if not plain or isinstance(x1, (bool, int, float)):
        return power_(x1, x2)
    write = _POWERS.get(x2, lambda x: power_(x, x2))
    if isinstance(x2, int) and x2 >= 0:
        return write(x1)
    return write(multiply(x1, 1.0) if not hasattr(x1, "dtype") or not is_float(
        canonical(x1.dtype)) else x1)  # fmt: skip


_POWERS: dict[float, Callable[[Any], Any]] = {
    1: lambda x: multiply(x, 1),
    2: lambda x: square(x),
    3: lambda x: multiply(square(x), x),
    4: lambda x: square(square(x)),
    0.5: lambda x: sqrt_(x),
    -1: lambda x: reciprocal(x),
}
square: Op = _map("square", np.square, lambda g, out, x: (multiply(g, multiply(x, 2.0)),),
                  lambda w, x: w.mul(x, x), "x * x.", operands="number")  # fmt: skip
reciprocal: Op = float_map("reciprocal", lambda x: 1 / x,
                            lambda g, out, x: (negative(multiply(g, square(out))),),
                            lambda w, x: w.div(w.const(1, x), x), "1 / x.")  # fmt: skip
sqrt_: Op = float_map("sqrt", np.sqrt, lambda g, out, x: (divide(g, multiply(out, 2.0)),),
                       lambda w, x: w.sqrt(x), "The square root.")  # fmt: skip
rsqrt = float_map("rsqrt", lambda x: 1 / np.sqrt(x),
                   lambda g, out, x: (multiply(g, multiply(-0.5, divide(out, x))),),
                   lambda w, x: w.div(w.const(1, x), w.sqrt(x)),
                   "1 / square root of x.")  # fmt: skip

# --- exponentials -------------------------------------------------------------------------------
exp = float_map("exp", np.exp, lambda g, out, x: (multiply(g, out),), lambda w, x: w.exp(x),
                 "e to the power of x.")  # fmt: skip
expm1 = float_map("expm1", np.expm1, lambda g, out, x: (multiply(g, add(out, 1.0)),),
                   lambda w, x: w.expm1(x), "exp(x) - 1, exact near 0.")  # fmt: skip
log = float_map("log", np.log, lambda g, out, x: (divide(g, x),), lambda w, x: w.log(x),
                 "The natural logarithm.")  # fmt: skip
log1p = float_map("log1p", np.log1p, lambda g, out, x: (divide(g, add(x, 1.0)),),
                   lambda w, x: w.log1p(x), "log(1 + x), exact near 0.")  # fmt: skip


def _sigmoid_eval(x: np.ndarray) -> np.ndarray:
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1) / (1 + e)


def _sigmoid_scalar(w: Any, x: Any) -> Any:
    e = w.exp(w.neg(w.abs(x)))
    one = w.const(1, x)
    top = w.select(w.lt(x, w.const(0, x)), e, one)
    # top / (1 + e), where what rounding 1 + e costs is multiplied by the smaller side.
    return w.sub(top, w.mul(top, w.ratio(e, w.add(one, e))))


sigmoid = float_map("sigmoid", _sigmoid_eval,
                     lambda g, out, x: (multiply(g, multiply(out, subtract(1.0, out))),),
                     _sigmoid_scalar, "1 / (1 + exp(-x)).")  # fmt: skip
tanh = float_map("tanh", np.tanh,
                  lambda g, out, x: (multiply(g, subtract(1.0, square(out))),),
                  lambda w, x: w.tanh(x), "The hyperbolic tangent.")  # fmt: skip


def _logaddexp_scalar(w: Any, x: Any, y: Any) -> Any:
    top = w.select(w.lt(x, y), y, x)
    more = w.add(top, w.log1p(w.exp(w.neg(w.abs(w.sub(x, y))))))
    # Two equal infinities have no difference; for all other equal numbers both forms agree.
    return w.select(w.eq(x, y), w.add(x, w.const(log_2, x)), more)


logaddexp = float_map("logaddexp", np.logaddexp,
                       lambda g, out, x, y: (multiply(g, sigmoid(subtract(x, y))),
                                             multiply(g, sigmoid(subtract(y, x)))),
                       _logaddexp_scalar, "log(exp(x) + exp(y)) without overflow.")  # fmt: skip

# --- trigonometry -------------------------------------------------------------------------------
sin = float_map("sin", np.sin, lambda g, out, x: (multiply(g, cos(x)),), lambda w, x: w.sin(x),
                 "The sine of x radians.")  # fmt: skip
cos: Op = float_map("cos", np.cos, lambda g, out, x: (negative(multiply(g, sin(x))),),
                     lambda w, x: w.cos(x), "The cosine of x radians.")  # fmt: skip
tan = float_map("tan", np.tan, lambda g, out, x: (multiply(g, add(1.0, square(out))),),
                 lambda w, x: w.div(w.sin(x), w.cos(x)), "The tangent of x radians.")  # fmt: skip
arctan = float_map("arctan", np.arctan, lambda g, out, x: (divide(g, add(1.0, square(x))),),
                    lambda w, x: w.atan(x), "The angle in radians whose tangent is x.")  # fmt: skip
arcsin = float_map("arcsin", np.arcsin,
                    lambda g, out, x: (multiply(g, rsqrt(subtract(1.0, square(x)))),),
                    lambda w, x: w.asin(x), "The angle in radians whose sine is x.")  # fmt: skip
arccos = float_map("arccos", np.arccos,
                    lambda g, out, x: (
                        negative(multiply(g, rsqrt(subtract(1.0, square(x))))),),
                    lambda w, x: w.acos(x), "The angle in radians whose cosine is x.")  # fmt: skip
sinh = float_map("sinh", np.sinh, lambda g, out, x: (multiply(g, cosh(x)),),
                  lambda w, x: w.sinh(x), "The hyperbolic sine.")  # fmt: skip
cosh: Op = float_map("cosh", np.cosh, lambda g, out, x: (multiply(g, sinh(x)),),
                      lambda w, x: w.cosh(x), "The hyperbolic cosine.")  # fmt: skip


def _arcsinh_scalar(w: Any, x: Any) -> Any:
    a, one = w.abs(x), w.const(1, x)
    small = w.log1p(w.add(a, w.div(w.mul(a, a), w.add(one, w.sqrt(w.add(one, w.mul(a, a)))))))
    large = w.add(w.log(a), w.const(log_2, x))
    return _odd(w, x, w.select(w.lt(w.const(1e9, x), a), large, small))


def _arccosh_scalar(w: Any, x: Any) -> Any:
    t = w.sub(x, w.const(1, x))
    # Below 1 there is none, though below -1 the root would be a number again.
    t = w.select(w.lt(t, w.const(0, x)), w.const(nan, x), t)
    small = w.log1p(w.add(t, w.sqrt(w.mul(t, w.add(t, w.const(2, x))))))
    large = w.add(w.log(x), w.const(log_2, x))
    return w.select(w.lt(w.const(1e9, x), x), large, small)


def _arctanh_scalar(w: Any, x: Any) -> Any:
    a = w.abs(x)
    t, small = w.add(a, a), w.lt(a, w.const(0.5, x))
    # 2a / (1 - a); of small a as 2a + 2a a / (1 - a), whose rounding counts less.
    rest = w.div(w.select(small, w.mul(t, a), t), w.sub(w.const(1, x), a))
    return _odd(w, x, w.mul(w.const(0.5, x), w.log1p(w.select(small, w.add(t, rest), rest))))


def _odd(w: Any, x: Any, r: Any) -> Any:
    """Return r, which is of |x|, with the sign of x; zero and NaN as they are."""
    zero = w.const(0, x)
    return w.select(w.lt(zero, x), r, w.select(w.lt(x, zero), w.neg(r), x))


arcsinh = float_map("arcsinh", np.arcsinh,
                     lambda g, out, x: (multiply(g, rsqrt(add(square(x), 1.0))),),
                     _arcsinh_scalar, "The number whose hyperbolic sine is x.")  # fmt: skip
arccosh = float_map("arccosh", np.arccosh,
                     lambda g, out, x: (multiply(g, rsqrt(subtract(square(x), 1.0))),),
                     _arccosh_scalar, "The number whose hyperbolic cosine is x.")  # fmt: skip
arctanh = float_map("arctanh", np.arctanh,
                     lambda g, out, x: (divide(g, subtract(1.0, square(x))),),
                     _arctanh_scalar, "The number whose hyperbolic tangent is x.")  # fmt: skip
arctan2 = float_map("arctan2", np.arctan2,
                     lambda g, out, y, x: (
                         divide(multiply(g, x), add(square(x), square(y))),
                         negative(divide(multiply(g, y), add(square(x), square(y))))),
                     lambda w, y, x: w.atan2(y, x),
                     "The angle in radians of the point (x, y).")  # fmt: skip

# --- rounding -----------------------------------------------------------------------------------


def _rounding(name: str, eval: Any, word: str, doc: str, operands: Any = "number") -> Op:
    return _map(name, lambda x: eval(x) if is_float(str(x.dtype)) else x, None,
                lambda w, x: getattr(w, word)(x) if is_float(x.dtype) else x, doc, operands,
                no_gradient=_FLAT)  # fmt: skip


floor = _rounding("floor", np.floor, "floor", "The largest integer not above x.", "float")
ceil = _rounding("ceil", np.ceil, "ceil", "The smallest integer not below x.", "float")
rint = _rounding("rint", np.rint, "rint", "The nearest integer, ties to even.")
trunc = _rounding("trunc", np.trunc, "trunc", "x without its fraction.")

# --- comparison and logic -----------------------------------------------------------------------
equal = _compare("equal", np.equal, lambda w, x, y: w.eq(x, y), "x == y.")
not_equal = _compare("not_equal", np.not_equal, lambda w, x, y: w.not_(w.eq(x, y)), "x != y.")
less: Op = _compare("less", np.less, lambda w, x, y: w.lt(x, y), "x < y.")
less_equal = _compare("less_equal", np.less_equal, lambda w, x, y: w.le(x, y), "x <= y.")
greater = _compare("greater", np.greater, lambda w, x, y: w.lt(y, x), "x > y.")
greater_equal = _compare("greater_equal", np.greater_equal, lambda w, x, y: w.le(y, x), "x >= y.")
logical_and_ = _logical("logical_and", np.logical_and, lambda w, x, y: w.and_(x, y), "x and y.")
logical_or_ = _logical("logical_or", np.logical_or, lambda w, x, y: w.or_(x, y), "x or y.")
logical_not_ = _logical("logical_not", np.logical_not, lambda w, x: w.not_(x), "not x.")


def _whole(x: Any, y: Any) -> Aval:
    if is_float(str(x.dtype)):
        raise DTypeError(f"bitwise operations: got {x.dtype}, expected whole numbers or bools.")
    return same(x, y)


def _bits(name: str, eval: Any, scalar: Any, doc: str) -> Op:
    return _map(name, eval, None, scalar, doc, infer=_whole, no_gradient=_BOOL_NONE)


bitwise_and = _bits("bitwise_and", np.bitwise_and, lambda w, x, y: w.and_(x, y), "Bits of both.")
bitwise_or = _bits("bitwise_or", np.bitwise_or, lambda w, x, y: w.or_(x, y), "Bits of either.")
bitwise_xor = _bits("bitwise_xor", np.bitwise_xor, lambda w, x, y: w.xor(x, y),
                    "Bits of exactly one.")  # fmt: skip
isnan = Op("isnan", "map", _truth, np.isnan, None, _BOOL_NONE,
           lambda w, x: w.isnan(x), "float", "True where x is not a number.")  # fmt: skip


def logical_and(x1: Any, x2: Any) -> Any:
    """x1 and x2, numbers counting as True where they are not 0."""
    return logical_and_(cast(x1, "bool"), cast(x2, "bool"))


def logical_or(x1: Any, x2: Any) -> Any:
    """x1 or x2, numbers counting as True where they are not 0."""
    return logical_or_(cast(x1, "bool"), cast(x2, "bool"))


def logical_not(x: Any) -> Any:
    """not x, numbers counting as True where they are not 0."""
    return logical_not_(cast(x, "bool"))


def logical_xor(x1: Any, x2: Any) -> Any:
    """True where exactly one of x1 and x2 is."""
    return not_equal(cast(x1, "bool"), cast(x2, "bool"))


def _select_infer(c: Any, x: Any, y: Any) -> Aval:
    if str(x.dtype) != str(y.dtype):
        raise DTypeError(f"select: got {x.dtype} and {y.dtype}, expected one type. Use where.")
    return Aval(broadcast(c.shape, x.shape, y.shape), str(x.dtype))


select = Op("select", "map", _select_infer, np.where,
            lambda g, out, c, x, y: (None, where(c, g, 0.0), where(c, 0.0, g)), "",
            lambda w, c, x, y: w.select(c, x, y), "free",
            "x where the condition holds, y elsewhere; both of one type.")  # fmt: skip


def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """Return x1 where the condition holds and x2 elsewhere, of their common type.

    Raises:
        ArgumentError: without x1 and x2: how many places hold is known to numbers only, so
            `np.nonzero` is for that.

    Example:
        >>> where([True, False], 1.0, [2.0, 3.0]).numpy()
        array([1., 3.], dtype=float32)
    """
    if x1 is None or x2 is None:
        raise ArgumentError(
            "where: got no x1 or x2, expected where(condition, x1, x2). For the places themselves "
            "use np.nonzero on an array."
        )
    x, y = common(x1, x2)
    return select(cast(condition, "bool"), x, y)


def common(x: Any, y: Any) -> tuple[Any, Any]:
    """Return both operands in the one type that holds them."""
    symbolic = is_symbolic(x) or is_symbolic(y)
    a, b = (v if hasattr(v, "__ranvier_apply__") else as_value(v) for v in (x, y))
    target = promoted((a, b), symbolic)
    return typed(a, target, symbolic), typed(b, target, symbolic)


# --- random bits --------------------------------------------------------------------------------
def _philox_eval(index: np.ndarray, stream: np.ndarray, seed: np.ndarray, step: np.ndarray,
                 *, word: int) -> np.ndarray:  # fmt: skip
    shape = np.broadcast_shapes(index.shape, stream.shape, seed.shape, step.shape)
    line = np.broadcast_to(index, shape).reshape(-1)
    c1, c2, key = (v if v.ndim == 0 else np.broadcast_to(v, shape).reshape(-1)
                   for v in (step, stream, seed))  # fmt: skip
    return philox_words(line, c1, c2, key, (word,)).reshape(shape)


def _philox_scalar(w: Any, index: Any, stream: Any, seed: Any, step: Any, *, word: int) -> Any:
    c = [index, step, stream, w.const(0, index)]
    k0, k1 = seed, w.const(0, index)
    for _ in range(ROUNDS):
        h0, l0 = w.mulwide(c[0], M0)
        h1, l1 = w.mulwide(c[2], M1)
        c = [w.xor(w.xor(h1, c[1]), k0), l1, w.xor(w.xor(h0, c[3]), k1), l0]
        k0, k1 = w.add(k0, w.const(W0, index)), w.add(k1, w.const(W1, index))
    return c[word]


philox = Op("philox", "map", lambda i, st, se, sp, *, word: Aval(
                broadcast(i.shape, st.shape, se.shape, sp.shape), "uint32"),
            _philox_eval, None, "random bits do not depend on the parameters", _philox_scalar,
            "free", "One 32-bit word of Philox 4x32-10 at counter (index, step, stream, 0) and "
            "key (seed, 0).\n\nSource: Salmon et al., Parallel random numbers: as easy as 1, 2, "
            "3 (SC 2011).")  # fmt: skip


def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """Return min(max(x, x_min), x_max); a bound of None is none."""
    x = x if x_min is None else maximum(x, x_min)
    return x if x_max is None else minimum(x, x_max)


def isinf(x: Any) -> Any:
    """Return True where x is plus or minus infinity."""
    return equal(absolute(x), float("inf"))


def isfinite(x: Any) -> Any:
    """Return True where x is neither NaN nor infinite."""
    return less(absolute(x), float("inf"))


def stop_gradient(variable: Any) -> Any:
    """Return a value as it is, treated as a constant by gradients."""
    return stopped(variable)


stopped = _map("stop_gradient", lambda x: x, None, lambda w, x: x, "x, constant to gradients.",
               no_gradient="asked for")  # fmt: skip

OPS = (
    CAST, add, subtract, multiply, divide, floor_divide, mod, negative, absolute, sign,
    maximum, minimum, won, power_, square, reciprocal, sqrt_, rsqrt, exp, expm1, log, log1p,
    logaddexp, sigmoid, tanh, sin, cos, tan, arctan, arcsin, arccos, sinh, cosh, arcsinh,
    arccosh, arctanh, arctan2, floor, ceil, rint, trunc, equal, not_equal, less, less_equal,
    greater, greater_equal, logical_and_, logical_or_, logical_not_, bitwise_and, bitwise_or,
    bitwise_xor, isnan, select, philox, stopped,
)  # fmt: skip
