"""Vocabularies: tokens counted, ordered by how often they come, and read from files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError


class Tally:
    """Counts of tokens, and of the documents that hold each."""

    def __init__(self) -> None:
        self.tokens: Counter[Any] = Counter()
        self.documents: Counter[Any] = Counter()
        self.count = 0

    def add(self, documents: Iterable[Sequence[Any]]) -> None:
        """Count the tokens of some documents."""
        for document in documents:
            self.tokens.update(document)
            self.documents.update(set(document))
            self.count += 1

    def ordered(self, without: Iterable[Any], most: int | None) -> list[Any]:
        """Return the tokens, the most frequent first; of equal ones the larger first."""
        for token in without:
            self.tokens.pop(token, None)
        ranked = sorted(self.tokens, key=lambda t: (self.tokens[t], _comparable(t)), reverse=True)
        return ranked[:most]

    def inverse_frequencies(self, tokens: Iterable[Any]) -> np.ndarray:
        """Return log(1 + documents / (1 + documents with the token)) for each token."""
        held = np.array([self.documents[token] for token in tokens], np.float64)
        return np.log(1 + self.count / (1 + held)).astype(np.float32)


def _comparable(token: Any) -> Any:
    return token.encode("utf-8", "surrogatepass") if isinstance(token, str) else token


def read_lines(path: Any, place: str, number: bool) -> list[Any]:
    """Return the tokens of a text file, one a line.

    Raises:
        ArgumentError: if there is no such file of text, or a line is no int where ints are
            expected.
    """
    if not os.path.isfile(path):
        raise ArgumentError(
            f"{place}, `vocabulary`: there is no file {str(path)!r}. Give a list of tokens, or a "
            "text file with one token a line."
        )
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ArgumentError(
            f"{place}, `vocabulary`: the file {str(path)!r} is no text in UTF-8 ({error})."
        ) from None
    return tokens_of(text.rstrip("\n"), place, number)


def as_lines(tokens: Sequence[Any]) -> bytes | None:
    """Return tokens as a text file, one a line; None where one of them is no line of text."""
    text = "\n".join(map(str, tokens))
    if text.count("\n") >= len(tokens):
        return None
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half of a pair of surrogates
        return None


def tokens_of(text: str, place: str, number: bool) -> list[Any]:
    """Return the tokens in a text: one a line, nothing after the last."""
    lines = text.split("\n") if text else []
    if not number:
        return list(lines)
    try:
        return [int(line) for line in lines]
    except ValueError as error:
        raise ArgumentError(f"{place}: a vocabulary of ints holds {error}.") from None
