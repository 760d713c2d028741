"""A model as a notebook shows it: the summary as a table."""

from __future__ import annotations

from html import escape
from typing import Any

from .summary import is_linear, rows_of, totals


def summary_html(model: Any) -> str:
    """Return the summary of a model as HTML."""
    linear = is_linear(model)
    header = ["Layer (type)", "Output Shape", "Param #"] + ([] if linear else ["Connected to"])
    rows = [
        [f"{row.name} ({row.kind})", row.shape, row.params, *([] if linear else [row.connected])]
        for row in rows_of(model)
    ]
    lines = "".join(f"<div>{escape(line.strip())}</div>" for line in totals(model))
    return (
        f"<b>Model: &quot;{escape(model.name)}&quot;</b><table><thead>{_row(header, 'th')}</thead>"
        f"<tbody>{''.join(_row(row, 'td') for row in rows)}</tbody></table>{lines}"
    )


def _row(cells: list[str], tag: str) -> str:
    parts = [
        f'<{tag} style="text-align: {"right" if i == 2 else "left"}">{escape(cell)}</{tag}>'
        for i, cell in enumerate(cells)
    ]
    return f"<tr>{''.join(parts)}</tr>"
