"""What an inventory notices: attributes set anywhere, lists and dicts that change in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier.graph import Variable
from ranvier.layers import Dense, Input, Layer
from ranvier.metrics import Mean
from ranvier.model import Model, Sequential


class Bag(Model):
    """A model that holds layers in every way."""

    def __init__(self) -> None:
        super().__init__()
        self.many: list[Any] = []
        self.named: dict[str, Any] = {"deep": [(Dense(1), [])]}
        self.one = Dense(2)

    def call(self, x: Any) -> Any:
        return self.one(x)


def made() -> Dense:
    layer = Dense(1)
    layer.build((None, 3))
    return layer


CHANGES: dict[str, Callable[[Bag], Any]] = {
    "a list grows": lambda m: m.many.append(made()),
    "a dict grows": lambda m: m.named.update(more=made()),
    "a list in a tuple grows": lambda m: m.named["deep"][0][1].append(made()),
    "a value of a dict is another": lambda m: m.named.update(deep=[made()]),
    "an attribute is set": lambda m: setattr(m, "two", made()),
    "an attribute below is set": lambda m: setattr(m.one, "inner", made()),
    "a weight is made": lambda m: m.one.add_weight(shape=(2,), name="more"),
    "a layer is built": lambda m: m.one.build((None, 3)),
    "a variable is set": lambda m: setattr(m.one, "scale", Variable(1.0)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_variables_are_found_after_a_change(change: Callable[[Bag], Any]) -> None:
    model = Bag()
    before = model.variables
    assert model._inventory() is model._inventory()
    change(model)
    assert len(model.variables) > len(before)
    assert model._inventory() is model._inventory()


def test_what_is_taken_away_is_gone() -> None:
    model = Bag()
    model.two, model.tracker = made(), Mean()
    model.many.append(made())
    assert len(model.variables) == 4 and model.metrics == [model.tracker]
    model.many.clear()
    assert len(model.variables) == 2
    del model.two
    assert model.variables == []
    model.tracker = None
    assert model.metrics == []


def test_whether_a_variable_trains_is_asked_anew() -> None:
    model = Sequential([Input((3,)), Dense(2)])
    assert len(model.trainable_variables) == 2
    model.layers[0].kernel.trainable = False
    assert len(model.trainable_variables) == 1
    model.trainable = False
    assert model.trainable_variables == []


def test_a_metric_of_a_layer_of_an_inner_model_is_found() -> None:
    inner = Sequential([Input((3,)), Dense(2)])
    outer = Sequential([Input((3,)), inner, Dense(1)])
    assert outer.metrics == []
    inner.layers[0].tracker = Mean(name="late")
    assert [m.name for m in outer.metrics] == ["late"]
    inner.add(Dense(4))
    assert len(outer.variables) == 6


class Counting(Layer):
    """Counts how often its attributes are looked through."""

    looks = 0

    def _held(self) -> list[Any]:
        Counting.looks += 1
        return super()._held()

    def call(self, x: Any) -> Any:
        return x * 1.0


def test_runs_do_not_look_through_layers_again() -> None:
    model = Sequential([Input((3,)), Counting(), Dense(1)])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 3), np.float32), np.ones((4, 1), np.float32)

    def runs() -> None:
        model.fit(x, y, verbose=0)
        model.evaluate(x, y, verbose=0)
        model.train_on_batch(x, y)
        model.test_on_batch(x, y)
        model.predict_on_batch(x)

    runs()  # which compiles
    runs()
    looks = Counting.looks
    runs()
    assert Counting.looks == looks > 0
