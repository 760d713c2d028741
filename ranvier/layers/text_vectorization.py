"""TextVectorization: texts to rows of token indices, or to vectors of counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from ..graph.function import takes
from . import tokens
from .batches import batches_of
from .preparation import NOWHERE, Preparation, as_texts, encoded_shape, no_sparse, one_of
from .string_lookup import StringLookup

_STANDARDS = (None, "lower_and_strip_punctuation", "lower", "strip_punctuation")
_SPLITS = (None, "whitespace", "character")


class TextVectorization(Preparation):
    """Standardize texts, split them into tokens, and look these up in a vocabulary.

    Index 0 is padding, 1 is for tokens outside of the vocabulary; then come the tokens, the most
    frequent first.

    Args:
        max_tokens: the largest size of the vocabulary, the two special tokens counted.
        standardize: "lower_and_strip_punctuation" (default), "lower", "strip_punctuation", a
            function, or None. The function gets a NumPy array of texts, shaped as the inputs, and
            returns one of that shape: np.char.lower. Lower case is that of ASCII.
        split: "whitespace" (default), "character", a function, or None. The function gets an array
            of texts, (rows,), and returns a list of tokens for each.
        ngrams: also join up to so many neighbouring tokens; or a tuple of the widths wanted.
        output_mode: "int" (default) the indices; "multi_hot", "count" and "tf_idf" a vector a
            text, as in StringLookup.
        output_sequence_length: indices a text, the rest cut off or filled up with 0; default the
            longest of the texts given. Give it for a model that sees data in batches.
        pad_to_max_tokens: whether vectors have max_tokens numbers in any case; default False.
        vocabulary: a list of tokens, or a text file with one a line, instead of `adapt`.
        idf_weights: a weight for each of them, in mode "tf_idf".
        sparse, ragged: must be False.
        encoding: of texts given as bytes; default "utf-8".
        **kwargs: name, trainable, dtype.

    Shape: texts (rows,) or (rows, 1) -> (rows, length) indices, or (rows, size) for vectors.
    Raises:
        ArgumentError: for arguments that do not go together, and functions that return what is no
            text, or no list of tokens, for each text.

    Example:
        >>> layer = TextVectorization(output_sequence_length=4)
        >>> layer.adapt(["The sea, the sky", "the night"])
        >>> layer(["The night sea!", "a new sky"])
        array([[2, 5, 4, 0],
               [1, 1, 3, 0]])

    Source: keras.layers.TextVectorization; functions get what Keras gives them on JAX.
    """

    config_notes = ("vocabulary_size",)

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | Callable[[Any], Any] | None = "lower_and_strip_punctuation",
        split: str | Callable[[Any], Any] | None = "whitespace",
        ngrams: int | tuple[int, ...] | None = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Any = None,
        idf_weights: Any = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
        **kwargs: Any,
    ) -> None:
        size = kwargs.pop("vocabulary_size", None)
        kwargs.pop("has_input_vocabulary", None)
        super().__init__(**kwargs)
        place = f"TextVectorization '{self.name}'"
        self.standardize = _function_or("standardize", standardize, _STANDARDS, place)
        self.split = _function_or("split", split, _SPLITS, place)
        self.ngrams = _checked_ngrams(ngrams, place)
        self.sparse, self.ragged = no_sparse(sparse, place), bool(ragged)
        if ragged:
            raise ArgumentError(
                f"{place}, `ragged`: got True, but results here are ordinary arrays. Leave it out: "
                "rows are filled up with 0."
            )
        self._lookup_layer = StringLookup(
            max_tokens=max_tokens, mask_token="", vocabulary=vocabulary, idf_weights=idf_weights,
            pad_to_max_tokens=pad_to_max_tokens, output_mode=output_mode, encoding=encoding,
            vocabulary_size=size,
        )  # fmt: skip
        self._lookup_layer.owner = place
        self.output_mode = self._lookup_layer.output_mode
        if output_sequence_length is not None and self.output_mode != "int":
            raise ArgumentError(
                f"{place}, `output_sequence_length`: it goes with output_mode='int' only."
            )
        if output_sequence_length is not None and not isinstance(output_sequence_length, int):
            raise ArgumentError(
                f"{place}, `output_sequence_length`: got {output_sequence_length!r}, expected an "
                "int or None."
            )
        self.output_sequence_length = output_sequence_length
        self.max_tokens, self.pad_to_max_tokens = max_tokens, bool(pad_to_max_tokens)
        self.encoding = encoding

    # --- the vocabulary ---------------------------------------------------------------------
    def adapt(self, data: Any, batch_size: int | None = None, steps: int | None = None) -> None:
        """Find the vocabulary in texts: the most frequent tokens first.

        Args:
            data: a list or an array of texts, or an iterable of batches of them.
            batch_size: not used; accepted as in Keras.
            steps: how many batches to read; default all.

        Raises:
            ArgumentError: if the vocabulary was given.
        """
        self.reset_state()
        place = f"TextVectorization '{self.name}', adapt"
        listed = isinstance(data, (str, bytes, list, tuple))
        for batch, _ in batches_of(data, place, listed, steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch of texts."""
        self._lookup_layer.count(self._rows(data))

    def finalize_state(self) -> None:
        """Make the vocabulary of the tokens counted."""
        self._lookup_layer.finalize_state()

    def reset_state(self) -> None:
        """Forget the tokens counted so far."""
        self._lookup_layer.reset_state()

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the vocabulary; the place of a token is its index."""
        return self._lookup_layer.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """Return the number of indices, those of padding and unknown tokens among them."""
        return self._lookup_layer.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take a vocabulary instead of finding one with `adapt`; see StringLookup."""
        self._lookup_layer.set_vocabulary(vocabulary, idf_weights)

    # --- call -------------------------------------------------------------------------------
    def output_spec(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], str]:
        """Return shape and element type of the output for a shape of the input."""
        if self.output_mode == "int":
            if self.split is None and self.ngrams is None and self.output_sequence_length is None:
                return shape, "int64"
            return (shape[0] if shape else None, self.output_sequence_length), "int64"
        lookup = self._lookup_layer
        depth = lookup.max_tokens if lookup.pad_to_max_tokens else lookup.vocabulary_size()
        return encoded_shape((*shape[:1], None), self.output_mode, depth), "float32"

    def call(self, inputs: Any) -> Any:
        """Return the indices of the tokens of texts, or a vector a text."""
        lookup = self._lookup_layer
        if self.split is None and self.ngrams is None and self.output_sequence_length is None:
            return lookup.encode(lookup.indices(self._texts(inputs)))
        alone = np.ndim(inputs) == 0
        rows = self._rows([inputs] if alone else inputs)
        length = self.output_sequence_length
        if length is None:
            length = max(map(len, rows), default=0)
        flat = lookup.indices([token for row in rows for token in row])
        if self.output_mode == "int":
            padded = _padded(flat, rows, length, 0)
        else:
            padded = lookup.encode(_padded(flat, rows, length, NOWHERE))
        return padded[0] if alone else padded

    def _rows(self, inputs: Any) -> list[list[str]]:
        texts = np.atleast_1d(self._texts(inputs))
        rows = tokens.rows_of(texts, self.split, f"TextVectorization '{self.name}'")
        widths = range(1, self.ngrams + 1) if isinstance(self.ngrams, int) else self.ngrams
        return tokens.with_ngrams(rows, widths)

    def _texts(self, inputs: Any) -> np.ndarray:
        place = f"TextVectorization '{self.name}'"
        texts = as_texts(inputs, place, self.encoding)
        return tokens.standardized(texts, self.standardize, place)

    # --- description ------------------------------------------------------------------------
    def get_config(self) -> dict[str, Any]:
        """Return the arguments; a vocabulary that `adapt` found is saved beside the config."""
        config = super().get_config()
        inner = self._lookup_layer.get_config()
        for key in ("vocabulary", "idf_weights", "vocabulary_size"):
            config[key] = inner[key]
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return a new layer from the result of `get_config`."""
        from .. import activations

        config = dict(config)
        for key in ("standardize", "split"):
            if isinstance(config.get(key), dict):
                config[key] = activations.get(config[key])
        if isinstance(config.get("ngrams"), list):
            config["ngrams"] = tuple(config["ngrams"])
        return super().from_config(config)

    def save_assets(self) -> dict[str, bytes]:
        """Return the files that belong to the layer, by name."""
        return self._lookup_layer.save_assets()

    def load_assets(self, files: dict[str, bytes]) -> None:
        """Take the files that belong to the layer."""
        self._lookup_layer.load_assets(files)

    @property
    def own_arrays(self) -> tuple[str, ...]:
        """The names of the arrays that a weights file keeps for the layer."""
        return self._lookup_layer.own_arrays

    def save_own_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays that a weights file keeps under names."""
        return self._lookup_layer.save_own_arrays()

    def load_own_arrays(self, arrays: dict[str, np.ndarray]) -> None:
        """Take the arrays that `save_own_arrays` gave."""
        self._lookup_layer.load_own_arrays(arrays)


def _padded(flat: np.ndarray, rows: list[list[str]], length: int, value: int) -> np.ndarray:
    """Return indices as rows of one length: the long cut, the short filled up."""
    out = np.full((len(rows), length), value, np.int64)
    at = 0
    for i, row in enumerate(rows):
        count = min(len(row), length)
        out[i, :count] = flat[at : at + count]
        at += len(row)
    return out


def _function_or(name: str, value: Any, known: tuple[Any, ...], place: str) -> Any:
    if callable(value):
        return takes(value, f"{place}, `{name}`", "texts")
    return one_of(name, value, known, place)


def _checked_ngrams(ngrams: Any, place: str) -> Any:
    if ngrams is None or isinstance(ngrams, int) and ngrams > 0:
        return ngrams
    if isinstance(ngrams, (tuple, list)) and all(isinstance(n, int) and n > 0 for n in ngrams):
        return tuple(ngrams)
    raise ArgumentError(
        f"{place}, `ngrams`: got {ngrams!r}, expected a positive int or a tuple of them."
    )
