"""Activations as ops: relu is an op of its own for its slope at 0; the rest is composed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.op import Op
from .elementwise import _same, divide, exp, greater, stop_gradient, subtract, where
from .reduce import given, logsumexp, max, sum

relu = Op("relu", "map", _same, lambda x: np.where(x < 0, np.zeros((), x.dtype), x),
          lambda g, out, x: (where(greater(out, 0.0), g, 0.0),), "",
          lambda w, x: w.select(w.lt(x, w.const(0, x)), w.const(0, x), x), "same",
          "x where it is positive, 0 elsewhere; the slope at 0 is 0, NaN stays NaN.")  # fmt: skip


def softmax(x: Any, axis: int = -1) -> Any:
    """Return exp(x) / sum(exp(x)) over `axis`; the largest x is taken out first."""
    x = given(x)
    e = exp(subtract(x, stop_gradient(max(x, axis, keepdims=True))))
    return divide(e, sum(e, axis, keepdims=True))


def log_softmax(x: Any, axis: int = -1) -> Any:
    """Return x - log(sum(exp(x))) over `axis`, without overflow."""
    x = given(x)
    return subtract(x, logsumexp(x, axis, keepdims=True))


OPS = (relu,)
