"""StringLookup: texts to indices in a vocabulary, and back."""

from __future__ import annotations

import codecs
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from .index_lookup import IndexLookup
from .preparation import as_texts


class StringLookup(IndexLookup):
    """The index of each text in a vocabulary, or vectors made of these indices.

    Args:
        max_tokens: the largest size of the vocabulary, special tokens counted; default None.
        num_oov_indices: how many indices texts outside of the vocabulary share; default 1. With
            more than one a hash of the text chooses (the same as in Keras). 0 makes them an error.
        mask_token: a text with index 0, which vectors leave out; default None.
        oov_token: what stands for unknown texts in the vocabulary; default "[UNK]".
        vocabulary: a list of texts, or a text file with one a line, instead of `adapt`.
        idf_weights: a weight for each of them, in mode "tf_idf".
        invert: give texts for indices instead; default False.
        output_mode: "int" (default) the index; "one_hot" a vector a text; "multi_hot", "count"
            and "tf_idf" a vector a row: which texts it holds, how often, or that times their
            weight log(1 + documents / (1 + documents with the text)).
        pad_to_max_tokens: whether vectors have max_tokens numbers in any case; default False.
        sparse: must be False.
        encoding: of texts given as bytes; default "utf-8".
        name: default the class's name in snake case, numbered.
        salt: an int or two, for another hash of unknown texts (SipHash).
        **kwargs: trainable, dtype.

    Shape: (...) -> (...) in mode "int"; (rows, n) -> (rows, size) for vectors.
    Raises:
        ArgumentError: for arguments that do not go together.
        DataError: for an unknown text with num_oov_indices=0.

    Example:
        >>> layer = StringLookup(vocabulary=["a", "b", "c"])
        >>> layer([["c", "d"], ["a", "b"]])
        array([[3, 0],
               [1, 2]])
        >>> layer.get_vocabulary()
        ['[UNK]', 'a', 'b', 'c']

    Source: keras.layers.StringLookup; with `invert` this one gives `str`, Keras gives bytes.
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: str | None = None,
        oov_token: str | None = "[UNK]",
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        pad_to_max_tokens: bool = False,
        sparse: bool = False,
        encoding: str = "utf-8",
        name: str | None = None,
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        self.encoding = _known(encoding)
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
            output_mode, sparse, pad_to_max_tokens, salt=salt, name=name, **kwargs,
        )  # fmt: skip

    @property
    def input_dtype(self) -> str:  # type: ignore[override]
        """The element type of an Input in front of the layer."""
        return "int64" if self.invert else "string"

    def _read(self, x: Any) -> np.ndarray:
        return as_texts(x, self._place, self.encoding)


def _known(encoding: Any) -> str:
    try:
        codecs.lookup(encoding)
    except (LookupError, TypeError):
        raise ArgumentError(
            f"StringLookup, `encoding`: got {encoding!r}, expected the name of an encoding, for "
            "instance 'utf-8'."
        ) from None
    return str(encoding)
