"""Memory stays flat while a thousand models are built, trained one step and dropped."""

from __future__ import annotations

import subprocess

from benchmarks import environment
from benchmarks.run import Run
from benchmarks.table import figure

# A growth below this for 800 models (1.3 KB each) is the allocator's, not the models'.
GOAL_MB = 1.0

_MANY = """
import ctypes
import gc
import os
import numpy as np
import ranvier as keras
rng = np.random.default_rng(0)
x, y = rng.random((32, 784), np.float32), rng.integers(0, 10, 32).astype(np.uint8)
def resident():
    gc.collect()
    getattr(ctypes.CDLL(None), "malloc_trim", int)(0)  # what is free, and not at the heap's end
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
for i in range({models}):
    if i % 20 == 0:
        gc.collect()  # a dropped model waits for Python's collector, as with Keras
    model = keras.Sequential([keras.layers.Input((784,)),
        keras.layers.Dense(100, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    # The first one takes steps enough to wake every thread: each has memory of its own, once.
    rows = np.arange(32 * (1000 if i == 0 else 1)) % 32
    model.fit(x[rows], y[rows], batch_size=32, epochs=1, verbose=0)
    del model, rows
    if i + 1 == {models} // 5:
        first = resident()
print(first, resident())
"""


def measure(run: Run) -> None:
    """Compare the resident memory after a fifth of the models with that after all of them."""
    models = 100 if run.quick else 1000
    print(f"memory over {models} models", flush=True)
    found, grown = _resident(models), None
    if found is not None:
        early, late = found
        grown = late - early
        run.report.row(
            "Resident memory while models are built, trained one step and dropped, MB",
            **{f"after {models // 5}": figure(early), f"after {models}": figure(late)},
        )
    run.report.at_most(
        f"memory: growth from model {models // 5} to {models}", GOAL_MB, grown, " MB"
    )


def _resident(models: int) -> tuple[float, float] | None:
    """Return the megabytes after a fifth of the models and after all of them; None if it failed."""
    done = subprocess.run(
        [environment.interpreter("ranvier"), "-c", _MANY.format(models=models)],
        capture_output=True,
        text=True,
        env=environment.variables(),
    )
    if done.returncode:
        print("  " + (done.stderr.strip().splitlines() or ["failed"])[-1][:200], flush=True)
        return None
    early, late = map(float, done.stdout.split())
    return early, late
