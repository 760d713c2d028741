"""Discretization: numbers into the bins between boundaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ops
from ..graph.errors import ArgumentError, NotBuiltError
from ..graph.number import check_numbers
from ..graph.whole import whole
from .batches import batches_of
from .convert import numbers_of
from .encoding import checked_mode, encode
from .layer import Layer
from .preparation import no_sparse
from .quantiles import boundaries_of, merged, summary_of

_MODES = ("int", "one_hot", "multi_hot", "count")


class Discretization(Layer):
    """The bin of each number: how many boundaries lie at or below it.

    Args:
        bin_boundaries: rising numbers; [0, 1, 2] makes the bins (-inf, 0), [0, 1), [1, 2) and
            [2, inf).
        num_bins: how many bins `adapt` is to find, each with about as many of the data.
        epsilon: how coarse the summary of the data may be; default 0.01, a hundred steps.
        output_mode: "int" (default) the bin; "one_hot", "multi_hot" and "count" vectors, as in
            CategoryEncoding.
        sparse: must be False.
        **kwargs: name, trainable, dtype.

    Shape: (...) -> (...) in mode "int", int32; vectors as in CategoryEncoding.
    Raises:
        ArgumentError: unless just one of bin_boundaries and num_bins is given, or boundaries fall.

    Example:
        >>> Discretization(bin_boundaries=[0.0, 1.0, 2.0])([[-1.5, 1.0, 3.4, 0.5]])
        array([[0, 2, 3, 1]], dtype=int32)

    Source: keras.layers.Discretization.
    """

    def __init__(
        self,
        bin_boundaries: Sequence[float] | None = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = f"Discretization '{self.name}'"
        if (bin_boundaries is None) == (num_bins is None):
            got = "neither" if num_bins is None else "both"
            raise ArgumentError(
                f"{place}: got {got} of `bin_boundaries` and `num_bins`, expected one of them."
            )
        if num_bins is not None:
            num_bins = whole(f"{place}, `num_bins`", num_bins, 0)
        check_numbers(place, 0.0, 1.0, epsilon=epsilon)
        if epsilon == 0:
            raise ArgumentError(f"{place}, `epsilon`: got 0, expected a number above 0.")
        self.output_mode = checked_mode(output_mode, _MODES, place)
        self.bin_boundaries = None if bin_boundaries is None else _rising(bin_boundaries, place)
        self.num_bins, self.epsilon = num_bins, epsilon
        self.sparse = no_sparse(sparse, place)
        self._summary = np.zeros((2, 0), np.float32)
        self.supports_masking = True

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find boundaries between which there are about as many numbers each.

        Args:
            data: an array, or an iterable of batches (a list is one, as in Keras).
            steps: how many batches to read; default all.

        Raises:
            ArgumentError: if the boundaries were given.
        """
        if self.num_bins is None:
            raise ArgumentError(
                f"Discretization '{self.name}', adapt: the boundaries were given. Make the layer "
                "with num_bins instead."
            )
        self.reset_state()
        place = f"Discretization '{self.name}', adapt"
        for batch, _ in batches_of(data, place, steps=steps):
            self.update_state(batch)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the data seen so far."""
        self._summary = np.zeros((2, 0), np.float32)

    def update_state(self, data: Any) -> None:
        """Take the numbers of a batch into the summary."""
        numbers = numbers_of(data, f"Discretization '{self.name}', adapt").astype(np.float32)
        self._summary = merged(summary_of(numbers, self.epsilon), self._summary, self.epsilon)

    def finalize_state(self) -> None:
        """Make the boundaries of the summary."""
        if self.num_bins is not None and self._summary.shape[1]:
            self.bin_boundaries = boundaries_of(self._summary, self.num_bins).tolist()

    def call(self, inputs: Any) -> Any:
        """Return the bin of each number, or vectors made of the bins."""
        if self.bin_boundaries is None:
            raise NotBuiltError(
                f"Discretization '{self.name}' has no boundaries yet. Call adapt(data) first."
            )
        if isinstance(inputs, (bool, int, float)):
            inputs = np.asarray(inputs, self.compute_dtype)
        above = ops.greater_equal(
            ops.expand_dims(ops.cast(inputs, self.compute_dtype), -1),
            np.asarray(self.bin_boundaries, self.compute_dtype),
        )
        bins = ops.sum(ops.cast(above, "int32"), -1)
        dtype = "int32" if self.output_mode == "int" else self.compute_dtype
        return encode(bins, self.output_mode, len(self.bin_boundaries) + 1, dtype)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments, all but `trainable`, which Keras' own layer does not take."""
        config = super().get_config()
        del config["trainable"]
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return a new layer from the result of `get_config`."""
        config = dict(config)
        found = config.pop("bin_boundaries", None) if config.get("num_bins") is not None else None
        layer = super().from_config(config)
        if found is not None:  # what `adapt` found
            layer.bin_boundaries = list(found)
        return layer


def _rising(boundaries: Any, place: str) -> list[float]:
    """Return the boundaries as a list, or raise ArgumentError unless they rise."""
    line = np.asarray(boundaries if hasattr(boundaries, "__len__") else [None])
    fits = line.ndim == 1 and (line.size == 0 or line.dtype.kind in "iuf")
    if not fits or not (line[1:] >= line[:-1]).all() or (line != line).any():
        raise ArgumentError(
            f"{place}, `bin_boundaries`: got {boundaries!r:.80}, expected numbers that rise. Write "
            "bin_boundaries=sorted(boundaries)."
        )
    return list(boundaries)
