"""AdditiveAttention: scores from sums of queries and keys instead of products."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ShapeError
from .attention import Attention


class AdditiveAttention(Attention):
    """Means of values, weighed by the softmax of sum(scale tanh(query + key)).

    Args:
        use_scale: whether each feature has a trained weight in the sum; default True.
        dropout: the share of weights to drop while training; default 0.
        seed: an int for the same masks on each run; default None.
        **kwargs: name, dtype, trainable.

    Shape:
        [(batch, queries, n), (batch, values, n)] or with keys (batch, values, n) as a third
        -> (batch, queries, n), and the weights (batch, queries, values) if asked for

    Raises:
        ArgumentError: if dropout lies outside [0, 1], or inputs are no list.

    Example:
        >>> x = ops.ones((1, 3, 2))
        >>> AdditiveAttention()([x, x]).shape
        (1, 3, 2)

    Source: keras.layers.AdditiveAttention; Bahdanau et al., Neural machine translation by jointly
    learning to align and translate (2015).
    """

    def __init__(
        self,
        use_scale: bool = True,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(use_scale=use_scale, dropout=dropout, seed=seed, **kwargs)

    def build(self, input_shape: Any) -> None:
        """Make the weight of each feature."""
        size = self._checked(input_shape)[0][-1]
        if size is None:
            raise ShapeError(
                f"AdditiveAttention '{self.name}': the last axis of its query is open, but it "
                "says how many weights to make. Give Input its size."
            )
        if self.use_scale:
            self.scale = self.add_weight((size,), "glorot_uniform", name="scale")

    def _scores(self, query: Any, key: Any) -> Any:
        parts = ops.tanh(ops.add(ops.expand_dims(query, -2), ops.expand_dims(key, -3)))
        if self.scale is not None:
            parts = ops.multiply(self.scale, parts)
        return ops.sum(parts, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments the layer was made with; it has one way to score."""
        return {k: v for k, v in super().get_config().items() if k != "score_mode"}
