"""What callbacks say on standard output."""

from __future__ import annotations

from .progress import Screen


def say(text: str) -> None:
    """Print a line; a closed or narrow output never stops training."""
    Screen().write(text + "\n")
