"""Trains the table with Keras, and reads what it made of the rows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.training.train import Numbers

_ROOT = Path(__file__).parents[2]


class KerasRuns:
    """What Keras makes of the table, by float type: each in a process of its own, when asked for.

    Args:
        folder: where they leave their results.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, dict[str, Numbers]] = {}

    def of(self, dtype: str) -> dict[str, Numbers]:
        """Return the results of every row by name."""
        if dtype not in self._read:
            rows: dict[str, Numbers] = {}
            with np.load(self._run(dtype)) as numbers:
                for key in numbers.files:
                    name, _, result = key.partition("|")
                    rows.setdefault(name, {})[result] = numbers[key]
            self._read[dtype] = rows
        return self._read[dtype]

    def _run(self, dtype: str) -> Path:
        """Train every row with Keras, and return the file of results."""
        file = self._folder / f"{dtype}.npz"
        words = [sys.executable, "-m", "tests.training.keras_run", dtype, str(file)]
        ended = subprocess.run(words, cwd=_ROOT, capture_output=True, text=True)
        if ended.returncode != 0:
            raise RuntimeError(ended.stderr[-3000:])
        return file
