"""Standard output: what it can show, and lines that never stop training."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from typing import Any

BOLD, _GREEN, _GREY, _OFF = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Screen:
    """Standard output and what it can show. Nothing that happens to it stops training."""

    def __init__(self, stream: Any = None) -> None:
        self.stream = sys.stdout if stream is None else stream
        self.notebook = "ipykernel" in sys.modules or "google.colab" in sys.modules
        terminal = self._is_terminal() and os.environ.get("TERM") != "dumb"
        self.moves = terminal or self.notebook or "PYCHARM_HOSTED" in os.environ
        self.colours = (terminal or self.notebook) and "NO_COLOR" not in os.environ
        self.columns = shutil.get_terminal_size().columns if terminal else 0
        self.fancy = self._can_write("━")

    def write(self, text: str) -> None:
        """Write and flush; characters that the stream lacks become '?', a closed one nothing."""
        if self.stream is None:
            return
        try:
            try:
                self.stream.write(text)
            except UnicodeEncodeError:
                code = getattr(self.stream, "encoding", None) or "ascii"
                self.stream.write(text.encode(code, "replace").decode(code))
            self.stream.flush()
        except (OSError, ValueError, AttributeError):
            self.stream = None

    def paint(self, text: str, colour: str) -> str:
        """Return `text` in a colour, where colours show."""
        return f"{colour}{text}{_OFF}" if self.colours and text else text

    def bar(self, done: int, width: int) -> str:
        """Return a bar of so many columns, so many of them done, and a blank."""
        full, empty = ("━", "━" if self.colours else "─") if self.fancy else ("=", ".")
        return self.paint(full * done, _GREEN) + self.paint(empty * (width - done), _GREY) + " "

    def _is_terminal(self) -> bool:
        try:
            return bool(self.stream.isatty())
        except (OSError, ValueError, AttributeError):
            return False

    def _can_write(self, text: str) -> bool:
        try:
            text.encode(getattr(self.stream, "encoding", None) or "utf-8")
            return True
        except (UnicodeEncodeError, LookupError, TypeError):
            return False


def say(text: str) -> None:
    """Print a line; a closed or narrow output never stops training."""
    Screen().write(text + "\n")


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for wide characters, none for marks.

    Example:
        >>> columns_of("모델 a")
        6
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, columns: int) -> str:
    """Return as much of the beginning of a text as fits in so many columns."""
    while text and columns_of(text) > max(0, columns):
        text = text[:-1]
    return text
