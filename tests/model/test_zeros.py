"""Tables that are mostly zeros: their products pass over zeros, and nobody sees it in a result."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import engines
from ranvier.data import Table
from ranvier.model import intake
from ranvier.model.feed import feed, mostly_zero

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
    assert mostly_zero(x) is zeros


def test_rows_of_a_table_count_as_a_table_of_their_own() -> None:
    x = np.concatenate([table(300, 100, 0.9), table(300, 100, 0.0)])
    for rows in (np.arange(300), np.arange(300, 600), np.arange(100)):
        assert mostly_zero(x, rows) is mostly_zero(x[rows])


def test_indices_are_not_multiplied() -> None:
    rows = Table([table(500, 784, 0.9)] * 3, [None], [None], [None])
    kinds = ("float32", "int32", "float32")
    inputs = [ranvier.KerasTensor((None, 784), kind) for kind in kinds]
    assert [spec.zeros for spec in feed(rows, inputs, 1, (True, True)).specs.x] == [1, 0, 0]


def trained(validation_rows: int, **settings: Any) -> list[Any]:
    """Return all that a user sees of training and what comes after it."""
    ranvier.utils.set_random_seed(3)
    model = ranvier.Sequential([
        ranvier.layers.Input((10, 10)), ranvier.layers.Flatten(),
        ranvier.layers.Dense(60, activation="relu"), ranvier.layers.Dense(3),
    ])  # fmt: skip
    loss = ranvier.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(ranvier.optimizers.SGD(0.1, momentum=0.9), loss, metrics=["accuracy"])
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
    monkeypatch.setattr(intake, "mostly_zero", lambda array, rows: False)
    for a, b in zip(found, trained(validation_rows, **settings), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)


def test_weights_lie_the_same_way_for_all_that_follows_training() -> None:
    model = ranvier.Sequential([ranvier.layers.Input((100,)), ranvier.layers.Dense(60)])
    model.compile("sgd", "mse")
    x, y = table(200, 100, 0.9), np.zeros((200, 60))
    homes = []
    for rows in (200, 150, 30):  # the last are too few to tell
        model.evaluate(x[:rows], y[:rows], verbose=0)
        model.fit(x[:rows], y[:rows], verbose=0, validation_data=(x[:9], y[:9]))
        homes.append(model.layers[0].kernel.home)
        model.predict(x[:rows], verbose=0)
        model.evaluate(x[:20], y[:20], verbose=0)
        assert model.layers[0].kernel.home is homes[-1]
    if engines.current().name == "native":
        assert [home.order for home in homes] == [(0, 1), (0, 1), (1, 0)]


def empty_margin() -> tuple[ranvier.Sequential, np.ndarray, np.ndarray]:
    """Return a model, and a table whose first ten inputs are always zero."""
    model = ranvier.Sequential([
        ranvier.layers.Input((100,)), ranvier.layers.Dense(60, "tanh"), ranvier.layers.Dense(1),
    ])  # fmt: skip
    x = table(300, 100, 0.6).astype("float32") / 255
    x[:, :10] = 0
    return model, x, x.sum(axis=1, keepdims=True)


def test_weights_that_no_step_met_show_in_the_loss_once_they_are_lost() -> None:
    model, x, y = empty_margin()
    model.compile(ranvier.optimizers.Adam(epsilon=0.0), "mse")
    with pytest.warns(RuntimeWarning, match="NaN"):
        seen = model.fit(x, y, batch_size=100, epochs=2, verbose=0, validation_data=(x, y)).history
    assert np.isnan([*seen["loss"], *seen["val_loss"]]).all()
    assert np.isnan(model.evaluate(x, y, verbose=0)) and np.isnan(model.predict(x)).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_lost_weights_that_were_given_show_in_the_loss(value: float) -> None:
    model, x, y = empty_margin()
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)
    kernel, *others = model.get_weights()
    kernel[3] = value
    model.set_weights([kernel, *others])
    assert np.isnan(model.evaluate(x, y, verbose=0)) and np.isnan(model.predict(x)).all()
    with pytest.warns(RuntimeWarning, match="became NaN at batch 1 "):
        assert np.isnan(model.fit(x, y, verbose=0).history["loss"]).all()
