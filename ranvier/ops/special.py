"""The error function and its inverse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import pi, sqrt
from typing import Any

import numpy as np

from .elementwise import exp, float_map, multiply, negative, square, subtract


def _erf_eval(x: np.ndarray) -> np.ndarray:
    return np.vectorize(math.erf, otypes=[x.dtype])(x) if x.size else x


erf = float_map("erf", _erf_eval,
                lambda g, out, x: (multiply(g, multiply(2 / sqrt(pi), exp(negative(square(x))))),),
                lambda w, x: w.erf(x),
                "The error function, 2 / sqrt(pi) times the integral of exp(-t * t) to x."
                )  # fmt: skip


def erfc(x: Any) -> Any:
    """Return 1 - erf(x)."""
    return subtract(1.0, erf(x))


#: Polynomials in w = -log(1 - x * x), highest power first: where w < 5 in w - 2.5, beyond it in
#: sqrt(w) - 3 (Giles, table 5).
ERFINV_CENTRE = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
    -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
)  # fmt: skip
_TAIL = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
    -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
)  # fmt: skip


def _erfinv_eval(x: np.ndarray) -> np.ndarray:
    v = np.asarray(x, np.float64)
    w = -np.log((1 - v) * (1 + v))
    far = np.minimum(np.where(w < 5, 9, w), 100)
    y = v * np.where(w < 5, np.polyval(ERFINV_CENTRE, w - 2.5), np.polyval(_TAIL, np.sqrt(far) - 3))
    for _ in range(2):
        y = y - (_erf_eval(y) - v) * (sqrt(pi) / 2) * np.exp(y * y)
    return np.where(np.abs(v) == 1, v * np.inf, y).astype(x.dtype)


def _erfinv_scalar(w: Any, x: Any) -> Any:
    one = w.const(1, x)
    at = w.neg(w.log(w.mul(w.sub(one, x), w.add(one, x))))
    near = w.lt(at, w.const(5, x))
    centre = horner(w, ERFINV_CENTRE, w.sub(at, w.const(2.5, x)))
    tail = horner(w, _TAIL, w.sub(w.sqrt(at), w.const(3, x)))
    y = w.mul(x, w.select(near, centre, tail))
    # The polynomials are exact to float32; two of Newton's steps bring float64 to the last places.
    for _ in range(2 if x.dtype == "float64" else 0):
        miss = w.mul(w.sub(w.erf(y), x), w.const(sqrt(pi) / 2, x))
        y = w.sub(y, w.mul(miss, w.exp(w.mul(y, y))))
    edge = w.eq(w.abs(x), one)
    return w.select(edge, w.mul(x, w.const(math.inf, x)), y)


def horner(w: Any, coefficients: Sequence[float], x: Any) -> Any:
    """Return a polynomial of x by Horner's rule, highest power first."""
    total = w.const(coefficients[0], x)
    for c in coefficients[1:]:
        total = w.add(w.mul(total, x), w.const(c, x))
    return total


erfinv = float_map("erfinv", _erfinv_eval,
                   lambda g, out, x: (multiply(g, multiply(sqrt(pi) / 2, exp(square(out)))),),
                   _erfinv_scalar,
                   "The number whose error function is x, for x from -1 to 1.\n\nSource: Giles, "
                   "Approximating the erfinv function (GPU Computing Gems, 2011).")  # fmt: skip

OPS = (erf, erfinv)
