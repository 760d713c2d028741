"""Numbers that an Embedding has no row for are refused before the first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import ranvier as keras
from ranvier.errors import DataError

layers = keras.layers
RNG = np.random.default_rng(0)
X = RNG.integers(0, 10, (64, 7))
Y = RNG.integers(0, 2, (64, 1))


def words() -> Any:
    model = keras.Sequential(
        [layers.Embedding(10, 4, name="words"), layers.Flatten(), layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    return model


def with_number(number: Any) -> np.ndarray:
    x = X.astype(np.asarray(number).dtype)
    x[5, 3] = number
    return x


def batches(x: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    yield from ((x[i : i + 16], Y[i : i + 16]) for i in range(0, 64, 16))


WAYS: dict[str, Callable[[Any, np.ndarray], Any]] = {
    "fit": lambda m, x: m.fit(x, Y, verbose=0),
    "validation": lambda m, x: m.fit(X, Y, validation_data=(x, Y), verbose=0),
    "generator": lambda m, x: m.fit(batches(x), verbose=0),
    "evaluate": lambda m, x: m.evaluate(x, Y, verbose=0),
    "predict": lambda m, x: m.predict(x, verbose=0),
    "one row": lambda m, x: m.predict(x[5:6], verbose=0),
    "train_on_batch": lambda m, x: m.train_on_batch(x, Y),
}


@pytest.mark.parametrize("built", [False, True], ids=["new", "built"])
@pytest.mark.parametrize("way", WAYS)
def test_a_number_without_a_row_is_named(way: str, built: bool) -> None:
    model = words()
    if built:
        model.fit(X, Y, verbose=0)
        model.predict(X[:1], verbose=0)
        before = model.get_weights()
    row = 0 if way == "one row" else 5
    with pytest.raises(DataError, match=rf"x.*: row {row} holds 10, .* 0 to 9, as Embedding 'words'"
                       r" has 10 rows. Give that layer input_dim=11 or more"):  # fmt: skip
        WAYS[way](model, with_number(10))
    if built and way not in ("generator", "validation"):
        for a, b in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("number", [-1, -0.5, np.nan, np.inf, 10.0], ids=str)
def test_other_numbers_that_are_none_of_a_row(number: Any) -> None:
    with pytest.raises(DataError, match=f"row 5 holds {number}"):
        words().fit(with_number(number), Y, verbose=0)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64", "float32", "bool"])
def test_numbers_of_any_type_that_have_rows_pass(dtype: str) -> None:
    words().fit((X % 2 if dtype == "bool" else X).astype(dtype), Y, verbose=0)


def test_the_smaller_of_two_tables_and_the_input_it_reads_are_named() -> None:
    a, b = keras.Input((7,), name="a"), keras.Input((7,), name="b")
    large, small = layers.Embedding(12, 4), layers.Embedding(10, 4, name="small")
    both = layers.Concatenate()([large(a), large(b), small(b)])
    model = keras.Model([a, b], layers.Dense(1)(layers.Flatten()(both)))
    model.compile("sgd", "mse")
    model.fit([with_number(11), X], Y, verbose=0)
    with pytest.raises(DataError, match="x for 'b': row 5 holds 11, .* Embedding 'small'"):
        model.fit([X, with_number(11)], Y, verbose=0)
    with pytest.raises(DataError, match="x for 'a': row 5 holds 12, .* 0 to 11"):
        model.fit([with_number(12), X], Y, verbose=0)


def test_a_table_in_a_model_within_the_model() -> None:
    inner = keras.Sequential([keras.Input((7,)), layers.Embedding(10, 4, name="inside")])
    model = keras.Sequential([inner, layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(DataError, match="row 5 holds 10, .* Embedding 'inside' has 10 rows"):
        model.fit(with_number(10), Y, verbose=0)
