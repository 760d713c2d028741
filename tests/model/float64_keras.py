"""Trains nets with Keras in float64 (JAX needs x64 from its start, so this runs by itself)."""

from __future__ import annotations

import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import keras
import numpy as np


def main(path: str) -> None:
    """Write start weights, end weights and losses of each case to an .npz file."""
    from float64_cases import CASES, DATA, STEPS

    keras.config.set_floatx("float64")
    found = {}
    for name, (make, loss, target, optimizer) in CASES.items():
        model = make(keras)
        rng = np.random.default_rng(3)
        start = [rng.normal(size=w.shape) * 0.4 for w in model.get_weights()]
        model.set_weights(start)
        model.compile(optimizer(keras), loss, metrics=["mse"])
        x, y = DATA["x"], DATA[target]
        history = model.fit(x, y, batch_size=16, epochs=STEPS // 4, shuffle=False, verbose=0)
        found[f"{name}/loss"] = np.asarray(history.history["loss"])
        found[f"{name}/mse"] = np.asarray(history.history["mse"])
        for i, (a, b) in enumerate(zip(start, model.get_weights(), strict=True)):
            found[f"{name}/start{i}"], found[f"{name}/end{i}"] = a, b
    np.savez(path, **found)


if __name__ == "__main__":
    main(sys.argv[1])
