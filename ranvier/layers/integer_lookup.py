"""IntegerLookup: ints to indices in a vocabulary, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from ..graph.whole import whole
from .index_lookup import IndexLookup
from .preparation import as_keys


class IntegerLookup(IndexLookup):
    """The index of each int in a vocabulary, or vectors made of these indices.

    Args:
        max_tokens: the largest size of the vocabulary, special tokens counted; default None.
        num_oov_indices: how many indices ints outside of the vocabulary share; default 1. 0 makes
            them an error.
        mask_token: an int with index 0, which vectors leave out; default None.
        oov_token: what stands for unknown ints in the vocabulary; default -1.
        vocabulary: a list of ints, or a text file with one a line, instead of `adapt`.
        vocabulary_dtype: must be "int64".
        idf_weights: a weight for each of them, in mode "tf_idf".
        invert: give the ints for indices instead; default False.
        output_mode: "int" (default), "one_hot", "multi_hot", "count" or "tf_idf", as in
            StringLookup.
        sparse: must be False.
        pad_to_max_tokens: whether vectors have max_tokens numbers in any case; default False.
        oov_method: with several num_oov_indices, "floormod" (default) chooses by the remainder,
            "farmhash" by a hash of the digits.
        salt: an int or two, for another hash (SipHash); with oov_method="farmhash".
        **kwargs: name, trainable, dtype.

    Shape: (...) -> (...) in mode "int"; (rows, n) -> (rows, size) for vectors.
    Raises:
        ArgumentError: for arguments that do not go together.
        DataError: for an unknown int with num_oov_indices=0.

    Example:
        >>> IntegerLookup(vocabulary=[12, 36, 1138])([[12, 1138], [7, 36]])
        array([[1, 3],
               [0, 2]])

    Source: keras.layers.IntegerLookup.
    """

    _numbers = True
    input_dtype = "int64"

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int | None = -1,
        vocabulary: Any = None,
        vocabulary_dtype: str = "int64",
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        self.vocabulary_dtype = vocabulary_dtype
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
            output_mode, sparse, pad_to_max_tokens, oov_method, salt, **kwargs,
        )  # fmt: skip
        for name, token in (("mask_token", mask_token), ("oov_token", oov_token)):
            if token is not None:
                whole(f"{self._place}, `{name}`", token)
        if vocabulary_dtype != "int64":
            raise ArgumentError(
                f"{self._place}, `vocabulary_dtype`: got {vocabulary_dtype!r}, expected 'int64'."
            )

    def _read(self, x: Any) -> np.ndarray:
        return as_keys(x, self._place)
