"""CategoryEncoding: indices as vectors."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from .encoding import checked_mode, encode
from .layer import Layer
from .preparation import no_sparse

_MODES = ("multi_hot", "one_hot", "count")


class CategoryEncoding(Layer):
    """Vectors of `num_tokens` numbers for indices 0 <= index < num_tokens.

    Args:
        num_tokens: length of the vectors. Indices outside of it leave no trace.
        output_mode: "multi_hot" (default) which indices a row holds; "count" how often; "one_hot"
            a vector an index.
        sparse: must be False.
        **kwargs: name, trainable, dtype.

    Shape: (rows, n) -> (rows, num_tokens); with "one_hot" (rows,) or (rows, 1) ->
        (rows, num_tokens), (rows, n) -> (rows, n, num_tokens).
    Raises:
        ArgumentError: for num_tokens below 1, or count_weights in another mode than "count".

    Example:
        >>> CategoryEncoding(num_tokens=4)([[0, 1], [0, 0], [3, 1]])
        array([[1., 1., 0., 0.],
               [1., 0., 0., 0.],
               [0., 1., 0., 1.]], dtype=float32)

    Source: keras.layers.CategoryEncoding.
    """

    def __init__(
        self,
        num_tokens: int | None = None,
        output_mode: str = "multi_hot",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = f"CategoryEncoding '{self.name}'"
        if not isinstance(num_tokens, int) or num_tokens < 1:
            raise ArgumentError(
                f"{place}, `num_tokens`: got {num_tokens!r}, expected a positive int. Use "
                "IntegerLookup where the number of tokens is not known beforehand."
            )
        self.output_mode = checked_mode(output_mode, _MODES, place)
        self.num_tokens, self.sparse = num_tokens, no_sparse(sparse, place)

    def call(self, inputs: Any, count_weights: Any = None) -> Any:
        """Return a vector a row (or an index), with indices counted by their weights."""
        if count_weights is not None and self.output_mode != "count":
            raise ArgumentError(
                f"CategoryEncoding '{self.name}', `count_weights`: they go with "
                "output_mode='count' only."
            )
        if count_weights is not None:
            count_weights = ops.cast(count_weights, self.compute_dtype)
        return encode(inputs, self.output_mode, self.num_tokens, self.compute_dtype, count_weights)
