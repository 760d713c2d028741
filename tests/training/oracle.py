"""Starts Keras on the training table, and reads what it made of the rows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.training.train import Numbers

_ROOT = Path(__file__).parents[2]
#: Compiling takes nearly all of Keras' time; without LLVM's passes and XLA's own emitters it takes
#: a quarter. A version of XLA that does not know the flags ends at once, and goes without them.
_FLAGS = "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"


class KerasRuns:
    """Both float types, each in a process of its own, side by side.

    Args:
        folder: where they leave their results.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {dtype: folder / f"{dtype}.npz" for dtype in ("float32", "float64")}
        self._runs = {dtype: self._start(dtype, _FLAGS) for dtype in self._files}
        self._read: dict[str, dict[str, Numbers]] = {}

    def _start(self, dtype: str, flags: str) -> subprocess.Popen[Any]:
        words = [sys.executable, "-m", "tests.training.keras_run", dtype, str(self._files[dtype])]
        environment = {**os.environ, "XLA_FLAGS": flags}
        with open(self._files[dtype].with_suffix(".log"), "a") as log:
            return subprocess.Popen(words, cwd=_ROOT, env=environment, stdout=log, stderr=log)

    def of(self, dtype: str) -> dict[str, Numbers]:
        """Return the results of every row by name, once they are all there."""
        if dtype not in self._read:
            file = self._files[dtype]
            if self._runs[dtype].wait() != 0:
                self._runs[dtype] = self._start(dtype, "")
                if self._runs[dtype].wait() != 0:
                    raise RuntimeError(file.with_suffix(".log").read_text()[-3000:])
            rows: dict[str, Numbers] = {}
            with np.load(file) as numbers:
                for key in numbers.files:
                    name, _, result = key.partition("|")
                    rows.setdefault(name, {})[result] = numbers[key]
            self._read[dtype] = rows
        return self._read[dtype]

    def stop(self) -> None:
        """End what still runs."""
        for run in self._runs.values():
            run.kill()
            run.wait()
