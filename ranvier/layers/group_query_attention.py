"""GroupQueryAttention: heads of queries in groups that share a head of keys and values."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError, ShapeError
from ..graph.naming import auto_name
from .headed_attention import HeadedAttention


class GroupQueryAttention(HeadedAttention):
    """Means of values with weights of several heads, where heads share their keys and values.

    head_i = softmax(q_i @ k_j^T / sqrt(head_dim)) @ v_j, j = i // (num_query_heads /
    num_key_value_heads); the output is a projection of all heads. One head of keys for all queries
    is multi-query attention, as many as queries is MultiHeadAttention.

    Args:
        head_dim: size of each projected query, key and value.
        num_query_heads: how many heads of queries.
        num_key_value_heads: how many heads of keys and values; it divides num_query_heads.
        dropout: the share of weights to drop while training; default 0.
        use_bias: whether the projections have biases; default True.
        sliding_window: how far a query sees, itself included, to both sides; default everywhere.
        flash_attention: accepted; the values are the same without.
        kernel_initializer: default "glorot_uniform".
        bias_initializer: default "zeros".
        kernel_regularizer, bias_regularizer: penalties added to the loss.
        activity_regularizer: a penalty on the outputs of each projection and of the layer.
        kernel_constraint, bias_constraint: applied after each update.
        use_gate: whether the heads are multiplied by a sigmoid of a projected query.
        seed: an int for the same dropped weights on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, queries, n), (batch, values, m) -> (batch, queries, n), and the weights
        (batch, num_query_heads, queries, values) if asked for

    Raises:
        ArgumentError: if a count is no positive int or does not divide, or dropout is outside
            [0, 1].
        ShapeError: if query, value and key do not fit each other.

    Example:
        >>> x = ops.ones((1, 3, 4))
        >>> GroupQueryAttention(5, num_query_heads=4, num_key_value_heads=2)(x, x).shape
        (1, 3, 4)

    Source: keras.layers.GroupQueryAttention; Ainslie et al., GQA: training generalized multi-query
    transformer models from multi-head checkpoints (2023).
    """

    #: Keras' class has another name than its public one.
    _word_in_files = "GroupedQueryAttention"
    _told = ("head_dim", "num_query_heads", "num_key_value_heads")

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
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
        if kwargs.get("name") is None:
            kwargs["name"] = auto_name(self._word_in_files)
        super().__init__(
            dropout, use_bias, sliding_window, use_gate, seed, activity_regularizer,
            {"kernel_initializer": kernel_initializer, "kernel_regularizer": kernel_regularizer,
             "kernel_constraint": kernel_constraint, "bias_initializer": bias_initializer,
             "bias_regularizer": bias_regularizer, "bias_constraint": bias_constraint},
            **kwargs,
        )  # fmt: skip
        self.activity_regularizer = self._on_projections
        self.head_dim = self._count("head_dim", head_dim)
        self.num_query_heads = self._count("num_query_heads", num_query_heads)
        self.num_key_value_heads = self._count("num_key_value_heads", num_key_value_heads)
        self.num_repeats, rest = divmod(self.num_query_heads, self.num_key_value_heads)
        if rest:
            raise ArgumentError(
                f"GroupQueryAttention '{self.name}', `num_key_value_heads`: got "
                f"{num_key_value_heads}, expected a divisor of num_query_heads={num_query_heads}."
            )

    def build(  # type: ignore[override]
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> None:
        """Make the projections of query, key, value and output."""
        key_shape = value_shape if key_shape is None else key_shape
        self.compute_output_shape(query_shape, value_shape, key_shape)
        heads = (self.num_query_heads, self.head_dim)
        shared = (self.num_key_value_heads, self.head_dim)
        into = "bsm,mnh->bsnh"
        self._query_dense = self._dense("query", query_shape, into, heads)
        self._key_dense = self._dense("key", key_shape, into, shared)
        if self.use_gate:
            self._gate_dense = self._dense("gate", query_shape, into, heads, "sigmoid")
        self._value_dense = self._dense("value", value_shape, into, shared)
        self._prepare_weights()
        self._output_dense = self._dense(
            "attention_output", (*tuple(query_shape)[:-1], *heads), "bsnh,nhm->bsm",
            (query_shape[-1],),
        )  # fmt: skip

    def _projected(self, query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
        key, value = self._key_dense(key), self._value_dense(value)
        if self.num_repeats > 1:
            key, value = (ops.repeat(x, self.num_repeats, axis=2) for x in (key, value))
        return self._query_dense(query), key, value

    def _joined(self, heads: Any) -> Any:
        return self._output_dense(heads)

    def compute_output_shape(  # type: ignore[override]
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> tuple[int | None, ...]:
        """Return the query's shape."""
        key_shape = value_shape if key_shape is None else key_shape
        shapes = [tuple(s) for s in (query_shape, value_shape, key_shape)]
        if any(len(s) != 3 for s in shapes) or shapes[1][1] != shapes[2][1]:
            raise ShapeError(
                f"GroupQueryAttention '{self.name}': got query, value and key of shapes "
                f"{shapes[0]}, {shapes[1]} and {shapes[2]}, expected (batch, steps, features) "
                "each, value and key of as many steps."
            )
        return shapes[0]
