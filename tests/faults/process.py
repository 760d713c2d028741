"""Scripts in a process of their own: what they print, and that they end."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

PRELUDE = """
import os, signal, sys, threading, time
import numpy as np
import ranvier as keras

rng = np.random.default_rng(0)
X = rng.normal(size=(4000, 50)).astype("float32")
Y = rng.integers(0, 3, 4000)

def net(units=100):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([
        keras.layers.Dense(units, activation="relu", input_shape=(50,)),
        keras.layers.Dense(units, activation="relu"),
        keras.layers.Dense(3, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model

def loss_of(model):
    return float(model.evaluate(X, Y, verbose=0)[0])

def when_training(model, act):
    # Call `act` once the first epochs of a fit are done.
    def wait():
        while model.history is None or len(model.history.epoch) < 3:
            time.sleep(0.005)
        act()
    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread
"""


def run(script: str, folder: Path, timeout: float = 120, **environment: str) -> str:
    """Run a script after the prelude, and return what it printed.

    It must end by itself, with code 0 and nothing on standard error.
    """
    done = start(script, folder, timeout, **environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return str(done.stdout)


def start(script: str, folder: Path, timeout: float = 120, **environment: str) -> Any:
    """Run a script after the prelude, and return the process as it ended."""
    path = folder / "script.py"
    path.write_text(PRELUDE + textwrap.dedent(script), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(path)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, cwd=folder,
        capture_output=True, text=True, encoding="utf-8", timeout=timeout,
    )  # fmt: skip
