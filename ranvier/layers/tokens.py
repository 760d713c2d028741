"""Texts into tokens: standardized, split, and joined to n-grams."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError

_PUNCTUATION = re.compile("[" + re.escape(string.punctuation) + "]")
#: Only the letters of ASCII have another case here, as in Keras.
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_SPACE = re.compile("[ \t\n\v\f\r]+")


def standardized(texts: np.ndarray, how: str | Callable[[Any], Any] | None) -> np.ndarray:
    """Return texts in lower case and without punctuation, as `how` says.

    Args:
        texts: an array of `str` objects.
        how: "lower", "strip_punctuation", "lower_and_strip_punctuation", a function that takes
            and returns an array of texts, or None.
    """
    if callable(how):
        return np.asarray(how(texts.astype(str)))
    if how is None:
        return texts
    flat = texts.ravel().tolist()
    if how.startswith("lower"):
        flat = [text.translate(_LOWER) for text in flat]
    if how.endswith("strip_punctuation"):
        flat = [_PUNCTUATION.sub("", text) for text in flat]
    out = np.empty(len(flat), object)
    out[:] = flat
    return out.reshape(texts.shape)


def rows_of(
    texts: np.ndarray, split: str | Callable[[Any], Any] | None, place: str
) -> list[list[str]]:
    """Return the tokens of each text.

    Args:
        texts: an array of texts, (rows,) or (rows, 1); with split=None tokens in any shape.
        split: "whitespace", "character", a function from an array of texts to a list of lists of
            tokens, or None where each text is a token.
        place: the layer, for messages.

    Raises:
        ArgumentError: for texts of another shape.
    """
    if split is None:
        return [list(map(str, np.ravel(row).tolist())) for row in texts]
    if texts.ndim > 1:
        if texts.shape[-1] != 1:
            raise ArgumentError(
                f"{place}: got texts of shape {texts.shape}, expected (rows,) or (rows, 1). Join "
                "the words of a row to one text, or make the layer with split=None."
            )
        texts = texts[..., 0]
    if split == "whitespace":
        return [[t for t in _SPACE.split(text) if t] for text in texts.tolist()]
    if split == "character":
        return [list(text) for text in texts.tolist()]
    assert callable(split)
    return [[str(token) for token in row] for row in split(texts.astype(str))]


def with_ngrams(rows: list[list[str]], widths: Sequence[int] | None) -> list[list[str]]:
    """Return for each row its n-grams of all widths, words joined by a space.

    Example:
        >>> with_ngrams([["a", "b", "c"]], (1, 2))
        [['a', 'b', 'c', 'a b', 'b c']]
    """
    if widths is None:
        return rows
    return [
        [" ".join(row[i : i + n]) for n in widths for i in range(len(row) - n + 1)] for row in rows
    ]
