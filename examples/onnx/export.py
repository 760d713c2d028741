"""Writes words.onnx: a recurrent net for sequences of word numbers as an ONNX file.

    python export.py [folder]

It learns to tell whether low numbers outweigh high ones, from sequences of any length up to 20.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import ranvier as keras


def sequences(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return word numbers from 1 to 49, 0 where a sequence has ended, and what to tell."""
    rng = np.random.default_rng(0)
    x = rng.integers(1, 50, (rows, 20))
    x[np.arange(20) >= rng.integers(5, 21, rows)[:, None]] = 0
    return x.astype("int32"), (x > 25).sum(1) < ((x > 0) & (x <= 25)).sum(1)


def trained() -> keras.Model:
    """Return a net that embeds words and reads them with an LSTM."""
    model = keras.Sequential(
        [
            keras.layers.Input((20,), dtype="int32", name="words"),
            keras.layers.Embedding(50, 8, mask_zero=True),
            keras.layers.LSTM(8),
            keras.layers.Dense(1, activation="sigmoid", name="low"),
        ],
        name="words",
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(*sequences(4000), epochs=2, verbose=2)
    return model


def main() -> None:
    """Train and export."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    trained().export(folder / "words.onnx", verbose=True)


if __name__ == "__main__":
    main()
