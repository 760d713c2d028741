"""Embedding: a vector, learned, for each whole number."""

from __future__ import annotations

from typing import Any

from .. import constraints, initializers, ops, regularizers
from ..graph.trace import current
from ..graph.whole import whole
from .input_spec import InputSpec
from .keras_tensor import KerasTensor
from .layer import Layer


class Embedding(Layer):
    """Replace each whole number by a row of a table that is trained.

    output[..., :] = embeddings[input[...], :]

    Args:
        input_dim: rows of the table: the largest number plus 1.
        output_dim: length of a vector.
        embeddings_initializer: default "uniform".
        embeddings_regularizer: a penalty added to the loss.
        embeddings_constraint: applied after each update.
        mask_zero: whether 0 stands for no word: layers behind skip these steps; default False.
        weights: the table, or a list with it; default None.
        **kwargs: name, dtype, trainable, input_shape. `input_length=100` of Keras 2 stands for
            input_shape=(100,).

    Shape:
        (batch, ...) -> (batch, ..., output_dim)

    Raises:
        ArgumentError: if a size is no positive int.

    Example:
        >>> layer = Embedding(3, 2, embeddings_initializer="ones")
        >>> layer([[0, 2]]).shape
        (1, 2, 2)

    Source: keras.layers.Embedding. Where a model reads its input through it, at whatever depth, a
    number that has no row is refused; where it is computed, in the model or in a `train_step` of
    yours, it takes the nearest row.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: Any = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("input_shape", kwargs.pop("input_length", None))
        if weights is not None and not isinstance(weights, list):
            weights = [weights]
        super().__init__(weights=weights, **kwargs)
        self.input_spec = InputSpec()
        place = f"Embedding '{self.name}'"
        way_out = "Give Embedding(number of words, length of a vector)."
        self.input_dim = whole(f"{place}, `input_dim`", input_dim, 1, way_out)
        self.output_dim = whole(f"{place}, `output_dim`", output_dim, 1, way_out)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = bool(mask_zero)
        self.supports_masking = self.mask_zero
        self.autocast = False
        #: The tensors that the layer looked up as they are, also from within other layers.
        self._lookups: list[KerasTensor] = []

    def build(self, input_shape: Any = None) -> None:
        """Make the table (input_dim, output_dim)."""
        self.embeddings = self.add_weight(
            name="embeddings", shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer, regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
        )  # fmt: skip

    def call(self, inputs: Any) -> Any:
        """Return the rows of the table."""
        trace = current()
        if trace is not None:
            trace.lookups.append((self, inputs))
        if str(inputs.dtype) not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        return ops.take(self.embeddings, inputs, axis=0)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return where the input is not 0, or None without `mask_zero`."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Return the input's shape with `output_dim` behind it."""
        return (*tuple(input_shape), self.output_dim)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, without the table."""
        config = super().get_config()
        config.pop("weights", None)
        return config
