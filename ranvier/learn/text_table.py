"""Tables as text, as HTML, and as a pandas frame where pandas is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any


def cell(value: Any) -> str:
    """Return a value as a table shows it.

    Example:
        >>> cell(0.123456), cell(3), cell("relu"), cell(None)
        ('0.1235', '3', 'relu', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}" if 1e-3 <= abs(value) < 1e6 or value == 0 else f"{value:.3e}"
    return str(value)


def text(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table with its columns set flush right, the first flush left."""
    lines = [list(head), *([cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            word.rjust(width) if k else word.ljust(width)
            for k, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def html(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a table as a notebook shows it."""
    top = "".join(f"<th>{escape(word)}</th>" for word in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell(value))}</td>" for value in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def frame(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """Return a table as a pandas frame, or as a dict of lists where pandas is not installed."""
    columns = {name: [row[k] for row in rows] for k, name in enumerate(head)}
    try:
        from pandas import DataFrame
    except ImportError:
        return columns
    return DataFrame(columns)
