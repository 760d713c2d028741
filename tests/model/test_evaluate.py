"""Evaluation: order of values, forms, weights, callbacks."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.callbacks import Callback
from ranvier.graph.errors import DataError
from ranvier.layers import Dense, Input
from ranvier.model import Model, Sequential


def test_loss_alone_list_and_dict(digits, classifier, numbers):
    x, y = digits
    loss, accuracy = classifier.evaluate(x, y, verbose=0)
    found = classifier.evaluate(x, y, return_dict=True, verbose=0)
    assert found == {"loss": loss, "accuracy": accuracy}
    hits = classifier.predict(x, verbose=0).argmax(1) == y
    assert accuracy == pytest.approx(hits.mean())
    model = Sequential([Input((4,)), Dense(1)])
    model.compile(loss="mse")
    assert isinstance(model.evaluate(*numbers, verbose=0), float)


def test_partial_batches_count_by_rows(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    whole = np.mean((model.predict(x, verbose=0)[:, 0] - y) ** 2)
    for batch in (1, 7, 32, 70, 1000):
        assert model.evaluate(x, y, batch_size=batch, verbose=0) == pytest.approx(whole, rel=1e-5)


def test_steps_take_the_first_rows(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    first = model.evaluate(x[:20], y[:20], verbose=0)
    assert model.evaluate(x, y, batch_size=10, steps=2, verbose=0) == pytest.approx(first)


def test_order_with_several_outputs(two_outputs):
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(9, 2)), rng.normal(size=(9, 4))]
    y = [rng.normal(size=9), rng.normal(size=9)]
    two_outputs.compile("sgd", ("mse", "mse"), metrics=["mae", "mae"])
    values = two_outputs.evaluate(x, y, verbose=0)
    named = two_outputs.evaluate(x, y, return_dict=True, verbose=0)
    names = ["loss", "main_loss", "aux_loss", "aux_mae", "main_mae"]
    assert values == [named[name] for name in names]
    assert two_outputs.metrics_names == names
    assert named["loss"] == pytest.approx(named["main_loss"] + named["aux_loss"])


def test_losses_of_a_dict_come_in_its_order():
    rng = np.random.default_rng(0)
    x, b, a = Input((2,)), Dense(1), Dense(1)
    model = Model(x, {"b": b(x), "a": a(x)})
    y = {"b": rng.normal(size=9), "a": rng.normal(size=9)}
    for names in (["b", "a"], ["a", "b"]):
        model.compile("sgd", dict.fromkeys(names, "mse"))
        values = model.evaluate(rng.normal(size=(9, 2)), y, verbose=0)
        assert model.metrics_names == ["loss", *(f"{name}_loss" for name in names)]
        assert values == [model.get_metrics_result()[name] for name in model.metrics_names]


class Pair(Model):
    """A model whose outputs have no names but those that their form gives."""

    def __init__(self, form):
        super().__init__()
        self.form, self.first, self.second = form, Dense(1), Dense(1)

    def call(self, x):
        return self.form(self.first(x), self.second(x))


def _listed(*two):
    return list(two)


def _keyed(first, second):
    return {"b": first, "a": second}


@pytest.mark.parametrize("called", [False, True])
@pytest.mark.parametrize(
    "form, losses, metrics, names",
    [
        (_listed, ["mse", "mae"], [["mape"], ["mae", "mse"]],
         ["loss", "mape", "mae", "mse", "mse_loss", "mae_loss"]),
        (_keyed, ["mse", "mae"], [["mape"], ["mse", "mae"]],
         ["loss", "a_loss", "b_loss", "a_mape", "b_mae", "b_mse"]),
        (_keyed, {"b": "mse", "a": "mae"}, {"b": ["mse", "mae"]},
         ["loss", "b_loss", "a_loss", "b_mae", "b_mse"]),
    ],
    ids=["list", "dict", "dict of losses"],
)  # fmt: skip
def test_order_of_a_subclassed_model(form, losses, metrics, names, called):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 2)), form(rng.normal(size=9), rng.normal(size=9))
    model = Pair(form)
    if called:
        model(x)
    model.compile("sgd", losses, metrics=metrics)
    values, logs = model.test_on_batch(x, y), model.test_on_batch(x, y, return_dict=True)
    assert model.metrics_names == names
    assert values == [logs[name] for name in names]
    assert list(logs) == sorted(names)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(values)


def test_metrics_by_name_for_one_output_that_has_none(numbers):
    x, y = numbers

    class One(Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(1)

        def call(self, x):
            return self.dense(x)

    model = One()
    model.compile("sgd", "mse", metrics={"price": ["mae", "mse"]})
    assert sorted(model.evaluate(x, y, verbose=0, return_dict=True)) == ["loss", "mae", "mse"]


def test_evaluate_changes_no_weights(digits, classifier):
    before = classifier.get_weights()
    classifier.evaluate(*digits, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, classifier.get_weights(), strict=True))


def test_sample_weights_and_batches_of_a_generator(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    weights = np.linspace(0, 2, 70)
    error = model.predict(x, verbose=0)[:, 0] - y
    loss, mae = model.evaluate(x, y, sample_weight=weights, verbose=0)
    assert loss == pytest.approx(np.mean(weights * error**2), rel=1e-5)
    assert mae == pytest.approx(np.sum(weights * np.abs(error)) / weights.sum(), rel=1e-5)
    batches = ((x[i : i + 10], y[i : i + 10], weights[i : i + 10]) for i in range(0, 70, 10))
    assert model.evaluate(batches, verbose=0) == pytest.approx([loss, mae])


def test_callbacks_of_a_test(digits, classifier):
    seen = []

    class Watch(Callback):
        def on_test_begin(self, logs=None):
            seen.append("begin")

        def on_test_batch_end(self, batch, logs=None):
            seen.append(batch)

        def on_test_end(self, logs=None):
            seen.append(sorted(logs))

    classifier.evaluate(*digits, batch_size=32, callbacks=[Watch()], verbose=0)
    assert seen == ["begin", 0, 1, 2, ["accuracy", "loss"]]


def test_no_rows(digits, classifier):
    x, y = digits
    with pytest.raises(DataError, match="no rows"):
        classifier.evaluate(x[:0], y[:0], verbose=0)


def test_what_an_inner_model_was_compiled_with_does_not_count(numbers):
    x, y = numbers
    inner = Sequential([Input((4,)), Dense(1)])
    inner.compile(loss="mae", metrics=["mae"])
    outer = Sequential([Input((4,)), inner])
    outer.compile(loss="mse", metrics=["mae"])
    loss, error = outer.evaluate(x, y, verbose=0)
    assert outer.metrics_names == ["loss", "mae"]
    wanted = np.reshape(y, -1) - outer.predict(x, verbose=0)[:, 0]
    assert loss == pytest.approx(np.mean(wanted**2), rel=1e-5)
    assert error == pytest.approx(np.mean(np.abs(wanted)), rel=1e-5)
