"""IndexLookup: what StringLookup and IntegerLookup share: tokens to indices and back."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, DataError, DataTypeError, NotBuiltError, warn
from ..graph.structure import flatten
from . import vocabulary as words
from .batches import batches_of
from .buckets import bucket, checked_salt
from .preparation import NOWHERE, Preparation, encoded, encoded_shape, no_sparse, one_of

_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")
_OLD_MODES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


class IndexLookup(Preparation):
    """Base of the layers that look tokens up in a vocabulary; see StringLookup for the arguments.

    Index 0 is the mask's (where there is one, in mode "int"), then come `num_oov_indices` for
    tokens outside of the vocabulary, then the vocabulary in its order.
    """

    #: What messages begin with where the layer is part of another one.
    owner = ""

    def __init__(
        self,
        max_tokens: int | None,
        num_oov_indices: int,
        mask_token: Any,
        oov_token: Any,
        vocabulary: Any = None,
        idf_weights: Any = None,
        invert: bool = False,
        output_mode: str = "int",
        sparse: bool = False,
        pad_to_max_tokens: bool = False,
        oov_method: str = "floormod",
        salt: Any = None,
        **kwargs: Any,
    ) -> None:
        # The size of a vocabulary that comes later, from a file: shapes are known by it before.
        self._expected_size = kwargs.pop("vocabulary_size", None)
        kwargs.pop("has_input_vocabulary", None)
        kwargs.pop("vocabulary_dtype", None)
        super().__init__(**kwargs)
        place = self._place
        if max_tokens is not None and max_tokens <= 1:
            raise ArgumentError(f"{place}, `max_tokens`: got {max_tokens}, expected more than 1.")
        if pad_to_max_tokens and max_tokens is None:
            raise ArgumentError(f"{place}, `pad_to_max_tokens`: got True; give `max_tokens`, too.")
        if num_oov_indices < 0:
            raise ArgumentError(
                f"{place}, `num_oov_indices`: got {num_oov_indices}, expected at least 0."
            )
        budget.charge((num_oov_indices,), "int64")  # before the list of them is made
        mode = _OLD_MODES.get(output_mode, output_mode)
        self.output_mode = one_of("output_mode", mode, _MODES, place)
        self.oov_method = one_of("oov_method", oov_method, ("floormod", "farmhash"), place)
        if invert and mode != "int":
            raise ArgumentError(
                f"{place}, `output_mode`: got {mode!r}, expected 'int' with invert=True."
            )
        if idf_weights is not None and mode != "tf_idf":
            raise ArgumentError(f"{place}, `idf_weights`: they go with output_mode='tf_idf' only.")
        self.sparse, self.salt = no_sparse(sparse, place), checked_salt(salt, place)
        if salt is not None and self._numbers and oov_method != "farmhash":
            raise ArgumentError(f"{place}, `salt`: it goes with oov_method='farmhash' only.")
        self.max_tokens, self.num_oov_indices = max_tokens, int(num_oov_indices)
        self.mask_token, self.oov_token = mask_token, oov_token
        self.invert, self.pad_to_max_tokens = bool(invert), bool(pad_to_max_tokens)
        self._tokens: list[Any] = []
        self._table: dict[Any, int] = {}
        self._idf: np.ndarray | None = None
        self._tally = words.Tally()
        self._set_by_argument = vocabulary is not None
        # Words given as a list are part of the config; a file's are saved beside it.
        self.input_vocabulary = None if isinstance(vocabulary, (str, PathLike)) else vocabulary
        self.input_idf_weights = idf_weights
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    #: Whether tokens are ints rather than text.
    _numbers = False
    config_notes = ("vocabulary_size",)
    #: Words by the thousand, among which nobody needs to look for layers.
    _unheld = Preparation._unheld | {
        "_tokens", "_table", "_tally", "_idf", "input_vocabulary", "input_idf_weights",
    }  # fmt: skip

    def _read(self, x: Any) -> np.ndarray:
        """Return the inputs as an array of tokens."""
        raise NotImplementedError

    # --- the vocabulary ---------------------------------------------------------------------
    @property
    def _oov_start(self) -> int:
        return int(self.mask_token is not None and self.output_mode == "int")

    @property
    def _token_start(self) -> int:
        return self._oov_start + self.num_oov_indices

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """Return the vocabulary; the place of a token is its index.

        Args:
            include_special_tokens: whether mask and unknown tokens lead it; default True.
        """
        if not include_special_tokens:
            return list(self._tokens)
        special = [self.mask_token] * self._oov_start + [self.oov_token] * self.num_oov_indices
        return special + self._tokens

    def vocabulary_size(self) -> int:
        """Return the number of indices, those of mask and unknown tokens among them."""
        if not self._tokens and self._expected_size is not None:
            return int(self._expected_size)
        return self._token_start + len(self._tokens)

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Take a vocabulary instead of finding one with `adapt`.

        Args:
            vocabulary: tokens in the order of their indices, with or without the special ones in
                front; or the path of a text file with one token a line.
            idf_weights: a weight for each token, in mode "tf_idf".

        Raises:
            ArgumentError: for an empty vocabulary, one that repeats a token, or too large a one.
        """
        place = f"{self._place}, set_vocabulary"
        if (idf_weights is not None) != (self.output_mode == "tf_idf"):
            raise ArgumentError(
                f"{place}, `idf_weights`: output_mode='tf_idf' needs them, and no other mode does."
            )
        if isinstance(vocabulary, (str, PathLike)):
            vocabulary = words.read_lines(vocabulary, place, self._numbers)
        given = self._read(vocabulary).ravel().tolist()
        special = self.get_vocabulary()[: self._token_start]
        found = given[: len(special)] == special
        tokens = given[len(special) :] if found else given
        self._check_tokens(tokens, given, place)
        self._keep(tokens)
        if idf_weights is not None:
            self._idf = self._padded_idf(idf_weights, given, found, place)

    def _check_tokens(self, tokens: list[Any], given: list[Any], place: str) -> None:
        if not given:
            raise ArgumentError(f"{place}, `vocabulary`: it is empty. Give at least one token.")
        if len(set(tokens)) < len(tokens):
            twice = sorted({t for t in tokens if tokens.count(t) > 1})[:5]
            raise ArgumentError(f"{place}, `vocabulary`: it repeats {twice}. List each token once.")
        reserved = [self.mask_token] if self.mask_token is not None else []
        reserved += [self.oov_token] if self.invert and self.oov_token is not None else []
        for token in reserved:
            if token in tokens:
                raise ArgumentError(
                    f"{place}, `vocabulary`: {token!r} stands for no word. Leave special tokens "
                    f"out, or begin with {self.get_vocabulary()[: self._token_start]}."
                )
        size = self._token_start + len(tokens)
        if self.max_tokens is not None and size > self.max_tokens:
            raise ArgumentError(
                f"{place}, `vocabulary`: {size} tokens (special ones counted), more than "
                f"max_tokens={self.max_tokens}."
            )

    def _keep(self, tokens: list[Any]) -> None:
        self._tokens = tokens
        self._table = {token: self._token_start + i for i, token in enumerate(tokens)}

    def _padded_idf(self, weights: Any, given: list[Any], found: bool, place: str) -> np.ndarray:
        idf = np.asarray(weights, np.float32)
        if idf.shape != (len(given),):
            raise ArgumentError(
                f"{place}, `idf_weights`: got shape {idf.shape}, expected one weight for each of "
                f"the {len(given)} tokens."
            )
        return self._with_ends(idf, 0 if found else self._token_start)

    def _with_ends(self, idf: np.ndarray, front: int) -> np.ndarray:
        """Return weights with the mean put before them, for unknown tokens, and zeros after."""
        back = 0
        if self.pad_to_max_tokens and self.max_tokens is not None:
            back = self.max_tokens - front - len(idf)
            budget.charge((back,), "float64")
        mean = np.mean(idf) if len(idf) else np.float32(0)
        return np.concatenate([np.full(front, mean), idf, np.zeros(back)]).astype(np.float32)

    # --- adapt ------------------------------------------------------------------------------
    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Find the vocabulary in data: the most frequent tokens first.

        Of tokens equally frequent, the one later in the alphabet (or larger) comes first.

        Args:
            data: a list, an array, or an iterable of batches.
            steps: how many batches to read; default all.

        Raises:
            ArgumentError: if the vocabulary was given.
        """
        self.reset_state()
        listed = isinstance(data, (str, bytes, list, tuple))
        for batch, whole in batches_of(data, f"{self._place}, adapt", listed, steps):
            tokens = self._read(batch)
            self.update_state(tokens[:, None] if whole and tokens.ndim == 1 else tokens)
        self.finalize_state()

    def reset_state(self) -> None:
        """Forget the tokens counted so far."""
        self._tally = words.Tally()

    def update_state(self, data: Any) -> None:
        """Count the tokens of a batch; one row is one document."""
        tokens = self._read(data)
        if tokens.size:
            rows = tokens.reshape((1, -1) if tokens.ndim < 2 else (len(tokens), -1))
            self.count(rows.tolist())

    def count(self, documents: Iterable[list[Any]]) -> None:
        """Count the tokens of documents, each a list of its own length."""
        if self._set_by_argument:
            raise ArgumentError(
                f"{self._place}, adapt: the vocabulary was given. Leave it out to adapt."
            )
        self._tally.add(documents)

    def finalize_state(self) -> None:
        """Make the vocabulary of the tokens counted."""
        if not self._tally.tokens:
            return
        special = [t for t in (self.mask_token, self.oov_token) if t is not None]
        most = None if self.max_tokens is None else self.max_tokens - self._token_start
        self._keep(self._tally.ordered(special, most))
        if self.output_mode == "tf_idf":
            idf = self._tally.inverse_frequencies(self._tokens)
            self._idf = self._with_ends(idf, self._token_start)
        self.reset_state()

    # --- call -------------------------------------------------------------------------------
    def output_spec(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], str]:
        """Return shape and element type of the output for a shape of the input."""
        depth = self.max_tokens if self.pad_to_max_tokens else self.vocabulary_size()
        dtype = "int64" if self.output_mode == "int" else floatx()
        if self.invert:
            dtype = "int64" if self._numbers else "string"
        return encoded_shape(shape, self.output_mode, depth), dtype

    def call(self, inputs: Any) -> Any:
        """Return the indices of tokens, or vectors made of them; with `invert` the tokens."""
        return self.tokens_at(inputs) if self.invert else self.encode(self.indices(inputs))

    def indices(self, inputs: Any) -> np.ndarray:
        """Return the index of each token."""
        self._need_vocabulary()
        tokens = self._read(inputs)
        get, flat = self._table.get, tokens.ravel().tolist()
        found = np.array([get(token, -1) for token in flat], np.int64)
        if self.mask_token is not None:
            at_mask = np.array([token == self.mask_token for token in flat], bool)
            found[at_mask] = 0 if self.output_mode == "int" else NOWHERE
        missing = np.nonzero(found == -1)[0]
        if len(missing):
            found[missing] = [self._unknown(flat[i]) for i in missing]
        return found.reshape(tokens.shape)

    def encode(self, indices: np.ndarray) -> np.ndarray:
        """Return indices in the output mode."""
        depth = self.max_tokens if self.pad_to_max_tokens else self.vocabulary_size()
        if self.output_mode == "int":
            return indices
        if self.output_mode == "tf_idf":
            counts = encoded(indices, "count", depth or 0, np.float32)
            return counts * self._idf
        return encoded(indices, self.output_mode, depth or 0, np.int64)

    def _unknown(self, token: Any) -> int:
        if self.num_oov_indices == 0:
            raise DataError(
                f"{self._place}: {token!r} is not in the vocabulary, and num_oov_indices=0 "
                "leaves no index for such. Make the layer with num_oov_indices=1."
            )
        if self.num_oov_indices == 1:
            return self._oov_start
        if self._numbers and self.oov_method == "floormod":
            return self._oov_start + token % self.num_oov_indices
        return self._oov_start + bucket(token, self.num_oov_indices, self.salt)

    def tokens_at(self, inputs: Any) -> np.ndarray:
        """Return the token of each index."""
        self._need_vocabulary()
        known = self.get_vocabulary()
        at = np.asarray(inputs)
        if at.dtype.kind not in "biuf":
            raise DataTypeError(
                f"{self._place}: got values of type {at.dtype}, expected ints: with invert=True "
                "it turns indices into tokens. Leave invert out to turn tokens into indices."
            )
        at = at.astype(np.int64)
        flat = [
            known[i] if self._token_start <= i < len(known) else self.oov_token
            for i in at.ravel().tolist()
        ]
        if self.mask_token is not None:
            flat = [self.mask_token if i == 0 else t
                    for i, t in zip(at.ravel().tolist(), flat, strict=True)]  # fmt: skip
        out = np.empty(len(flat), np.int64 if self._numbers else object)
        out[:] = flat
        return out.reshape(at.shape)

    def _need_vocabulary(self) -> None:
        if self._tokens:
            return
        way = "Call adapt(data) or set_vocabulary(words) first."
        if self.output_mode != "int" or self.invert or self.num_oov_indices == 0:
            raise NotBuiltError(f"{self._place} has no vocabulary yet. {way}")
        if self.num_oov_indices == 1:  # more of them tell tokens apart by their hashes
            warn(
                f"{self._place} has no vocabulary yet, so that every token gets the index "
                f"{self._oov_start} of unknown ones. {way}"
            )

    @property
    def _place(self) -> str:
        return self.owner or super()._place

    # --- description ------------------------------------------------------------------------
    def get_config(self) -> dict[str, Any]:
        """Return the arguments; a vocabulary that `adapt` found is saved beside the config."""
        config = super().get_config()
        tokens, idf = self.input_vocabulary, self.input_idf_weights
        if tokens is None and words.as_lines(self.get_vocabulary()) is None:
            tokens = self.get_vocabulary()  # a character's line break, for instance
            idf = None if self._idf is None else self._idf[: len(tokens)]
        config["vocabulary"], config["idf_weights"] = _listed(tokens), _listed(idf)
        config["vocabulary_size"] = self.vocabulary_size() if self._tokens else self._expected_size
        return config

    def save_assets(self) -> dict[str, bytes]:
        """Return the files that belong to the layer, by name."""
        if self.input_vocabulary is not None or not self._tokens:
            return {}
        lines = words.as_lines(self.get_vocabulary())
        return {} if lines is None else {"vocabulary.txt": lines}  # else the config has them

    def load_assets(self, files: dict[str, bytes]) -> None:
        """Take the files that belong to the layer, as `save_assets` gives them."""
        if self.input_vocabulary is None and "vocabulary.txt" in files:
            text = files["vocabulary.txt"].decode("utf-8")
            tokens = words.tokens_of(text, self._place, self._numbers)
            tokens = _with_breaks(tokens, self._expected_size)
            start = self._token_start
            special = self.get_vocabulary()[:start]
            self._keep(tokens[start:] if tokens[:start] == special else tokens)

    @property
    def own_arrays(self) -> tuple[str, ...]:
        """The names of the arrays that a weights file keeps for the layer."""
        return ("idf_weights",) if self.output_mode == "tf_idf" else ()

    def save_own_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays that a weights file keeps under names."""
        return {} if self._idf is None else {"idf_weights": self._idf}

    def load_own_arrays(self, arrays: dict[str, np.ndarray]) -> None:
        """Take the arrays that `save_own_arrays` gave."""
        if "idf_weights" not in arrays:
            return
        idf = np.asarray(arrays["idf_weights"], np.float32)
        size = self.max_tokens if self.pad_to_max_tokens else self.vocabulary_size()
        if len(idf) != size:
            raise ArgumentError(
                f"{self._place}: got {len(idf)} idf_weights for a vocabulary of {size} tokens."
            )
        self._idf = idf


def _with_breaks(lines: list[Any], size: int | None) -> list[Any]:
    """Return tokens of a file of Keras, where a line break among them is two empty lines."""
    for i in range(len(lines) - 1, 1, -1):
        if size is not None and len(lines) > size and lines[i - 1 : i + 1] == ["", ""]:
            return [*lines[: i - 1], "\n", *lines[i + 1 :]]
    return lines


def _listed(value: Any) -> Any:
    if value is None:
        return None
    return [getattr(v, "item", lambda v=v: v)() for v in flatten(list(value))]
