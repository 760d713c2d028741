"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Keras, where it is the oracle, computes with JAX; it asks when it is imported first.
os.environ.setdefault("KERAS_BACKEND", "jax")


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Collect test files only: `--doctest-modules` would import scripts that set up a process."""
    if collection_path.suffix == ".py" and not collection_path.name.startswith("test_"):
        return True
    return None
