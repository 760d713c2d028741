"""Texts into tokens: standardized, split, and joined to n-grams."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from .preparation import as_texts

_PUNCTUATION = re.compile("[" + re.escape(string.punctuation) + "]")
#: Only the letters of ASCII have another case here, as in Keras.
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_SPACE = re.compile("[ \t\n\v\f\r]+")


def standardized(
    texts: np.ndarray, how: str | Callable[[Any], Any] | None, place: str
) -> np.ndarray:
    """Return texts in lower case and without punctuation, as `how` says.

    Args:
        texts: an array of `str` objects.
        how: "lower", "strip_punctuation", "lower_and_strip_punctuation", a function that takes
            and returns an array of texts, or None.
        place: the layer, for messages.

    Raises:
        ArgumentError: if the function returns anything but a text for each.
    """
    if callable(how):
        place = f"{place}, `standardize`"
        found = as_texts(_asked(how, texts, place), place)
        if found.shape != texts.shape:
            raise ArgumentError(
                f"{place}: the function returned shape {found.shape} for texts of shape "
                f"{texts.shape}, expected the same, as np.char.lower(texts) gives it."
            )
        return found
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
        ArgumentError: for texts of another shape, or a function that returns no row of tokens for
            each text.
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
    place = f"{place}, `split`"
    found = _asked(split, texts, place)
    if not _is_row(found) or len(found) != len(texts) or not all(map(_is_row, found)):
        raise ArgumentError(
            f"{place}: the function returned {found!r:.60} for {len(texts)} texts, "
            "expected a list of tokens for each, for instance [text.split() for text in texts]."
        )
    return [as_texts(list(row), place).tolist() for row in found]


def _is_row(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _asked(function: Callable[[Any], Any], texts: np.ndarray, place: str) -> Any:
    """Return what a user's function gives for texts; a note says what it got when it failed."""
    try:
        return function(texts.astype(str))
    except Exception as error:
        error.add_note(
            f"(raised by the function given as {place}, which gets an array of texts of shape "
            f"{texts.shape}, not one text)"
        )
        raise


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
