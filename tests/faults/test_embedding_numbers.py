"""Numbers that an Embedding has no row for are refused before the first step."""

from __future__ import annotations

import copy
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


def parts() -> list[Any]:
    return [layers.Embedding(10, 4, name="words"), layers.Flatten(), layers.Dense(1)]


class Words(keras.Model):
    """A model in words of the user's own."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = parts()

    def call(self, x: Any) -> Any:
        for part in self.parts:
            x = part(x)
        return x


class Deep(Words):
    """The same, with the table in a model in a layer of the user's own, and another order."""

    def __init__(self) -> None:
        super().__init__()
        self.within = Within()

    def call(self, x: Any) -> Any:
        return self.parts[2](self.within(keras.ops.reshape(keras.ops.cast(x, "int32"), (-1, 7))))


class Within(layers.Layer):
    def __init__(self) -> None:
        super().__init__()
        self.inner = keras.Sequential(parts()[:2])

    def call(self, x: Any) -> Any:
        return self.inner(x)


MODELS: dict[str, Callable[[], Any]] = {
    "sequential": lambda: keras.Sequential(parts()),
    "subclass": Words,
    "deep": Deep,
    "layer in a sequential": lambda: keras.Sequential([Within(), layers.Dense(1)]),
}


def words(kind: str = "sequential") -> Any:
    model = MODELS[kind]()
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


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("built", [False, True], ids=["new", "built"])
@pytest.mark.parametrize("way", WAYS)
def test_a_number_without_a_row_is_named(way: str, built: bool, kind: str) -> None:
    model = words(kind)
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


class Pair(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.shifted = layers.Embedding(10, 4, name="w"), layers.Embedding(8, 4)
        self.end = layers.Dense(1)

    def call(self, x: Any) -> Any:
        a, b = (x["a"], x["b"]) if isinstance(x, dict) else x
        both = keras.ops.concatenate([self.words(a), self.shifted(b // 2)], axis=-1)
        return self.end(keras.ops.reshape(both, (-1, 7 * 8)))


@pytest.mark.parametrize("form", [list, dict])
def test_the_input_of_a_subclass_is_named_and_what_is_computed_passes(form: type) -> None:
    def given(a: Any, b: Any) -> Any:
        return [a, b] if form is list else {"a": a, "b": b}

    model = Pair()
    model.compile("sgd", "mse")
    model.fit(given(X, with_number(15)), Y, verbose=0)
    with pytest.raises(DataError, match="x for '.*': row 5 holds 10, .* Embedding 'w' has 10 rows"):
        model.fit(given(with_number(10), X), Y, verbose=0)
    again = copy.deepcopy(model)
    again.layers[0].input_dim = 5  # tells the copy's table from that of the first
    with pytest.raises(DataError, match="0 to 4, as Embedding 'w' has 5 rows"):
        again.predict(given(X, X), verbose=0)
    model.predict(given(X, X), verbose=0)


class Halved(Words):
    def train_step(self, data: Any) -> Any:
        x, y = data
        return super().train_step((x // 2, y))


def test_a_step_of_the_users_own_may_change_the_numbers_first() -> None:
    model = Halved()
    model.compile("sgd", "mse")
    model.fit(with_number(19), Y, verbose=0)
