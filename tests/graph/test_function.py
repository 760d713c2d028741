"""What users may give in place of an object: functions, which must take what they are given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import (
    activations,
    callbacks,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    models,
    ops,
    optimizers,
    regularizers,
)
from ranvier.graph.errors import ArgumentTypeError
from ranvier.graph.function import accepts, takes


def none() -> float:
    return 1.0


def three(a: Any, b: Any, c: Any) -> Any:
    return a


REFUSED: list[tuple[Callable[[Any], object], str, str]] = [
    (activations.get, "activation", "x"),
    (regularizers.get, "regularizer", "x"),
    (constraints.get, "constraint", "w"),
    (initializers.get, "initializer", "shape, dtype="),
    (losses.LossFunctionWrapper, "loss", "y_true, y_pred"),
    (metrics.MeanMetricWrapper, "metric", "y_true, y_pred"),
]


@pytest.mark.parametrize(("taker", "place", "wanted"), REFUSED)
def test_a_function_of_other_arguments_is_refused(
    taker: Callable[[Any], object], place: str, wanted: str
) -> None:
    for function, shown in ((none, r"none\(\)"), (three, r"three\(a, b, c\)")):
        words = f"{place}: got {shown}, expected a function of .{wanted}."
        with pytest.raises(ArgumentTypeError, match=words):
            taker(function)


@pytest.mark.parametrize("argument", ["loss", "metrics"])
def test_compile_refuses_a_function_of_one_argument(argument: str) -> None:
    model = ranvier.Sequential([layers.Input((2,)), layers.Dense(1)])
    given = {"loss": "mse", argument: none if argument == "loss" else [none]}
    with pytest.raises(ArgumentTypeError, match=r"got none\(\).*function of \(y_true, y_pred\)"):
        model.compile("sgd", **given)
        model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)


def test_functions_with_more_than_they_need_are_taken() -> None:
    def more(y_true: Any, y_pred: Any, scale: float = 1.0) -> Any:
        return scale * (y_true - y_pred)

    assert (
        float(metrics.MeanMetricWrapper(more, scale=2.0)(np.float32([3]), np.float32([1]))) == 4.0
    )
    assert takes(lambda *xs: xs, "metric", "y_true", "y_pred")(1, 2) == (1, 2)
    assert takes(min, "metric", "y_true", "y_pred") is min
    with pytest.raises(ArgumentTypeError, match="function of .y_true, y_pred, off=."):
        metrics.MeanMetricWrapper(more, off=2.0)
    assert accepts(min, "y_true") and not accepts(more, "y_true")


def _fitted(**given: Any) -> None:
    model = ranvier.Sequential([layers.Input((2,)), layers.Dense(1)])
    watching = given.pop("callbacks", None)
    model.compile(**{"optimizer": "sgd", "loss": "mse", **given})
    model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0, callbacks=watching)


def _model() -> Any:
    return ranvier.Sequential([layers.Input((2,)), layers.Dense(1)])


def _functional() -> Any:
    entry = layers.Input((2,))
    return ranvier.Model(entry, layers.Dense(1)(entry))


def _batches() -> Any:
    return ranvier.utils.timeseries_dataset_from_array(np.zeros(8), np.zeros(8), 2)


def _many(makers: Any) -> None:
    model = _model()
    model.compile(loss="mse")
    ranvier.fit_many([model], np.zeros((4, 2)), np.zeros((4, 1)), callbacks=makers)


#: What takes the function -> the words of the refusal of `three`, or of `none`.
FUNCTIONS: list[tuple[str, Callable[[], object], str]] = [
    ("schedule", lambda: callbacks.LearningRateScheduler(none),
     r"LearningRateScheduler, `schedule`: got none\(\), .* \(epoch, learning_rate\)"),
    ("hook", lambda: callbacks.LambdaCallback(on_epoch_end=none),
     r"LambdaCallback, `on_epoch_end`: got none\(\), expected a function of \(epoch, logs\)"),
    ("hook of begin", lambda: callbacks.LambdaCallback(on_train_begin=three),
     r"`on_train_begin`: got three\(a, b, c\), expected a function of \(logs\)"),
    ("mask", lambda: layers.Lambda(lambda x: x, mask=none), r"`mask`: .* \(inputs, mask\)"),
    ("rate", lambda: optimizers.SGD(three), r"SGD, `learning_rate`: got three.* function of \(\)"),
    ("standardize", lambda: layers.TextVectorization(standardize=none),
     r"TextVectorization '.*', `standardize`: got none\(\), expected a function of \(texts\)"),
    ("split", lambda: layers.TextVectorization(split=three), r"`split`: .* \(texts\)"),
    ("cond", lambda: ops.cond(True, none, three), r"cond, `false_fn`: .* \(\)"),
    ("fori_loop", lambda: ops.fori_loop(0, 2, none, 0), r"`body_fun`: .* \(i, value\)"),
    ("switch", lambda: ops.switch(0, [none], 1.0), r"switch, `branches`: .* \(operand_1\)"),
    ("map", lambda: list(_batches().map(none)), r"Dataset.map, `function`: .* \(x, y\)"),
    ("variable", lambda: ranvier.Variable(none, shape=(2,)),
     r"Variable, `initializer`: .* \(shape, dtype=\)"),
    ("state", lambda: metrics.Mean().add_variable((2,), none),
     r"`initializer`: .* \(shape, dtype\)"),
    ("clone's calls", lambda: models.clone_model(_functional(), call_function=none),
     r"clone_model, `call_function`: .* \(layer, input_1\)"),
    ("clone", lambda: models.clone_model(_model(), clone_function=none),
     r"clone_model, `clone_function`: .* \(layer\)"),
    ("print", lambda: _model().summary(print_fn=none), r"summary, `print_fn`: .* \(text\)"),
    ("many", lambda: _many(three), r"fit_many, `callbacks`: .* \(\)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("take", "words"), [case[1:] for case in FUNCTIONS], ids=[case[0] for case in FUNCTIONS]
)
def test_wherever_a_function_is_given_its_arguments_are_told(
    take: Callable[[], object], words: str
) -> None:
    with pytest.raises(ArgumentTypeError, match=words):
        take()


class Loss(losses.Loss):
    def call(self, y_true: Any) -> Any:  # type: ignore[override]
        return y_true


class Metric(metrics.Metric):
    def update_state(self, y_true: Any) -> None:  # type: ignore[override]
        pass

    def result(self) -> Any:
        return 0.0


class Call(layers.Layer):
    def call(self, a: Any, b: Any) -> Any:
        return a


class Build(layers.Layer):
    def build(self) -> None:  # type: ignore[override]
        pass

    def call(self, inputs: Any) -> Any:
        return inputs


class Rate(optimizers.schedules.LearningRateSchedule):
    def __call__(self) -> Any:  # type: ignore[override]
        return 0.1


class Optimizer(optimizers.Optimizer):
    def update_step(self, gradient: Any) -> None:  # type: ignore[override]
        pass


class Model(ranvier.Sequential):
    def train_step(self, x: Any, y: Any) -> Any:  # type: ignore[override]
        return {}


class Shout(callbacks.Callback):
    trained = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.trained += 1

    def on_epoch_end(self, epoch: int) -> None:  # type: ignore[override]
        pass


def _own_step() -> None:
    model = Model([layers.Input((2,)), layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)


#: Methods that a class of the user's own writes with other arguments than it gets.
METHODS: list[tuple[str, Callable[[], object], str]] = [
    ("loss", lambda: _fitted(loss=Loss()),
     r"Loss.call: got call\(y_true\), expected a function of \(y_true, y_pred\)"),
    ("metric", lambda: _fitted(metrics=[Metric()]),
     r"Metric.update_state: got update_state\(y_true\), .* \(y_true, y_pred, sample_weight=\)"),
    ("call", lambda: Call(name="c")(np.zeros((2, 2))),
     r"Call 'c', `call`: got call\(a, b\), expected a function of \(input_1\)"),
    ("build", lambda: Build(name="b")(np.zeros((2, 2))),
     r"Build 'b', `build`: got build\(\), expected a function of \(input_shape\)"),
    ("rate", lambda: optimizers.SGD(Rate()),
     r"SGD, `learning_rate`: got Rate\(\), expected a function of \(step\)"),
    ("update", lambda: _fitted(optimizer=Optimizer(0.1)),
     r"Optimizer.update_step: got update_step\(gradient\), .* \(gradient, variable, rate\)"),
    ("step", _own_step, r"Model.train_step: got train_step\(x, y\), .* function of \(data\)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("run", "words"), [case[1:] for case in METHODS], ids=[case[0] for case in METHODS]
)
def test_a_method_of_other_arguments_is_told(run: Callable[[], object], words: str) -> None:
    with pytest.raises(ArgumentTypeError, match=words):
        run()


def test_a_hook_of_other_arguments_is_told_before_the_first_step() -> None:
    shout = Shout()
    words = r"Shout.on_epoch_end: got on_epoch_end\(epoch\), expected a function of \(epoch, logs\)"
    with pytest.raises(ArgumentTypeError, match=words):
        _fitted(callbacks=[shout])
    assert not shout.trained


def test_an_error_inside_a_function_stays_what_it_is() -> None:
    class Broken(losses.Loss):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            raise TypeError("of its own")

    with pytest.raises(TypeError, match="^of its own$") as caught:
        _fitted(loss=Broken())
    assert type(caught.value) is TypeError


#: Keywords that nobody takes, and the nearest that somebody does.
MISSPELT: list[tuple[str, Callable[[], object], str]] = [
    ("callback", lambda: callbacks.EarlyStopping(patient=3),
     "EarlyStopping: got an unknown keyword `patient`. Did you mean 'patience'"),
    ("loss", lambda: losses.Huber(dleta=2.0), "Huber: got .* `dleta`. Did you mean 'delta'"),
    ("metric", lambda: metrics.Precision(treshold=0.5),
     "Precision: got .* `treshold`. Did you mean 'thresholds'"),
    ("regularizer", lambda: regularizers.L2(lam=0.1), "L2: got .* `lam`. Known names: l2.$"),
    ("initializer", lambda: initializers.RandomNormal(sttdev=0.1),
     "RandomNormal: got .* `sttdev`. Did you mean 'stddev'"),
    ("constraint", lambda: constraints.MaxNorm(max_val=2), "Did you mean 'max_value'"),
    ("schedule", lambda: optimizers.schedules.ExponentialDecay(
        learning_rate=0.1, decay_steps=1, decay_rate=1.0), "mean 'initial_learning_rate'"),
    ("compile", lambda: models.Sequential().compile(metric=["accuracy"]),
     "compile: got an unknown keyword `metric`. Did you mean 'metrics'"),
    ("fit", lambda: models.Sequential().fit([[1.0]], [1.0], nb_epoch=5),
     "fit: got an unknown keyword `nb_epoch`. Did you mean 'epochs'"),
    ("evaluate", lambda: models.Sequential().evaluate([[1.0]], batchsize=5),
     "evaluate: got .* Did you mean 'batch_size'"),
    ("predict", lambda: models.Sequential().predict([[1.0]], verbos=0), "mean 'verbose'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("run", "words"), [case[1:] for case in MISSPELT], ids=[case[0] for case in MISSPELT]
)
def test_a_misspelt_keyword_is_told_with_the_nearest(run: Callable[[], object], words: str) -> None:
    with pytest.raises(ArgumentTypeError, match=words):
        run()


def test_classes_of_the_users_own_may_take_any_keyword() -> None:
    class Mine(metrics.Mean):
        def __init__(self, scale: float = 1.0, **more: Any) -> None:
            super().__init__(**more)

    assert Mine(scale=2.0, name="mine").name == "mine"
    assert list(inspect.signature(models.Model.fit).parameters)[:3] == ["self", "x", "y"]
