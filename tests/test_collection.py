"""Files of several folders in one command: the tests in each find the fixtures beside them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = ("callbacks/test_callback.py", "test_collection.py", "callbacks/test_early_stopping.py")


def test_fixtures_are_found_again() -> None:
    plan = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--setup-plan"]
    paths = [f"tests/{name}" for name in FILES]
    done = subprocess.run([*plan, *paths], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
