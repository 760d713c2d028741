"""HashedCrossing: a bin for each combination of several features."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, ShapeError
from .farm_hash import concatenated, fingerprint
from .preparation import (
    Preparation,
    as_keys,
    as_texts,
    encoded,
    encoded_shape,
    is_text,
    no_sparse,
    one_of,
)

#: The seed with which TensorFlow begins, and the size of its unsigned words.
_SEED, _WORD = 0xDECAFCAFFE, (1 << 64) - 1


class HashedCrossing(Preparation):
    """The bin of each combination of features: hash(first, second, ...) % num_bins.

    The bins are those of Keras: fingerprints of texts, and ints as they are, joined one by one.

    Args:
        num_bins: how many bins there are.
        output_mode: "int" (default) the bin, or "one_hot" a vector.
        sparse: must be False.
        **kwargs: name, trainable, dtype (default int64, or float for vectors).

    Shape: two or more features (rows,) or (rows, 1) -> that shape, or (rows, num_bins).
    Raises:
        ArgumentError: for fewer than two features.
        ShapeError: for features of different or other shapes.

    Example:
        >>> HashedCrossing(num_bins=5)((["A", "B", "A"], [101, 101, 102]))
        array([1, 4, 3])

    Source: keras.layers.HashedCrossing.
    """

    def __init__(
        self, num_bins: int, output_mode: str = "int", sparse: bool = False, **kwargs: Any
    ) -> None:
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = "int64" if output_mode == "int" else floatx()
        super().__init__(**kwargs)
        place = f"HashedCrossing '{self.name}'"
        self.output_mode = one_of("output_mode", output_mode, ("int", "one_hot"), place)
        self.num_bins, self.sparse = int(num_bins), no_sparse(sparse, place)

    def output_spec(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], str]:
        """Return shape and element type of the output for the shape of one feature."""
        return encoded_shape(shape, self.output_mode, self.num_bins), self.compute_dtype

    def call(self, inputs: Any) -> Any:
        """Return the bin of each combination."""
        place = f"HashedCrossing '{self.name}'"
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ArgumentError(f"{place}: got {inputs!r:.60}, expected two or more features.")
        features = [as_texts(x, place) if is_text(x) else as_keys(x, place) for x in inputs]
        shape = features[0].shape
        if any(f.shape != shape for f in features) or len(shape) > 2 or shape[1:] not in ((), (1,)):
            raise ShapeError(
                f"{place}: got features of shapes {[f.shape for f in features]}, expected all of "
                "them (rows,) or (rows, 1)."
            )
        parts = [[_hash(v) for v in feature.ravel().tolist()] for feature in features]
        crossed = [concatenated(one, _SEED) % self.num_bins for one in zip(*parts, strict=True)]
        bins = np.array(crossed, np.int64).reshape(shape)
        return encoded(bins, self.output_mode, self.num_bins, self.compute_dtype).astype(
            self.compute_dtype
        )


def _hash(value: Any) -> int:
    return fingerprint(value.encode()) if isinstance(value, str) else value & _WORD
