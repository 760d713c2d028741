"""HeadedAttention: what the layers of attention with heads share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import activations, ops, regularizers
from ..graph.mask import drop_mask
from ..graph.whole import whole
from .attention_mask import causal_mask, joined_mask, window_mask
from .description import plain
from .dropout import Dropout
from .einsum_dense import EinsumDense
from .layer import Layer
from .rate import checked_rate
from .rules import rule_of
from .softmax import Softmax

#: A masked score before the softmax, below any other.
_MASKED = -1e30


class HeadedAttention(Layer):
    """Means of values with weights of several heads; subclasses project in and out.

    A subclass makes its projections in `build`, and gives `_projected` and `_joined`.

    Args:
        rules: initializers, regularizers and constraints by the names of their arguments.
        **kwargs: name, dtype, trainable; for the others see the subclasses.
    """

    #: The arguments that a config lists, but for those of weights.
    _told: tuple[str, ...] = ()

    #: The projection of the gate; `build` of a subclass makes it.
    _gate_dense: EinsumDense

    def __init__(
        self,
        dropout: float,
        use_bias: bool,
        sliding_window: int | None,
        use_gate: bool,
        seed: int | None,
        activity_regularizer: Any,
        rules: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.sliding_window = (
            None if sliding_window is None else self._count("sliding_window", sliding_window)
        )
        self.dropout = checked_rate(dropout, self._place, "dropout")
        self.use_bias, self.use_gate, self.seed = bool(use_bias), bool(use_gate), seed
        self._rules = {name: rule_of(name, given) for name, given in rules.items()}
        self._on_projections = regularizers.get(activity_regularizer)
        self.supports_masking = True

    def _count(self, argument: str, value: Any) -> int:
        name = f"{self._place}, `{argument}`"
        return whole(name, value, 1, f"For instance {argument}=8.")

    # --- weights ----------------------------------------------------------------------------
    def _dense(
        self, name: str, shape: Any, equation: str, sizes: Sequence[int], activation: Any = None
    ) -> EinsumDense:
        """Return a projection, built; its bias has all new axes."""
        _, kernel, outputs = equation.replace("->", ",").split(",")
        free = (None,) * (len(outputs) - 1 - len(sizes))
        layer = EinsumDense(
            equation, (*free, *sizes), activation,
            "".join(c for c in outputs if c in kernel) if self.use_bias else None,
            **self._rules, name=name, dtype=self.dtype_policy,
            activity_regularizer=self._on_projections,
        )  # fmt: skip
        layer.supports_masking = True  # nothing to warn of: masks count in the weights
        layer.build(shape)
        return layer

    def _prepare_weights(self, axes: int = 1) -> None:
        """Make the softmax over the last axes of the scores, and what drops them."""
        self._attended = axes
        self._softmax = Softmax(axis=tuple(range(-axes, 0)), dtype=self.dtype_policy)
        self._dropout_layer = Dropout(self.dropout, seed=self.seed, dtype=self.dtype_policy)

    # --- calling ----------------------------------------------------------------------------
    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: Any = None,
        use_causal_mask: bool = False,
    ) -> Any:
        """Return the projected means, and their weights if `return_attention_scores`.

        Args:
            query, value, key: (batch, steps, features); the key is the value by default.
            query_mask: (batch, queries), True where it counts; default the one carried.
            value_mask, key_mask: (batch, values); default those carried.
            attention_mask: (batch, queries, values), or what broadcasts to it.
            return_attention_scores: whether the weights are returned too.
            training: whether weights are dropped.
            use_causal_mask: whether a query sees the values up to its own step only.
        """
        key = value if key is None else key
        mask = joined_mask(
            self._taken_mask(query, value, key, query_mask), (value_mask, key_mask),
            self._bands(query.shape[1], value.shape[1], use_causal_mask), attention_mask,
        )  # fmt: skip
        gate = self._gate_dense(query) if self.use_gate else None
        heads, weights = self._attend(
            *self._projected(query, key, value), mask, training, bool(return_attention_scores)
        )
        output = self._joined(heads if gate is None else ops.multiply(heads, gate))
        return (output, weights) if return_attention_scores else output

    def _taken_mask(self, query: Any, value: Any, key: Any, given: Any) -> Any:
        """Return the mask of the queries."""
        return given

    def _projected(self, query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
        """Return (batch, steps, heads, size) of each."""
        raise NotImplementedError

    def _joined(self, heads: Any) -> Any:
        """Return the projection of all heads."""
        raise NotImplementedError

    def _bands(self, queries: int, values: int, causal: bool) -> list[np.ndarray]:
        """Return the masks that follow from the steps alone."""
        found = [causal_mask(queries, values)] if causal else []
        if self.sliding_window is not None:
            found.append(window_mask(queries, values, self.sliding_window))
        return found

    def _equations(self, rank: int) -> tuple[str, str]:
        """Return how keys and queries become scores, and how weights and values become means."""
        return "bknh,bqnh->bnqk", "bnqk,bknh->bqnh"

    def _attend(
        self, query: Any, key: Any, value: Any, mask: Any, training: Any, scored: bool
    ) -> tuple[Any, Any]:
        """Return the means of the projected values, and their weights."""
        rank = len(query.shape)
        score, combine = self._equations(rank)
        scores = ops.einsum(score, key, ops.multiply(query, 1.0 / math.sqrt(query.shape[-1])))
        if mask is not None:
            for _ in range(len(scores.shape) - len(mask.shape)):
                mask = ops.expand_dims(mask, -2 * self._attended - 1)
        if rank == 4 and not scored and self.dropout == 0 and mask is not None:
            # A query that sees nothing takes the mean of all values here, as in Keras' fused
            # way; where the weights are told or dropped, it takes none.
            weights = activations.softmax(ops.where(mask, scores, _MASKED), axis=-1)
        else:
            weights = self._softmax(scores, mask=mask)
            drop_mask(weights)  # the layer within passes on what is no mask of steps
        dropped = self._dropout_layer(weights, training=training) if self.dropout else weights
        return ops.einsum(combine, dropped, value), weights

    # --- description ------------------------------------------------------------------------
    def get_config(self) -> dict[str, Any]:
        """Return the arguments the layer was made with, as plain data."""
        names = ("name", "trainable", "dropout", "use_bias", "use_gate", "sliding_window", "seed")
        config = {name: getattr(self, name) for name in (*names, *self._told)}
        config |= {"dtype": plain(self.dtype_policy),
                   "activity_regularizer": plain(self._on_projections)}  # fmt: skip
        return config | {name: plain(value) for name, value in self._rules.items()}
