"""What one run has at hand: usable peers, data on disk, how long to measure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import environment
from benchmarks.table import Report


@dataclass
class Run:
    """The settings of one run and the report that it fills."""

    peers: set[str]
    turns: int
    quick: bool
    report: Report

    def data(self, name: str) -> str:
        """Return the path (less its ending) of a data set that every worker can read."""
        rows = {"fashion": 60_000, "housing": 11_610, "words": 6_400}[name]
        rows = 3_200 if self.quick else rows
        prefix = environment.HOME / "data" / f"{name}-{rows}"
        if not Path(f"{prefix}-y.npy").exists():
            prefix.parent.mkdir(parents=True, exist_ok=True)
            x, y = {"fashion": _fashion, "housing": _housing, "words": _words}[name]()
            np.save(f"{prefix}-x.npy", x[:rows])
            np.save(f"{prefix}-y.npy", y[:rows])
        return str(prefix)

    def has(self, *names: str) -> list[str]:
        """Return those of the named peers that can be used."""
        return [name for name in names if name in self.peers]


def _fashion() -> tuple[np.ndarray, np.ndarray]:
    from ranvier.datasets import fashion_mnist

    (x, y), _ = fashion_mnist.load_data()
    return x.reshape(len(x), 784).astype(np.float32) / np.float32(255), y


def _housing() -> tuple[np.ndarray, np.ndarray]:
    from ranvier.datasets import california_housing

    (x, y), _ = california_housing.load_data()
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    return x.astype(np.float32), (y / 100_000).astype(np.float32)[:, None]


def _words() -> tuple[np.ndarray, np.ndarray]:
    """Numbers of words of which one, somewhere in the text, decides the label."""
    rng = np.random.default_rng(0)
    x = rng.integers(1, 500, (6_400, 100)).astype(np.int32)
    return x, (x == 7).any(axis=1).astype(np.float32)[:, None]
