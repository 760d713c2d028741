"""Tables that are mostly zeros: their products pass over zeros, and nobody sees it in a result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier.data import Table
from ranvier.model import feed as feed_room
from ranvier.model.feed import feed

RNG = np.random.default_rng(0)


def table(rows: int, width: int, share: float) -> np.ndarray:
    """Return rows of which about a share of the numbers is zero."""
    x = RNG.integers(1, 256, (rows, width))
    return (x * (RNG.random(x.shape) >= share)).astype("uint8")


@pytest.mark.parametrize(
    ("x", "zeros"),
    [
        (table(500, 784, 0.5), True),
        (table(500, 784, 0.5).reshape(-1, 28, 28) / 255, True),
        (table(500, 784, 0.2), False),  # multiplying is faster
        (table(100, 784, 0.9), False),  # done before that pays
        (table(500, 20, 0.9), False),
        (np.zeros((500, 784)), True),
    ],
    ids=["half", "pictures", "few", "short", "narrow", "nothing else"],
)
def test_which_tables_are_mostly_zeros(x: np.ndarray, zeros: bool) -> None:
    inputs = [ranvier.KerasTensor(x.shape, "float32")]
    rows = Table([x], [None], [None], [None])
    assert feed(rows, inputs, 1, zeros=True).specs.x[0].zeros is zeros
    assert not feed(rows, inputs, 1).specs.x[0].zeros
    numbers = [ranvier.KerasTensor(x.shape, "int32")]  # indices are not multiplied
    assert x.dtype.kind == "f" or not feed(rows, numbers, 1, zeros=True).specs.x[0].zeros


def trained(validation_rows: int, **settings: Any) -> list[Any]:
    """Return all that a user sees of training and what comes after it."""
    ranvier.utils.set_random_seed(3)
    model = ranvier.Sequential([
        ranvier.layers.Input((10, 10)), ranvier.layers.Flatten(),
        ranvier.layers.Dense(60, activation="relu"), ranvier.layers.Dense(3),
    ])  # fmt: skip
    loss = ranvier.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(ranvier.optimizers.Adam(0.01, clipnorm=1.0), loss, metrics=["accuracy"])
    rng = np.random.default_rng(1)
    x = (rng.random((300, 10, 10)) * (rng.random((300, 10, 10)) < 0.3)).astype("float32")
    y = rng.integers(0, 3, 300)
    history = model.fit(
        x, y, epochs=3, verbose=0, validation_data=(x[:validation_rows], y[:validation_rows]),
        **settings,
    )  # fmt: skip
    seen = [history.history[name] for name in sorted(history.history)]
    seen += [model.evaluate(x, y, verbose=0), model.predict(x, verbose=0)]
    seen += [model.predict(x[:1], verbose=0), model.train_on_batch(x[:50], y[:50])]
    model.fit(x, y, verbose=0)
    return [np.asarray(a) for a in (*seen, *model.get_weights(), *model.optimizer.variables)]


@pytest.mark.parametrize(
    "settings", [{}, {"batch_size": 100, "class_weight": {0: 1.0, 1: 2.0, 2: 0.5}}]
)
@pytest.mark.parametrize("validation_rows", [20, 200])
def test_no_result_tells(
    validation_rows: int, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = trained(validation_rows, **settings)
    monkeypatch.setattr(feed_room, "_mostly_zero", lambda array: False)
    for a, b in zip(found, trained(validation_rows, **settings), strict=True):
        assert a.tobytes() == b.tobytes()
