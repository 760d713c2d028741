"""The same start, the same data, the same order: the same losses and weights as Keras."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ranvier import constraints, layers, losses, metrics, optimizers, regularizers
from ranvier.model import Model, Sequential

pytestmark = [
    pytest.mark.oracle,
    # Keras' own variables lack the `copy` argument that NumPy asks for.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

RNG = np.random.default_rng(5)
X = RNG.normal(size=(75, 6)).astype("float32")
X2 = RNG.normal(size=(75, 3)).astype("float32")
CLASSES = RNG.integers(0, 4, 75)
BITS = (X[:, 0] > 0).astype("int64")
REAL = (X @ RNG.normal(size=6) + 0.3).astype("float32")
WEIGHTS = RNG.uniform(0.2, 2.0, 75).astype("float32")

#: Both sides sum in float32 in another order; the rounding grows with each step.
ONE_STEP, MANY_STEPS = 2e-6, 4e-5

OURS = SimpleNamespace(
    Sequential=Sequential, Model=Model, Input=layers.Input, layers=layers, losses=losses,
    metrics=metrics, optimizers=optimizers, regularizers=regularizers, constraints=constraints,
)  # fmt: skip


@pytest.fixture(scope="module")
def keras() -> Any:
    os.environ["KERAS_BACKEND"] = "jax"
    return pytest.importorskip("keras")


def stack(k: Any, units: int, activation: str | None, **options: Any) -> Any:
    return k.Sequential([
        k.Input((6,)),
        k.layers.Dense(9, activation="tanh", **options),
        k.layers.Dense(units, activation=activation, name="out"),
    ])  # fmt: skip


def frozen(k: Any) -> Any:
    model = k.Sequential([
        k.Input((6,)),
        k.layers.Dense(9, kernel_constraint=k.constraints.MaxNorm(0.8), kernel_regularizer="l1"),
        k.layers.Dense(5, kernel_regularizer="l2", name="frozen"),
        k.layers.Dense(1, bias_constraint="non_neg"),
    ])  # fmt: skip
    model.get_layer("frozen").trainable = False
    return model


def wide_and_deep(k: Any) -> Any:
    a, b = k.Input((6,), name="a"), k.Input((3,), name="b")
    hidden = k.layers.Dense(5, activation="relu", name="hidden")(a)
    joined = k.layers.Concatenate(name="joined")([hidden, b])
    return k.Model(
        [a, b], [k.layers.Dense(1, name="main")(joined), k.layers.Dense(4, name="aux")(hidden)]
    )


class Case:
    """One way to train: how the model is made and compiled, and on what."""

    def __init__(self, make: Callable[[Any], Any], compiled: Callable[[Any], dict[str, Any]],
                 x: Any, y: Any, **fit: Any) -> None:  # fmt: skip
        self.make, self.compiled, self.x, self.y, self.fit = make, compiled, x, y, fit


def sgd(k: Any) -> Any:
    return k.optimizers.SGD(0.1)


CASES = {
    "sparse": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": sgd(k), "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"],
    }, X, CLASSES),
    "sparse column": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": "sgd", "loss": ["sparse_categorical_crossentropy"], "metrics": ["acc"],
    }, X, CLASSES[:, None]),
    "logits": Case(lambda k: stack(k, 4, None), lambda k: {
        "optimizer": sgd(k), "loss": k.losses.SparseCategoricalCrossentropy(from_logits=True),
        "metrics": [k.metrics.SparseCategoricalAccuracy()],
    }, X, CLASSES),
    "one-hot": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": k.optimizers.RMSprop(0.01), "loss": k.losses.CategoricalCrossentropy(),
        "metrics": ["accuracy", "categorical_crossentropy"],
    }, X, np.eye(4)[CLASSES]),
    "binary": Case(lambda k: stack(k, 1, "sigmoid"), lambda k: {
        "optimizer": k.optimizers.Adam(0.01), "loss": "binary_crossentropy",
        "metrics": ["accuracy"], "weighted_metrics": ["accuracy"],
    }, X, BITS),
    "crossentropy": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": sgd(k), "loss": "crossentropy", "metrics": ["accuracy"],
    }, X, CLASSES),
    "regression": Case(lambda k: stack(k, 1, None), lambda k: {
        "optimizer": k.optimizers.SGD(0.05, momentum=0.9, nesterov=True), "loss": "mse",
        "metrics": ["mae", "RootMeanSquaredError"],
    }, X, REAL),
    "huber": Case(lambda k: stack(k, 1, None), lambda k: {
        "optimizer": k.optimizers.Nadam(0.01), "loss": k.losses.Huber(0.5), "metrics": ["mse"],
    }, X, REAL.astype("float64")),
    "default optimizer": Case(lambda k: stack(k, 1, None), lambda k: {"loss": "mae"}, X, REAL),
    "sample weights": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": sgd(k), "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"],
        "weighted_metrics": ["accuracy"],
    }, X, CLASSES, sample_weight=WEIGHTS),
    "class weights": Case(lambda k: stack(k, 4, "softmax"), lambda k: {
        "optimizer": sgd(k), "loss": "sparse_categorical_crossentropy",
    }, X, CLASSES, class_weight={0: 1.0, 1: 3.0, 2: 0.5, 3: 1.0}),
    "regularizers": Case(lambda k: stack(
        k, 1, None, kernel_regularizer=k.regularizers.L1L2(0.01, 0.02),
        bias_regularizer="l2", activity_regularizer=k.regularizers.L2(0.03),
    ), lambda k: {"optimizer": sgd(k), "loss": "mse", "metrics": ["mae"]}, X, REAL),
    "clipped": Case(lambda k: stack(k, 1, None), lambda k: {
        "optimizer": k.optimizers.Adam(0.01, clipnorm=0.1, weight_decay=0.01), "loss": "mse",
    }, X, REAL),
    "scheduled": Case(
        lambda k: stack(k, 1, None),
        lambda k: {
            "optimizer": k.optimizers.SGD(
                k.optimizers.schedules.ExponentialDecay(0.1, 5, 0.8), momentum=0.5
            ),
            "loss": "mse",
        },
        X,
        REAL,
    ),
    "accumulated": Case(
        lambda k: stack(k, 1, None),
        lambda k: {
            "optimizer": k.optimizers.Adam(0.01, gradient_accumulation_steps=3), "loss": "mse",
        },
        X,
        REAL,
    ),
    "constraints, frozen": Case(
        lambda k: frozen(k), lambda k: {"optimizer": sgd(k), "loss": "mse"}, X, REAL
    ),
    "two outputs": Case(wide_and_deep, lambda k: {
        "optimizer": sgd(k), "loss": ("mse", k.losses.SparseCategoricalCrossentropy(True)),
        "loss_weights": (0.9, 0.1), "metrics": ["mae", "accuracy"],
    }, (X, X2), (REAL, CLASSES)),
    "two outputs by name": Case(wide_and_deep, lambda k: {
        "optimizer": sgd(k), "metrics": {"main": ["mae", "mse"]},
        "loss": {"main": "mse", "aux": k.losses.SparseCategoricalCrossentropy(from_logits=True)},
    }, {"a": X, "b": X2}, {"main": REAL, "aux": CLASSES}),
    "one loss for both": Case(
        lambda k: wide_and_deep(k), lambda k: {"optimizer": "adam", "loss": "mse"},
        (X, X2), (REAL[:, None], np.eye(4, dtype="float32")[CLASSES]),
    ),
}  # fmt: skip


class Recorded:
    """What Keras did in one case: JAX compiles each model once, for both engines."""

    kept: dict[str, Any] = {}

    def __init__(self, case: Case, keras: Any) -> None:
        model = case.make(keras)
        model.compile(**case.compiled(keras))
        self.start = model.get_weights()
        self.runs = []
        for rows, epochs, _ in RUNS:
            history = model.fit(cut(case.x, rows), cut(case.y, rows), **options(case, rows, epochs))
            self.runs.append((history.history, model.get_weights()))
        self.logs = model.evaluate(
            cut(case.x, 64), cut(case.y, 64), batch_size=16, verbose=0, return_dict=True,
            **weights(case, 64),
        )  # fmt: skip

    @staticmethod
    def of(name: str, keras: Any) -> Recorded:
        if name not in Recorded.kept:
            Recorded.kept[name] = Recorded(CASES[name], keras)
        return Recorded.kept[name]


#: Rows, epochs and tolerance: one step, then twenty more, in batches of 16.
RUNS = ((16, 1, ONE_STEP), (64, 5, MANY_STEPS))


def options(case: Case, rows: int, epochs: int) -> dict[str, Any]:
    fit = {k: v if k == "class_weight" else v[:rows] for k, v in case.fit.items()}
    return fit | {"batch_size": 16, "epochs": epochs, "shuffle": False, "verbose": 0}


def weights(case: Case, rows: int) -> dict[str, Any]:
    return {k: v[:rows] for k, v in case.fit.items() if k == "sample_weight"}


def pair(case: Case, keras: Any) -> tuple[Any, Any]:
    theirs, ours = case.make(keras), case.make(OURS)
    theirs.compile(**case.compiled(keras))
    ours.compile(**case.compiled(OURS))
    ours.set_weights(theirs.get_weights())
    return theirs, ours


def close(ours: Any, theirs: Any, tolerance: float) -> None:
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=10 * tolerance, atol=tolerance)


def cut(value: Any, rows: int) -> Any:
    if isinstance(value, tuple):
        return tuple(v[:rows] for v in value)
    return {k: v[:rows] for k, v in value.items()} if isinstance(value, dict) else value[:rows]


@pytest.mark.parametrize("name", CASES)
def test_training(keras: Any, name: str) -> None:
    case, theirs = CASES[name], Recorded.of(name, keras)
    ours = case.make(OURS)
    ours.compile(**case.compiled(OURS))
    ours.set_weights(theirs.start)
    for (rows, epochs, tolerance), (a, w) in zip(RUNS, theirs.runs, strict=True):
        history = ours.fit(cut(case.x, rows), cut(case.y, rows), **options(case, rows, epochs))
        b = history.history
        assert list(b) == list(a)
        for key in a:
            np.testing.assert_allclose(b[key], a[key], rtol=10 * tolerance, atol=tolerance)
        close(ours.get_weights(), w, tolerance)
    found = ours.evaluate(
        cut(case.x, 64), cut(case.y, 64), batch_size=16, verbose=0, return_dict=True,
        **weights(case, 64),
    )  # fmt: skip
    assert list(found) == list(theirs.logs)
    np.testing.assert_allclose(
        list(found.values()), list(theirs.logs.values()), rtol=3e-4, atol=MANY_STEPS
    )


@pytest.mark.parametrize("name", ["sample weights", "two outputs"])
def test_partial_batches_lists_and_predictions(keras: Any, name: str) -> None:
    case = CASES[name]
    theirs, ours = pair(case, keras)
    fit = dict(case.fit, batch_size=16, epochs=2, shuffle=False, verbose=0, validation_split=0.2)
    a, b = theirs.fit(case.x, case.y, **fit).history, ours.fit(case.x, case.y, **fit).history
    assert list(b) == list(a)
    for key in a:
        np.testing.assert_allclose(b[key], a[key], rtol=1e-4, atol=1e-5)
    # Keras lists a weighted metric of the same name as a plain one twice.
    a = list(dict.fromkeys(theirs.evaluate(case.x, case.y, verbose=0)))
    b = list(dict.fromkeys(ours.evaluate(case.x, case.y, verbose=0)))
    np.testing.assert_allclose(b, a, rtol=1e-4, atol=1e-5)
    a, b = theirs.predict(case.x, verbose=0), ours.predict(case.x, verbose=0)
    assert type(a) is type(b)
    close(b if isinstance(b, list) else [b], a if isinstance(a, list) else [a], MANY_STEPS)
    for method in ("train_on_batch", "test_on_batch"):
        a = getattr(theirs, method)(case.x, case.y, return_dict=True)
        b = getattr(ours, method)(case.x, case.y, return_dict=True)
        np.testing.assert_allclose([b[k] for k in a], list(a.values()), rtol=1e-4, atol=1e-5)


def test_summaries(keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    def nested(k: Any) -> Any:
        inner = k.Sequential([k.Input((4,)), k.layers.Dense(3, name="first")], name="inner")
        long = k.layers.Dense(2, name="a_name_that_is_much_too_long_for_its_column")
        return k.Sequential([k.Input((4,)), inner, long], name="패션 MNIST 모델")

    def shared(k: Any) -> Any:
        a = k.Input((4,), name="a")
        twice = k.layers.Dense(4, name="twice")
        joined = k.layers.Concatenate(name="joined")([twice(a), twice(twice(a)), a])
        return k.Model(a, [joined, k.layers.Flatten(name="flat")(joined)], name="graph")

    def late(k: Any) -> Any:
        return k.Sequential([k.layers.Dense(2, name="a"), k.layers.Flatten(name="b")], name="late")

    for make in (nested, shared, late):
        theirs, ours = make(keras), make(OURS)
        for given in ({}, {"show_trainable": True}, {"expand_nested": True}, {"line_length": 70}):
            texts: list[str] = []
            theirs.summary(print_fn=texts.append, **given)
            ours.summary(print_fn=texts.append, **given)
            assert texts[1] == texts[0]


def test_configs_of_keras_are_read(keras: Any) -> None:
    import json

    for make, cls in ((lambda k: stack(k, 4, "softmax"), Sequential), (wide_and_deep, Model)):
        theirs = make(keras)
        config = json.loads(json.dumps(theirs.get_config()))
        ours = cls.from_config(config)
        ours.set_weights(theirs.get_weights())
        x = X if cls is Sequential else [X, X2]
        a, b = theirs.predict(x, verbose=0), ours.predict(x, verbose=0)
        close(b if isinstance(b, list) else [b], a if isinstance(a, list) else [a], 2e-6)


def test_keras_reads_our_configs(keras: Any) -> None:
    import json

    for make, cls in ((lambda k: stack(k, 4, "softmax"), "Sequential"), (wide_and_deep, "Model")):
        ours = make(OURS)
        theirs = getattr(keras, cls).from_config(json.loads(json.dumps(ours.get_config())))
        theirs.set_weights(ours.get_weights())
        x = X if cls == "Sequential" else [X, X2]
        a, b = theirs.predict(x, verbose=0), ours.predict(x, verbose=0)
        close(b if isinstance(b, list) else [b], a if isinstance(a, list) else [a], 2e-6)
