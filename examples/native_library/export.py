"""Writes fashion.so, fashion.o and fashion.h: a net for Fashion-MNIST as a native library.

    python export.py [model.keras [folder]]

Without a file it trains one for an epoch, or, where the pictures are not at hand, leaves the net
as it began: the programs run all the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ranvier as keras


def trained() -> keras.Model:
    """Return a small net for 28 x 28 pixels from 0 to 255."""
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ],
        name="fashion",
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    try:
        (x, y), _ = keras.datasets.fashion_mnist.load_data()
    except OSError as error:
        print(f"Not trained: {error}")
    else:
        model.fit(x, y, epochs=1)
    return model


def main() -> None:
    """Export a model that was saved, or a new one."""
    model = keras.models.load_model(sys.argv[1]) if len(sys.argv) > 1 else trained()
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
    model.export(folder / "fashion.o", verbose=True)  # with fashion.h; needs no compiler
    model.export(folder / "fashion.so", verbose=True)  # linked by cc


if __name__ == "__main__":
    main()
