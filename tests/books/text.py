"""What a model's summary prints, as the books show it."""

from __future__ import annotations

import os
import re
from typing import Any
from unittest import mock


def rows(model: Any) -> list[tuple[str, str, str]]:
    """Return (class of the layer, output shape, parameters) as printed, one a row."""
    found = re.findall(r"\((\w+)\)\s*│ (\(.*?\))\s*│\s*([\d,]+) │", text(model))
    return [(kind, shape, count) for kind, shape, count in found]


def counts(model: Any) -> list[str]:
    """Return the parameters of each layer as printed."""
    return re.findall(r"│\s*([\d,]+) │$", text(model), re.MULTILINE)


def text(model: Any) -> str:
    """Return all that a summary prints on a wide terminal."""
    lines: list[str] = []
    with mock.patch.dict(os.environ, COLUMNS="140"):
        model.summary(print_fn=lines.append)
    return "\n".join(lines)
