"""Functions of single numbers, composed of the primitive maps."""

from __future__ import annotations

from math import inf, log, pi
from typing import Any

import numpy as np

from ..graph.dtype import is_float
from ..graph.errors import ArgumentError, DTypeError, ShapeError, TraceError
from ..graph.function import takes
from ..graph.node import Node, cast
from ..graph.structure import flatten, packed, paths
from ..graph.whole import whole
from .elementwise import (
    absolute,
    add,
    common,
    divide,
    equal,
    exp,
    floor_divide,
    greater,
    isnan,
    less,
    less_equal,
    log_2,
    logaddexp,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    mod,
    multiply,
    negative,
    not_equal,
    power_,
    reciprocal,
    rint,
    sign,
    sin,
    sqrt_,
    square,
    subtract,
    where,
)  # fmt: skip
from .elementwise import log as log_e
from .reduce import all as all_
from .reduce import any as any_
from .reduce import floats, given
from .reshape import expand_dims, reshape

# --- exponentials and roots ---------------------------------------------------------------------


def log2(x: Any) -> Any:
    """Return the logarithm to base 2."""
    return divide(log_e(x), log_2)


def log10(x: Any) -> Any:
    """Return the logarithm to base 10."""
    return divide(log_e(x), log(10.0))


def exp2(x: Any) -> Any:
    """Return 2 to the power of x."""
    return exp(multiply(x, log_2))


def logaddexp2(x1: Any, x2: Any) -> Any:
    """Return log2(2**x1 + 2**x2) without overflow."""
    return divide(logaddexp(multiply(x1, log_2), multiply(x2, log_2)), log_2)


def cbrt(x: Any) -> Any:
    """Return the cube root, negative for a negative x."""
    # Not sign(x), whose 0 would make the slope at 0 NaN.
    return multiply(where(less(x, 0), -1.0, 1.0), power_(absolute(x), 1 / 3))


def hypot(x1: Any, x2: Any) -> Any:
    """Return sqrt(x1**2 + x2**2) without overflow of the squares."""
    a, b = (absolute(floats(x)) for x in common(x1, x2))
    top = maximum(a, b)
    low = minimum(a, b)
    finite = logical_and(greater(top, 0), less(top, inf))
    ratio = where(equal(low, inf), 0.0, divide(low, where(finite, top, 1.0)))
    return multiply(top, sqrt_(add(1.0, square(ratio))))


def sinc(x: Any) -> Any:
    """Return sin(pi x) / (pi x), and 1 at 0."""
    angle = multiply(x, pi)
    zero = equal(angle, 0.0)
    safe = where(zero, 1.0, angle)
    return where(zero, 1.0, divide(sin(safe), safe))


def deg2rad(x: Any) -> Any:
    """Return degrees as radians."""
    return multiply(x, pi / 180)


def rad2deg(x: Any) -> Any:
    """Return radians as degrees."""
    return multiply(x, 180 / pi)


# --- rounding and parts -------------------------------------------------------------------------


def round(x: Any, decimals: int = 0) -> Any:
    """Return x rounded to a number of decimals, ties to even."""
    x, decimals = given(x), whole("round, `decimals`", decimals)
    real = is_float(str(x.dtype))
    if decimals == 0 or not (real or decimals < 0):
        return rint(x)
    factor = 10.0**decimals
    rounded = divide(rint(multiply(x, factor)), factor)
    return rounded if real else cast(rint(rounded), x.dtype)


def fmod(x1: Any, x2: Any) -> Any:
    """Return the remainder of x1 / x2 with the sign of x1."""
    x1, x2 = common(x1, x2)
    if is_float(str(x1.dtype)):
        return multiply(sign(x1), mod(absolute(x1), absolute(x2)))
    # The least whole number has no absolute value: what mod rounded down is taken back.
    rest = mod(x1, x2)
    apart = logical_and(not_equal(rest, 0), not_equal(less(x1, 0), less(x2, 0)))
    return where(apart, subtract(rest, x2), rest)


def divide_no_nan(x1: Any, x2: Any) -> Any:
    """Return x1 / x2, and 0 where x2 is 0."""
    zero = equal(x2, 0)
    return where(zero, 0.0, divide(x1, where(zero, 1, x2)))


def heaviside(x1: Any, x2: Any) -> Any:
    """Return 0 where x1 < 0, x2 where it is 0, 1 where it is greater, NaN where it is NaN."""
    above = where(isnan(x1), x1, 1.0)
    return where(less(x1, 0), 0.0, where(equal(x1, 0), x2, above))


def signbit(x: Any) -> Any:
    """Return True where x is less than 0, or is -0.0."""
    x = given(x)
    return less(where(equal(x, 0), reciprocal(x), x) if is_float(str(x.dtype)) else x, 0)


def fmax(x1: Any, x2: Any) -> Any:
    """Return the larger of x1 and x2; a number wins over NaN."""
    return where(isnan(x1), x2, where(isnan(x2), x1, maximum(x1, x2)))


def fmin(x1: Any, x2: Any) -> Any:
    """Return the smaller of x1 and x2; a number wins over NaN."""
    return where(isnan(x1), x2, where(isnan(x2), x1, minimum(x1, x2)))


def nan_to_num(
    x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """Return x with NaN replaced by 0 and infinities by the largest finite numbers of its type."""
    x = given(x)
    if not is_float(str(x.dtype)):
        return x
    top = float(np.finfo(str(x.dtype)).max)
    x = where(isnan(x), nan, x)
    x = where(equal(x, inf), top if posinf is None else posinf, x)
    return where(equal(x, -inf), -top if neginf is None else neginf, x)


# --- tests --------------------------------------------------------------------------------------


def isposinf(x: Any) -> Any:
    """Return True where x is plus infinity."""
    return equal(x, inf)


def isneginf(x: Any) -> Any:
    """Return True where x is minus infinity."""
    return equal(x, -inf)


def isclose(
    x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Return True where |x1 - x2| <= atol + rtol * |x2|, or both are the same infinity."""
    x, y = map(floats, common(x1, x2))
    finite = less(absolute(y), inf)
    near = less_equal(absolute(subtract(x, y)), add(atol, multiply(rtol, absolute(y))))
    close = logical_or(equal(x, y), logical_and(finite, near))
    if equal_nan:
        close = logical_or(close, logical_and(isnan(x), isnan(y)))
    return close


def allclose(
    x1: Any, x2: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Any:
    """Return whether `isclose` holds everywhere."""
    return all_(isclose(x1, x2, rtol, atol, equal_nan))


def array_equal(x1: Any, x2: Any) -> Any:
    """Return whether both arrays have one shape and the same elements."""
    x, y = given(x1), given(x2)
    if tuple(x.shape) != tuple(y.shape):
        return cast(False, "bool")
    return all_(equal(x, y))


def isin(x1: Any, x2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    """Return True where an element of x1 is among those of x2, or is not if `invert`.

    `assume_unique` makes no difference.
    """
    found = any_(equal(expand_dims(given(x1), -1), reshape(given(x2), (-1,))), -1)
    return logical_not(found) if invert else found


# --- whole numbers ------------------------------------------------------------------------------


def bitwise_not(x: Any) -> Any:
    """Return whole numbers with every bit turned; of bools, not x."""
    x = _whole("bitwise_not, `x`", x)
    return logical_not(x) if str(x.dtype) == "bool" else negative(add(x, 1))


def left_shift(x: Any, y: Any) -> Any:
    """Return whole numbers times 2**y."""
    x, y = _shifted("left_shift", x, y)
    return multiply(x, power_(cast(2, x.dtype), y))


def right_shift(x: Any, y: Any) -> Any:
    """Return whole numbers divided by 2**y, rounded down."""
    x, y = _shifted("right_shift", x, y)
    y = minimum(y, np.iinfo(str(x.dtype)).bits)  # which leaves no bit already
    half = floor_divide(y, 2)
    for part in (half, subtract(y, half)):  # 2**31 is no int32, so it takes two steps
        x = floor_divide(x, power_(cast(2, x.dtype), part))
    return x


def _shifted(place: str, x: Any, y: Any) -> tuple[Any, Any]:
    """Return whole numbers, bools as int32, and by how much they move."""
    x, y = _whole(f"{place}, `x`", x), _whole(f"{place}, `y`", y)
    return cast(x, "int32") if str(x.dtype) == "bool" else x, y


def _whole(place: str, x: Any) -> Any:
    x = given(x)
    if is_float(str(x.dtype)):
        raise DTypeError(
            f"{place}: got {x.dtype}, expected whole numbers. Cast them first, for instance to "
            "'int32'."
        )
    return x


# --- choice -------------------------------------------------------------------------------------


def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Return, element by element, the choice of the first condition that holds, else `default`."""
    if len(condlist) != len(choicelist):
        raise ArgumentError(
            f"select, `choicelist`: got {len(choicelist)} choices for {len(condlist)} conditions, "
            "expected one for each."
        )
    result = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = where(condition, choice, result)
    return result


def cond(pred: Any, true_fn: Any, false_fn: Any) -> Any:
    """Return true_fn() where `pred` holds, else false_fn(). Both are computed in a traced step."""
    yes, no = takes(true_fn, "cond, `true_fn`")(), takes(false_fn, "cond, `false_fn`")()
    return _either("cond", pred, yes, no)


def _either(place: str, pred: Any, yes: Any, no: Any) -> Any:
    """Return what `yes` holds where `pred` does, else what `no` holds, in the form of `yes`."""
    forms = [paths(yes), paths(no)]
    if forms[0] != forms[1]:
        raise ArgumentError(
            f"{place}: one function returns {len(forms[0])} values, another {len(forms[1])}, or in "
            "another form. Let all return as many, in lists or dicts of one form."
        )
    try:
        chosen = [where(pred, a, b) for a, b in zip(flatten(yes), flatten(no), strict=True)]
    except ShapeError as error:
        raise ShapeError(
            f"{place}: what the functions return is chosen from after both were computed, so it "
            f"must have one shape. {error}"
        ) from None
    return packed(yes, chosen)


def fori_loop(lower: int, upper: int, body_fun: Any, init_val: Any) -> Any:
    """Return the value after `value = body_fun(i, value)` for each i; written out in a step."""
    value = init_val
    takes(body_fun, "fori_loop, `body_fun`", "i", "value")
    for name, bound in (("lower", lower), ("upper", upper)):
        if isinstance(bound, Node):
            raise TraceError(
                f"fori_loop, `{name}`: got a traced value, but a step has the loop written out, as "
                "often as is known before it runs. Give an int, or loop over a fixed number and "
                "keep values by ranvier.ops.where."
            )
    for i in range(int(lower), int(upper)):
        value = body_fun(i, value)
    return value


def switch(index: Any, branches: Any, *operands: Any) -> Any:
    """Return branches[index](*operands). All branches are computed in a traced step."""
    names = [f"operand_{i + 1}" for i in range(len(operands))]
    results = [takes(branch, "switch, `branches`", *names)(*operands) for branch in branches]
    if not results:
        raise ArgumentError("switch, `branches`: got none. Give a list of functions.")
    chosen = results[-1]
    for i in range(len(results) - 2, -1, -1):
        chosen = _either("switch", less_equal(index, i), results[i], chosen)
    return chosen


def ldexp(x1: Any, x2: Any) -> Any:
    """Return x1 * 2**x2, of whole numbers x2."""
    return multiply(x1, power_(2.0, _whole("ldexp, `x2`", x2)))
