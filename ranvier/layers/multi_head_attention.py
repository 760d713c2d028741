"""MultiHeadAttention: several attentions side by side, each on projections of its own."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, ShapeError
from ..graph.mask import drop_mask, mask_of
from .headed_attention import HeadedAttention


class MultiHeadAttention(HeadedAttention):
    """Means of values with weights of several heads, projected back to one.

    head_i = softmax(q_i @ k_i^T / sqrt(key_dim)) @ v_i, where q_i, k_i and v_i are projections of
    query, key and value; the output is a projection of all heads.

    Args:
        num_heads: how many heads, a positive int.
        key_dim: size of the projected queries and keys of a head.
        value_dim: size of the projected values of a head; default key_dim.
        dropout: the share of weights to drop while training; default 0.
        use_bias: whether the projections have biases; default True.
        output_shape: last sizes of the output, an int or several; default the query's.
        attention_axes: axes to attend over; default all but batch and features.
        sliding_window: how far a query sees, itself included, to both sides; default everywhere.
        flash_attention: accepted; the values are the same without.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the output of each projection.
        kernel_constraint, bias_constraint: applied after each update.
        use_gate: whether the heads are multiplied by a sigmoid of a projected query.
        seed: an int for the same dropped weights on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, queries, n), (batch, values, m) -> (batch, queries, n), and the weights
        (batch, num_heads, queries, values) if asked for

    Raises:
        ArgumentError: if a count is no positive int, or dropout outside [0, 1].
        ShapeError: if value and key have other sizes but for the last.

    Example:
        >>> x = np.ones((1, 3, 4), "float32")
        >>> MultiHeadAttention(num_heads=2, key_dim=5)(x, x).shape
        (1, 3, 4)

    As in Keras, query, value and key carry no mask any more after a call, so that a sum of query
    and output has none; the output carries the query's.

    Source: keras.layers.MultiHeadAttention; Vaswani et al., Attention is all you need (2017).
    """

    _told = ("num_heads", "key_dim", "value_dim", "attention_axes")

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            dropout, use_bias, sliding_window, use_gate, seed, activity_regularizer,
            {"kernel_initializer": kernel_initializer, "kernel_regularizer": kernel_regularizer,
             "kernel_constraint": kernel_constraint, "bias_initializer": bias_initializer,
             "bias_regularizer": bias_regularizer, "bias_constraint": bias_constraint},
            **kwargs,
        )  # fmt: skip
        self.num_heads = self._count("num_heads", num_heads)
        self.key_dim = self._count("key_dim", key_dim)
        self.value_dim = self.key_dim if value_dim is None else self._count("value_dim", value_dim)
        self._sizes = self._several("output_shape", output_shape)
        self.attention_axes = self._several("attention_axes", attention_axes)

    def _several(self, argument: str, value: Any) -> tuple[int, ...] | None:
        if value is None:
            return None
        values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        if not all(isinstance(v, (int, np.integer)) for v in values):
            raise ArgumentError(
                f"MultiHeadAttention '{self.name}', `{argument}`: got {value!r}, expected an int "
                "or several."
            )
        return tuple(int(v) for v in values) or None

    def build(  # type: ignore[override]
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> None:
        """Make the projections of query, key, value and output."""
        key_shape = value_shape if key_shape is None else key_shape
        self._check(value_shape, key_shape)
        heads, value = (self.num_heads, self.key_dim), (self.num_heads, self.value_dim)
        into = [_product(len(s), 1, 2) for s in (query_shape, key_shape, value_shape)]
        self.query_dense = self._dense("query", query_shape, into[0], heads)
        self.key_dense = self._dense("key", key_shape, into[1], heads)
        if self.use_gate:
            self._gate_dense = self._dense("gate", query_shape, into[0], value, "sigmoid")
        self.value_dense = self._dense("value", value_shape, into[2], value)
        rank = len(query_shape)
        self._axes = tuple(
            a if a >= 0 else rank + a for a in self.attention_axes or range(1, rank - 1)
        )
        self._prepare_weights(len(self._axes))
        sizes = self._sizes or (query_shape[-1],)
        self.output_dense = self._dense(
            "attention_output", (*tuple(query_shape)[:-1], *value),
            _product(rank + 1, 2, len(sizes)), sizes,
        )  # fmt: skip

    def _check(self, value_shape: Any, key_shape: Any) -> None:
        if tuple(value_shape)[1:-1] != tuple(key_shape)[1:-1]:
            raise ShapeError(
                f"MultiHeadAttention '{self.name}': got a value of shape {tuple(value_shape)} and "
                f"a key of shape {tuple(key_shape)}, expected equal sizes but for the last."
            )

    def _taken_mask(self, query: Any, value: Any, key: Any, given: Any) -> Any:
        """Return the mask that the query carries: as in Keras, none that is given counts."""
        mask = mask_of(query)
        for x in (query, value, key):
            drop_mask(x)
        return mask

    def _projected(self, query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
        return self.query_dense(query), self.key_dense(key), self.value_dense(value)

    def _joined(self, heads: Any) -> Any:
        return self.output_dense(heads)

    def _equations(self, rank: int) -> tuple[str, str]:
        return _equations(rank, self._axes)

    def compute_output_shape(  # type: ignore[override]
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> tuple[int | None, ...]:
        """Return the query's shape, with `output_shape` in place of its last size."""
        self._check(value_shape, value_shape if key_shape is None else key_shape)
        return (*tuple(query_shape)[:-1], *(self._sizes or tuple(query_shape)[-1:]))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments the layer was made with, as plain data."""
        return {**super().get_config(), "output_shape": self._sizes}


def _product(rank: int, bound: int, new: int) -> str:
    """Return the equation that sums over the last `bound` axes of `rank`, to `new` ones.

    Example:
        >>> _product(3, 1, 2)
        'abc,cde->abde'
    """
    letters = string.ascii_lowercase[: rank + new]
    return f"{letters[:rank]},{letters[rank - bound :]}->{letters[: rank - bound]}{letters[rank:]}"


def _equations(rank: int, axes: Sequence[int]) -> tuple[str, str]:
    """Return how keys and queries become scores, and how weights and values become means.

    Example:
        >>> _equations(4, (1,))
        ('aecd,abcd->acbe', 'acbe,aecd->abcd')
    """
    letters = iter(string.ascii_lowercase[rank:])
    query = list(string.ascii_lowercase[:rank])
    key = [next(letters) if i in axes else c for i, c in enumerate(query)]
    kept = [query[i] for i in range(rank - 1) if i not in axes]
    scores = "".join(kept + [query[i] for i in axes] + [key[i] for i in axes])
    return (
        f"{''.join(key)},{''.join(query)}->{scores}",
        f"{scores},{''.join(key)}->{''.join(query)}",
    )
