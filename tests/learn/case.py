"""Small data and models for the tests of many networks at once."""

from __future__ import annotations

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
