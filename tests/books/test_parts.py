"""Parts of readers' own, as the second book has them: trained, saved, compared with Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import ranvier
from tests.books.parts import classes, huber

RNG = np.random.default_rng(42)
X = RNG.normal(size=(70, 8)).astype("float32")
Y = (X[:, :1] * 2 - X[:, 1:2] + 0.1 * RNG.normal(size=(70, 1))).astype("float32")
WEIGHTS = RNG.random(70).astype("float32")


def _stack(k: Any, *last: Any) -> Any:
    first = k.layers.Dense(6, activation="relu")
    return k.Sequential([k.Input((8,)), first, *(last or [k.layers.Dense(1)])])


def _own_everything(k: Any, c: dict[str, Any]) -> Any:
    return _stack(k, k.layers.Dense(
        1, activation=c["my_softplus"], kernel_initializer=c["my_uniform"],
        kernel_regularizer=c["MyL1"](0.01), bias_regularizer=c["my_l1"],
        kernel_constraint=c["my_positive"],
    ))  # fmt: skip


def _two_inputs(k: Any, c: dict[str, Any]) -> Any:
    whole = k.Input((8,))
    a, b = k.layers.Dense(5)(whole), k.layers.Dense(5)(whole)
    joined = k.layers.concatenate(list(c["Three"]()((a, b))))
    return k.Model(whole, k.layers.Dense(1)(joined))


#: The model, and what it is compiled with; sample weights where a metric takes them.
ROWS: dict[str, Any] = {
    "loss function": (lambda k, c: _stack(k), lambda k, c: {"loss": c["huber_fn"]}),
    "loss class": (
        lambda k, c: _stack(k),
        lambda k, c: {"loss": c["HuberLoss"](2.0), "metrics": ["mae"]},
    ),
    "activation, regularizers, constraint": (_own_everything, lambda k, c: {"loss": "mse"}),
    "metrics": (
        lambda k, c: _stack(k),
        lambda k, c: {
            "loss": c["HuberLoss"](2.0), "metrics": [c["HuberMetric"](2.0, name="huber")],
            "weighted_metrics": [c["HuberMean"](2.0)],
        },
    ),
    "dense": (
        lambda k, c: _stack(k, c["MyDense"](4, activation="relu"), c["MyDense"](1)),
        lambda k, c: {"loss": "mse"},
    ),
    "several inputs and outputs": (_two_inputs, lambda k, c: {"loss": "mse"}),
    "layers in a list": (lambda k, c: c["ResidualRegressor"](1), lambda k, c: {"loss": "mse"}),
    "losses and metrics added": (lambda k, c: c["Reconstructing"](1), lambda k, c: {"loss": "mse"}),
    "optimizer": (
        lambda k, c: _stack(k),
        lambda k, c: {"loss": "mse", "optimizer": c["MyMomentum"](0.01, momentum=0.8)},
    ),
    "schedule": (
        lambda k, c: _stack(k),
        lambda k, c: {"loss": "mse", "optimizer": k.optimizers.SGD(c["Halving"](0.05))},
    ),
}  # fmt: skip


def _trained(k: Any, row: str) -> Any:
    make, arguments = ROWS[row]
    known = classes(k)
    model = make(k, known)
    model(X[:2])
    for variable in model.trainable_variables:
        size = int(np.prod(variable.shape))
        variable.assign(np.cos(np.arange(size)).reshape(variable.shape).astype("float32") * 0.5)
    model.compile(**{"optimizer": "nadam", **arguments(k, known)})
    weights = {"sample_weight": WEIGHTS} if row == "metrics" else {}
    return model, model.fit(X, Y, epochs=3, shuffle=False, verbose=0, **weights).history


@pytest.mark.parametrize("row", ROWS)
def test_they_train_and_come_back_from_a_file(row, tmp_path):
    model, history = _trained(ranvier, row)
    assert history["loss"][-1] < max(history["loss"])  # a constraint may undo the first steps
    path = tmp_path / "model.keras"
    with pytest.warns(UserWarning, match="can never be loaded by itself"):
        model.save(path)
    again = ranvier.models.load_model(path, custom_objects=classes(ranvier))
    assert np.array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    weights = {"sample_weight": WEIGHTS} if row == "metrics" else {}
    a, b = (m.fit(X, Y, shuffle=False, verbose=0, **weights).history for m in (model, again))
    assert a == b


@pytest.mark.oracle
@pytest.mark.parametrize("row", ROWS)
def test_the_same_code_on_keras(row):
    import keras

    (mine, a), (other, b) = _trained(ranvier, row), _trained(keras, row)
    assert a.keys() - {"error"} == b.keys()
    for key in b:
        assert a[key] == pytest.approx(b[key], rel=2e-4), key
    pairs = zip(mine.trainable_variables, other.trainable_variables, strict=True)
    for v, w in pairs:
        assert np.allclose(v.numpy(), np.asarray(w.value), atol=2e-5), v.path


def test_names_that_are_registered_need_no_custom_objects(tmp_path):
    @ranvier.saving.register_keras_serializable(package="Own")
    class Scale(ranvier.layers.Layer):
        def __init__(self, factor=2.0, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, inputs):
            return inputs * self.factor

    try:
        model = ranvier.Sequential([ranvier.Input((8,)), Scale(3.0), ranvier.layers.Dense(1)])
        model.save(tmp_path / "m.keras")
        again = ranvier.models.load_model(tmp_path / "m.keras")
        assert np.array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    finally:
        ranvier.saving.get_custom_objects().pop("Own>Scale")


def test_a_streaming_metric_by_hand():
    metric = classes(ranvier)["HuberMetric"](2.0)
    assert float(metric(np.float32([[2.0]]), np.float32([[10.0]]))) == 14
    assert float(metric(np.float32([[0.0], [5.0]]), np.float32([[1.0], [9.25]]))) == 7
    assert [v.numpy() for v in metric.variables] == [21, 3]
    metric.reset_state()
    assert [v.numpy() for v in metric.variables] == [0, 0]
    assert type(metric).from_config(metric.get_config()).threshold == 2.0
    assert float(huber(ranvier, 1.0)(np.float32(0), np.float32(3))) == 2.5
