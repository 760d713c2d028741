"""What holds for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Collect test files only: `--doctest-modules` would import scripts that set up a process."""
    if collection_path.suffix == ".py" and not collection_path.name.startswith("test_"):
        return True
    return None
