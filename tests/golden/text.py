"""Compares a text with the one kept in this folder; `RANVIER_GOLDEN=write` keeps the new one."""

from __future__ import annotations

import os
from pathlib import Path


def golden(name: str, text: str) -> None:
    """Check that a text is the golden one of that name."""
    path = Path(__file__).with_name(f"{name}.txt")
    if os.environ.get("RANVIER_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is no longer what comes out"
