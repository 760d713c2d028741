"""Attention: each query takes the mean of values, weighed by how well their keys fit it."""

from __future__ import annotations

from typing import Any

from .. import activations, ops, random
from ..graph.errors import ArgumentError
from .attention_mask import causal_mask
from .layer import Layer
from .rate import checked_rate

#: What is taken off a masked score; Keras' number. A row without any True keeps its order.
_MASKED = 1e9


class Attention(Layer):
    """Means of values, weighed by the softmax of the products of queries and keys.

    output = softmax(scale query @ key^T) @ value

    Args:
        use_scale: whether the scores are multiplied by a trained number; default False.
        score_mode: "dot" (default) for products, or "concat" for w sum(tanh(query + key)).
        dropout: the share of weights to drop while training; default 0.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        [(batch, queries, n), (batch, values, m)] or with keys (batch, values, n) as a third
        -> (batch, queries, m), and the weights (batch, queries, values) if asked for

    Raises:
        ArgumentError: if score_mode is unknown, dropout outside [0, 1], or inputs are no list.

    Example:
        >>> x = ops.ones((1, 3, 2))
        >>> Attention()([x, x]).shape
        (1, 3, 2)

    Source: keras.layers.Attention; Luong et al., Effective approaches to attention-based neural
    machine translation (2015).
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: str = "dot",
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = self._place
        if score_mode not in ("dot", "concat"):
            raise ArgumentError(
                f"{place}, `score_mode`: got {score_mode!r}, expected 'dot' or 'concat'."
            )
        self.use_scale, self.score_mode = bool(use_scale), score_mode
        self.dropout = checked_rate(dropout, place, "dropout")
        self.seed = seed
        if self.dropout > 0:
            self.seed_generator = random.SeedGenerator(seed)
        self.scale: Any = None
        self.concat_score_weight: Any = None
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Make the number that scales the scores, and that of "concat"."""
        self._checked(input_shape)
        if self.use_scale:
            self.scale = self.add_weight((), "ones", name="scale")
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def call(
        self,
        inputs: Any,
        mask: Any = None,
        training: bool = False,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
    ) -> Any:
        """Return the means of values, and their weights if `return_attention_scores`.

        Args:
            inputs: [query, value] or [query, value, key].
            mask: [query_mask, value_mask], (batch, steps) each or None; default those carried.
            training: whether weights are dropped.
            return_attention_scores: whether the weights are returned too.
            use_causal_mask: whether a query sees the values up to its own step only.
        """
        query, value, *more = self._checked(inputs)
        masks = (None, None) if mask is None else self._checked(mask, "mask")
        scores = self._scores(query, more[0] if more else value)
        seen = None if masks[1] is None else ops.expand_dims(ops.cast(masks[1], "bool"), -2)
        if use_causal_mask:
            causal = causal_mask(scores.shape[-2], scores.shape[-1])
            seen = causal if seen is None else ops.logical_and(seen, causal)
        if seen is not None:
            scores = ops.where(seen, scores, ops.subtract(scores, _MASKED))
        weights = activations.softmax(scores, axis=-1)
        if training and self.dropout > 0:
            weights = random.dropout(weights, self.dropout, seed=self.seed_generator)
        output = ops.matmul(weights, value)
        if masks[0] is not None:
            counts = ops.expand_dims(ops.cast(masks[0], "bool"), -1)
            output = ops.where(counts, output, ops.zeros_like(output))
        return (output, weights) if return_attention_scores else output

    def _scores(self, query: Any, key: Any) -> Any:
        """Return how well each key fits each query: (batch, queries, values)."""
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return scores if self.scale is None else ops.multiply(scores, self.scale)
        sums = ops.add(ops.expand_dims(query, -2), ops.expand_dims(key, -3))
        if self.scale is not None:
            sums = ops.multiply(self.scale, sums)
        return ops.multiply(self.concat_score_weight, ops.sum(ops.tanh(sums), axis=-1))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the queries."""
        return None if previous_mask is None else self._checked(previous_mask, "mask")[0]

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the shape of the queries with the last size of the values."""
        return (*tuple(input_shape[0])[:-1], input_shape[1][-1])

    def _checked(self, values: Any, argument: str = "inputs") -> Any:
        if isinstance(values, (list, tuple)) and len(values) in (2, 3):
            return values
        parts = "query{0}, value{0}".format("_mask" if argument == "mask" else "")
        raise ArgumentError(
            f"{self._place}, `{argument}`: got {values!r:.60}, expected a "
            f"list [{parts}], or three with the key's."
        )
