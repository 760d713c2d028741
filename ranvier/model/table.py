"""A table drawn with box characters, its columns fixed and its words wrapped into them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ..callbacks.screen import columns_of, cut

Align = Literal["left", "right", "center"]


def draw(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    aligns: Sequence[Align],
    widths: Sequence[int],
    length: int,
) -> list[str]:
    """Return the lines of a table `length` cells wide.

    Args:
        header: the columns' titles.
        rows: the cells, row by row.
        aligns: "left", "right" or "center", a column each.
        widths: wished width a column; what borders and padding take is shared out evenly.
        length: cells from border to border.
    """
    inner = _fit(list(widths), length)
    lines = [_rule(inner, "┏━┳┓")]
    lines += _row(header, aligns, inner, "┃")
    lines.append(_rule(inner, "┡━╇┩"))
    for i, row in enumerate(rows):
        if i:
            lines.append(_rule(inner, "├─┼┤"))
        lines += _row(row, aligns, inner, "│")
    lines.append(_rule(inner, "└─┴┘"))
    return lines


def _fit(widths: list[int], length: int) -> list[int]:
    """Widths with padding that together leave room for the borders."""
    padded = [w + 2 for w in widths]
    room = length - len(widths) - 1
    excess, left = sum(padded) - room, len(padded)
    fitted = []
    for width in padded:
        taken = round(excess / left) if excess > 0 else 0
        fitted.append(width - taken)
        excess -= taken
        left -= 1
    missing = room - sum(fitted)
    if missing > 0:
        fitted[-1] += missing
    return fitted


def _rule(widths: Sequence[int], parts: str) -> str:
    left, line, cross, right = tuple(parts)
    return left + cross.join(line * w for w in widths) + right


def _row(row: Sequence[str], aligns: Sequence[Align], widths: Sequence[int], bar: str) -> list[str]:
    columns = [wrap(text, w - 2) for text, w in zip(row, widths, strict=True)]
    lines = []
    for i in range(max(len(c) for c in columns)):
        parts = [
            f" {_pad(column[i] if i < len(column) else '', w - 2, align)} "
            for column, w, align in zip(columns, widths, aligns, strict=True)
        ]
        lines.append(bar + bar.join(parts) + bar)
    return lines


def _pad(text: str, width: int, align: Align) -> str:
    free = max(0, width - columns_of(text))
    left = 0 if align == "left" else free if align == "right" else free // 2
    return " " * left + text + " " * (free - left)


def wrap(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width` cells; a longer word ends in "…".

    Example:
        >>> wrap("concatenate (Concatenate)", 19)
        ['concatenate', '(Concatenate)']
    """
    lines, line = [], ""
    for word in re.findall(r"\s*\S+\s*", text):
        if line and columns_of(line) + columns_of(word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word
    lines.append(line.rstrip())
    return [_crop(one, width) for one in lines]


def _crop(text: str, width: int) -> str:
    return text if columns_of(text) <= width else cut(text, width - 1) + "…"
