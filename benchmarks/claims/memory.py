"""Memory stays flat while a thousand models are built, trained one step and dropped."""

from __future__ import annotations

import subprocess

from benchmarks import environment
from benchmarks.run import Run
from benchmarks.table import figure

# A growth below this for 800 models (1.3 KB each) is the allocator's, not the models'.
GOAL_MB = 1.0

_MANY = """
import gc
import os
import numpy as np
import ranvier as keras
rng = np.random.default_rng(0)
x, y = rng.random((32, 784), np.float32), rng.integers(0, 10, 32).astype(np.uint8)
def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
for i in range({models}):
    if i % 20 == 0:
        gc.collect()  # a dropped model waits for Python's collector, as with Keras
    model = keras.Sequential([keras.layers.Input((784,)),
        keras.layers.Dense(100, activation="relu"), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=32, epochs=1, verbose=0)
    del model
    if i + 1 == {models} // 5:
        first = resident()
print(first, resident())
"""


def measure(run: Run) -> None:
    """Compare the resident memory after a fifth of the models with that after all of them."""
    models = 100 if run.quick else 1000
    print(f"memory over {models} models", flush=True)
    done = subprocess.run(
        [environment.interpreter("ranvier"), "-c", _MANY.format(models=models)],
        capture_output=True,
        text=True,
        env=environment.variables(),
    )
    grown = None
    if done.returncode:
        print("  " + (done.stderr.strip().splitlines() or ["failed"])[-1][:200], flush=True)
    else:
        early, late = (float(word) for word in done.stdout.split())
        grown = late - early
        run.report.row(
            "Resident memory while models are built, trained one step and dropped, MB",
            **{f"after {models // 5}": figure(early), f"after {models}": figure(late)},
        )
    run.report.at_most(
        f"memory: growth from model {models // 5} to {models}", GOAL_MB, grown, " MB"
    )
