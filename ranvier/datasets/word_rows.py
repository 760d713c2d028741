"""Texts as rows of word ranks, with the marks and limits that Keras' loaders take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np

from ranvier.datasets.source import File, Source, read_named
from ranvier.graph.errors import ArgumentError


def marked(
    rows: Iterable[Sequence[int]],
    labels: np.ndarray,
    start_char: int | None,
    index_from: int | None,
    maxlen: int | None,
    place: str,
) -> tuple[list[list[int]], np.ndarray]:
    """Return rows with `start_char` in front and all words moved up by `index_from`.

    Args:
        rows: lists of words.
        labels: one a row.
        start_char, index_from: None for nothing.
        maxlen: rows of so many words or more are left out, with their labels; None keeps all.
        place: what calls, for messages.

    Raises:
        ArgumentError: if none is left.
    """
    start, shift = [] if start_char is None else [start_char], index_from or 0
    moved = [start + [word + shift for word in row] for row in rows]
    if not maxlen:
        return moved, labels
    kept = [i for i, row in enumerate(moved) if len(row) < maxlen]
    if not kept:
        raise ArgumentError(
            f"{place}, `maxlen`: got {maxlen}, but no text is shorter than that. Give more."
        )
    return [moved[i] for i in kept], labels[kept]


def limited(
    rows: list[list[int]], num_words: int | None, skip_top: int, oov_char: int | None
) -> np.ndarray:
    """Return rows with words outside of skip_top <= word < num_words replaced, or left out.

    Args:
        rows: lists of words.
        num_words: default the largest word, which is thereby replaced, as in Keras.
        skip_top: how many of the most frequent ones are replaced, too.
        oov_char: what they are replaced by; None leaves them out.
    """
    most = num_words or max(max(row) for row in rows if row)
    out = np.empty(len(rows), object)
    for i, row in enumerate(rows):
        if oov_char is None:
            out[i] = [word for word in row if skip_top <= word < most]
        else:
            out[i] = [word if skip_top <= word < most else oov_char for word in row]
    return out


def word_index(source: Source, file: File, path: object) -> dict[str, int]:
    """Return the rank of each word, read from a data set's file under some name."""
    ranks: dict[str, int] = json.loads(read_named(source, file, path))
    return ranks
