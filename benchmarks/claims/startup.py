"""What a user waits for before the first step: the import, and the compilation."""

from __future__ import annotations

import statistics
import subprocess
import tempfile

from benchmarks import environment
from benchmarks.run import Run
from benchmarks.table import figure, ratio

IMPORTS = {
    "NumPy": ("ranvier", "numpy"),
    "Ranvier": ("ranvier", "ranvier"),
    "Ranvier, and a first name": ("ranvier", "ranvier; ranvier.Sequential"),
    "scikit-learn MLP": ("sklearn", "sklearn.neural_network"),
    "Keras+JAX": ("jax", "keras"),
    "Keras+torch": ("torch", "keras"),
    "Keras+TF": ("tf", "keras"),
}
BACKENDS = {"tf": "tensorflow", "jax": "jax", "torch": "torch"}

_IMPORT = """
import time
start = time.perf_counter()
import {module}
print(time.perf_counter() - start)
"""

# The first call compiles (or reads the cache), the second does not; llvmlite's own import is
# measured apart, since it is the same whatever is compiled.
_FIRST_FIT = """
import time
import numpy as np
start = time.perf_counter()
import llvmlite.binding
loaded = time.perf_counter() - start
import ranvier as keras
rng = np.random.default_rng(0)
x, y = rng.random((32, 784), np.float32), rng.integers(0, 10, 32).astype(np.uint8)
model = keras.Sequential([keras.layers.Input((784,)), *(
    keras.layers.Dense(units, activation="relu") for units in {hidden}
), keras.layers.Dense(10, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
times = []
for _ in range(3):
    start = time.perf_counter()
    model.fit(x, y, batch_size=32, epochs=1, verbose=0)
    times.append(time.perf_counter() - start)
print(times[0] - min(times[1:]), loaded)
"""


def measure(run: Run) -> None:
    """Measure imports in fresh processes, turn about, then compilation without and with a cache.

    A start from the cache lasts ten milliseconds, which scatter: there are three of each.
    """
    _imports(run)
    for name, hidden in (("784-100-10", [100]), ("784-300-100-10", [300, 100])):
        _compilation(run, name, hidden)


def _imports(run: Run) -> None:
    print("imports", flush=True)
    names = {
        label: place
        for label, place in IMPORTS.items()
        if place[0] == "ranvier" or run.has(place[0])
    }
    seconds: dict[str, list[float]] = {label: [] for label in names}
    for turn in range(3 * run.turns):
        for label, (where, module) in names.items():
            # Seconds each: the large ones need fewer turns.
            if where == "ranvier" or turn < 3:
                extra = {"KERAS_BACKEND": BACKENDS[where]} if where in BACKENDS else {}
                answer = _python(where, _IMPORT.format(module=module), extra)
                if answer:
                    seconds[label].append(answer[0])
    middle = {label: statistics.median(v) if v else None for label, v in seconds.items()}
    run.report.row(
        "Milliseconds to import, in a fresh process",
        what="import",
        **{label: figure(v * 1e3 if v else None) for label, v in middle.items()},
    )
    gain = ratio(middle["Ranvier"], middle["NumPy"])
    run.report.at_most("import ranvier, of import numpy", 1.3, gain, "x")


def _compilation(run: Run, name: str, hidden: list[int]) -> None:
    print(f"first fit, {name}", flush=True)
    cold, warm, loaded = [], [], []
    for _ in range(run.turns):
        with tempfile.TemporaryDirectory() as folder:
            for times in (cold, warm, warm, warm):
                answer = _python(
                    "ranvier", _FIRST_FIT.format(hidden=hidden), {"RANVIER_CACHE": folder}
                )
                if answer:
                    times.append(answer[0] * 1e3)
                    loaded.append(answer[1] * 1e3)
    first, again, library = (statistics.median(v) if v else None for v in (cold, warm, loaded))
    run.report.row(
        "Milliseconds that a first `fit` takes longer than a second one",
        network=name,
        **{
            "nothing cached": figure(first),
            "cached on disk": figure(again),
            "import of llvmlite, not in these": figure(library),
        },
    )
    run.report.at_most(f"{name}: cold first fit compiles in", 250, first, " ms")
    run.report.at_most(f"{name}: warm first fit compiles in", 10, again, " ms")


def _python(where: str, code: str, extra: dict[str, str]) -> list[float] | None:
    done = subprocess.run(
        [environment.interpreter(where), "-c", code],
        capture_output=True,
        text=True,
        env=environment.variables(extra),
        cwd=tempfile.gettempdir(),
    )
    if done.returncode:
        print("  " + (done.stderr.strip().splitlines() or ["failed"])[-1][:200], flush=True)
        return None
    return [float(word) for word in done.stdout.split()[-2:]]
