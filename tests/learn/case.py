"""Small data and models for the tests of many networks at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

import ranvier
from ranvier import layers


def made_classes(rows: int = 90) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of three classes that a small network tells apart, in no order."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, 4)).astype(np.float32)
    return x, (x[:, 0] > 0).astype(np.int64) + (x[:, 1] > 0.3)


def net(units: int = 5, rate: float = 0.01, dropout: float = 0.2) -> Any:
    """Return a compiled classifier of three classes."""
    model = ranvier.Sequential([
        layers.Input((4,)), layers.Dense(units, "relu"), layers.Dropout(dropout),
        layers.Dense(3, "softmax"),
    ])  # fmt: skip
    model.compile(
        ranvier.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def alone(build: Any, x: Any, y: Any, fold: Any, **arguments: Any) -> Any:
    """Return the model that a fold's seed and rows make where no other model is."""
    ranvier.utils.set_random_seed(fold.seed)
    model = build()
    ranvier.utils.set_random_seed(fold.seed)
    model.fit(x[fold.train], y[fold.train], verbose=0, **arguments)
    return model


def same_weights(a: Any, b: Any) -> bool:
    """Tell whether two models have the same bits as weights."""
    pairs = zip(a.get_weights(), b.get_weights(), strict=True)
    return all(np.array_equal(one, other) for one, other in pairs)


def same(a: Any, b: Any) -> bool:
    """Tell whether two searches found the same, but for the time they took."""
    return [(c.number, c.params, c.value, c.state, c.history) for c in a.candidates] == [
        (c.number, c.params, c.value, c.state, c.history) for c in b.candidates
    ]


_KILLED = """
import os, signal
from pathlib import Path
from ranvier.callbacks import Callback
from {module} import find

class Kill(Callback):
    def on_epoch_end(self, epoch, logs=None):
        lines = Path({folder!r}, "records.jsonl")
        if lines.exists() and lines.read_bytes().count(b"\\n") >= {lines}:
            os.kill(os.getpid(), signal.SIGKILL)

find(folder={folder!r}, callbacks=lambda: [Kill()], **{change!r})
"""


def killed(module: str, folder: Path, lines: int, **change: Any) -> None:
    """Run the `find` of a test module in a process that ends once a folder has so many records."""
    root = Path(__file__).parents[2]
    code = _KILLED.format(module=module, folder=str(folder), lines=lines, change=change)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr
