"""The normal distribution's quantile function, in words that arrays and traced values share."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..ops.special import ERFINV_CENTRE

# Wichura, Algorithm AS 241 (Applied Statistics 37, 1988), PPND16, highest power first: numerator
# and denominator for |q| <= 0.425, then for the tails up to 5 standard deviations.
_A = (
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
    1.3314166789178437745e2, 3.3871328727963666080,
)  # fmt: skip
_B = (
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
    2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
    4.2313330701600911252e1, 1.0,
)  # fmt: skip
_C = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
    4.63033784615654529590, 1.42343711074968357734,
)  # fmt: skip
_D = (
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
    2.05319162663775882187, 1.0,
)  # fmt: skip

#: erf(2 / sqrt(2)): how much of a normal distribution lies within two standard deviations.
WITHIN_TWO = 0.9544997361036416


def within_two(u: Any) -> Any:
    """Return normal values truncated at -2 and 2, from uniform values in [0, 1).

    x = sqrt(2) erfinv((2 u - 1) erf(sqrt(2))). float32 has an error below 1e-6, float64 below
    4e-15, and no value lies outside.

    Args:
        u: float32 or float64, an array or a traced value.
    """
    words: Any = np if isinstance(u, np.ndarray) else ops
    if str(u.dtype) == "float32":
        x = (u - 0.5) * (2 * WITHIN_TWO)
        w = -words.log((1.0 - x) * (1.0 + x)) - 2.5
        value = x * _polynomial(ERFINV_CENTRE, w) * 2**0.5
    else:
        q = (u - 0.5) * WITHIN_TWO
        r = 0.180625 - q * q
        middle = q * _polynomial(_A, r) / _polynomial(_B, r)
        t = words.sqrt(-words.log(0.5 - abs(q))) - 1.6
        tail = _polynomial(_C, t) / _polynomial(_D, t)
        value = words.where(abs(q) <= 0.425, middle, words.where(q < 0.0, -tail, tail))
    return words.minimum(words.maximum(value, -2.0), 2.0)


def _polynomial(factors: tuple[float, ...], x: Any) -> Any:
    value: Any = x * factors[0] + factors[1]
    for factor in factors[2:]:
        if isinstance(value, np.ndarray):
            value *= x
            value += factor
        else:
            value = value * x + factor
    return value
