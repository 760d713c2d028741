"""Attention by products of queries and keys, as one function."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, ShapeError
from .activation import softmax
from .contract import einsum
from .elementwise import add, cast, divide, logical_and, multiply, tanh, where
from .reduce import given

#: A masked score, below any other: a query that sees nothing takes the mean of all values.
_MASKED = -1e30


def dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    bias: Any = None,
    mask: Any = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Any:
    """Return means of values, weighed by softmax(scale query @ key^T + bias) over the values.

    Args:
        query: (batch, queries, heads, size).
        key, value: (batch, values, heads, size); the value's size may be another.
        bias: added to the scores, what broadcasts to (batch, heads, queries, values).
        mask: True where a query sees a value, of the same shape as the bias.
        scale: default 1 / sqrt(size).
        is_causal: whether a query sees the values up to its own step only.
        flash_attention: accepted; the values are the same without.
        attn_logits_soft_cap: bounds the products by cap * tanh(product / cap) before the bias;
            default None, no bound.

    Returns:
        (batch, queries, heads, size).

    Raises:
        ShapeError: if query, key or value have not four axes.
        ArgumentError: if the cap is no positive number.

    Example:
        >>> import numpy as np
        >>> x = np.ones((1, 3, 2, 4), "float32")
        >>> dot_product_attention(x, x, x).shape
        (1, 3, 2, 4)

    Source: keras.ops.dot_product_attention, whose cap is for TPUs alone.
    """
    query, key, value = given(query), given(key), given(value)
    shapes = [tuple(x.shape) for x in (query, key, value)]
    if any(len(shape) != 4 for shape in shapes):
        raise ShapeError(
            f"dot_product_attention: got query, key and value of shapes {shapes[0]}, {shapes[1]} "
            f"and {shapes[2]}, expected (batch, steps, heads, size) each."
        )
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = einsum("bknh,bqnh->bnqk", key, multiply(query, factor))
    if attn_logits_soft_cap is not None:
        cap = _checked_cap(attn_logits_soft_cap)
        scores = multiply(tanh(divide(scores, cap)), cap)
    if bias is not None:
        scores = add(scores, bias)
    seen = None if mask is None else cast(mask, "bool")
    if is_causal:
        back = np.tri(shapes[0][1], shapes[1][1], dtype=bool)
        seen = back if seen is None else logical_and(seen, back)
    if seen is not None:
        scores = where(seen, scores, _MASKED)
    return einsum("bnqk,bknh->bqnh", softmax(scores, axis=-1), value)


def _checked_cap(cap: Any) -> float:
    if isinstance(cap, bool) or not isinstance(cap, (int, float)) or not cap > 0:
        raise ArgumentError(
            f"dot_product_attention, `attn_logits_soft_cap`: got {cap!r}, expected a number above "
            "0, for instance 50.0, or None for no bound."
        )
    return float(cap)
