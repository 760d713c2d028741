"""Trains the whole table with Keras 3 on JAX and keeps the results; a process of its own.

python -m tests.training.keras_run DTYPE OUT.npz: JAX reads at its start whether it may use
float64, and the time that it compiles must not count twice.
"""

from __future__ import annotations

import gc
import os
import sys
import warnings

DTYPE = sys.argv[1]
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1" if DTYPE == "float64" else "0"

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src.backend.common import dtypes, stateless_scope  # noqa: E402

from tests.training.table import TABLE  # noqa: E402
from tests.training.train import train  # noqa: E402


def main(path: str) -> None:
    """Write {row/result: numbers} to an .npz file; a row that fails leaves its error."""
    warnings.simplefilter("ignore")
    # Each row ends with a collection, which would walk over all of JAX and Keras.
    gc.freeze()
    gc.disable()
    if DTYPE == "float64":
        # On JAX, Keras rounds float64 to float32 in some functions, mean and tanh among them.
        dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    _keep_losses()
    found = {}
    for name, row in TABLE.items():
        if DTYPE == "float64" and not row.float64:
            continue
        try:
            results = train(keras, row, DTYPE)
        except Exception as error:
            results = {"error": np.array(f"{type(error).__name__}: {error}"[:2000])}
        found.update((f"{name}|{key}", value) for key, value in results.items())
    np.savez(path, **found)


def _keep_losses() -> None:
    """Let no loss of a layer die: Keras knows them by `id`, and drops new ones with an old `id`.

    A layer forgets the ids of its last trace when it is called again, after the layers before it
    have added their losses: where Python gave one of these the address of a dead one, it is gone
    (seen once: the penalty of an activity was missing in the partial batch of `evaluate`).
    """
    add, kept = stateless_scope.StatelessScope.add_loss, []

    def add_and_keep(scope: stateless_scope.StatelessScope, loss: object) -> None:
        kept.append(loss)
        add(scope, loss)

    stateless_scope.StatelessScope.add_loss = add_and_keep


if __name__ == "__main__":
    main(sys.argv[2])
