"""Hashing: texts and ints into a fixed number of bins, without a vocabulary."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ArgumentError
from ..graph.whole import whole
from .buckets import bucket, checked_salt
from .preparation import (
    Preparation,
    as_texts,
    encoded,
    encoded_shape,
    is_text,
    no_sparse,
    one_of,
)

_MODES = ("int", "one_hot", "multi_hot", "count")


class Hashing(Preparation):
    """The bin of each text or int: hash(value) % num_bins.

    The hash is FarmHash's 64-bit fingerprint, or SipHash-2-4 where a salt is given, of the text
    or of the digits of the int, so that bins are those of Keras.

    Args:
        num_bins: how many bins there are, the mask's counted.
        mask_value: a value that alone has bin 0; default None.
        salt: an int or two, for another hash.
        output_mode: "int" (default) the bin; "one_hot", "multi_hot" and "count" vectors, as in
            StringLookup.
        sparse: must be False.
        **kwargs: name, trainable, dtype (default int64, or float for vectors).

    Shape: (...) -> (...) in mode "int"; (rows, n) -> (rows, num_bins) for vectors.
    Raises:
        ArgumentError: for arguments that cannot work.

    Example:
        >>> Hashing(num_bins=3)([["A"], ["B"], ["C"], ["D"], ["E"]]).tolist()
        [[1], [0], [1], [1], [2]]

    Source: keras.layers.Hashing.
    """

    def __init__(
        self,
        num_bins: int,
        mask_value: Any = None,
        salt: Any = None,
        output_mode: str = "int",
        sparse: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["dtype"] = kwargs.get("dtype") or ("int64" if output_mode == "int" else floatx())
        super().__init__(**kwargs)
        place = f"Hashing '{self.name}'"
        num_bins = whole(f"{place}, `num_bins`", num_bins, 1)
        self.output_mode = one_of("output_mode", output_mode, _MODES, place)
        if output_mode == "int" and self.compute_dtype not in ("int32", "int64"):
            raise ArgumentError(
                f"{place}, `dtype`: got {self.compute_dtype!r}, expected 'int32' or 'int64' with "
                "output_mode='int'."
            )
        self.sparse, self.salt = no_sparse(sparse, place), checked_salt(salt, place)
        self.num_bins, self.mask_value = num_bins, mask_value

    def output_spec(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], str]:
        """Return shape and element type of the output for a shape of the input."""
        return encoded_shape(shape, self.output_mode, self.num_bins), self.compute_dtype

    def call(self, inputs: Any) -> Any:
        """Return the bins of texts or ints, or vectors made of them."""
        place = f"Hashing '{self.name}'"
        if is_text(inputs):
            values = as_texts(inputs, place)
        else:
            values = np.asarray(inputs.to_numpy() if hasattr(inputs, "to_numpy") else inputs)
            if values.dtype.kind in "fb":
                values = values.astype(np.int64)
            if values.dtype.kind not in "iu":
                values = as_texts(inputs, place)
        flat = values.ravel().tolist()
        bins = np.array([self._bin(value) for value in flat], np.int64).reshape(values.shape)
        return encoded(bins, self.output_mode, self.num_bins, self.compute_dtype).astype(
            self.compute_dtype
        )

    def _bin(self, value: Any) -> int:
        if self.mask_value is None or self.num_bins == 1:
            return bucket(value, self.num_bins, self.salt)
        if value == self.mask_value:
            return 0
        return 1 + bucket(value, self.num_bins - 1, self.salt)
