"""The small parts of the room: the door of a model, the pace of calls, feeds, slots, advice."""

from __future__ import annotations

import threading
import time
import warnings

import numpy as np
import pytest

from ranvier import losses, ops
from ranvier.data import Table
from ranvier.graph import Graph
from ranvier.graph.check import check
from ranvier.graph.errors import BusyError, OpenBatchError
from ranvier.graph.node import input_node
from ranvier.layers import Activation, Dense, Flatten, Input, Layer, Rescaling, Softmax
from ranvier.model import Sequential, slots, step
from ranvier.model.busy import Busy
from ranvier.model.feed import feed, fitted
from ranvier.model.pace import TARGET_SECONDS, Pace
from ranvier.model.program import ProgramCache, StepProgram
from ranvier.model.step import Spec, Specs


# --- busy ---------------------------------------------------------------------------------------
def test_training_is_alone():
    busy = Busy()
    with busy.training("fit", "m"):
        assert busy.is_training
        with pytest.raises(BusyError, match="in a callback"), busy.training("fit", "m"):
            pass
        with busy.reading("predict", "m"):
            pass
    with busy.training("fit", "m"):
        pass


def test_readers_wait_for_each_other():
    busy, order = Busy(), []

    def read(name):
        with busy.reading("predict", "m"):
            order.append(f"{name} in")
            time.sleep(0.02)
            order.append(f"{name} out")

    threads = [threading.Thread(target=read, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [w.split()[1] for w in order] == ["in", "out", "in", "out"]


# --- pace ---------------------------------------------------------------------------------------
def test_pace_finds_calls_of_twenty_milliseconds():
    pace = Pace()
    for _ in range(20):
        pace.took(pace.steps, pace.steps * 1e-4)
    assert pace.steps == pytest.approx(TARGET_SECONDS / 1e-4, abs=1)
    pace.took(pace.steps, 100.0)
    assert pace.steps == 1


def test_a_fixed_pace_stays():
    pace = Pace(3)
    pace.took(3, 1e-9)
    assert pace.steps == 3


# --- feed ---------------------------------------------------------------------------------------
def test_labels_and_small_integers_keep_their_kind():
    x = np.zeros((4, 2), np.uint8)
    y = np.zeros(4, np.int64)
    found = feed(Table([x], [y], [np.ones(4)]), [Input((2,))], 1)
    assert found.specs == Specs(
        (Spec((2,), "float32"),), (Spec((), "int64"),), (Spec((), "float32"),)
    )
    assert found.arrays[0] is x
    ints = feed(Table([x]), [Input((2,), dtype="int32")], 1)
    assert ints.specs.x[0].dtype == "int32"
    assert ints.specs.y == (None,)


def test_a_last_axis_of_one_comes_and_goes():
    assert fitted(np.zeros(3), Input((1,))).shape == (3, 1)
    assert fitted(np.zeros((3, 2, 1)), Input((2,))).shape == (3, 2)
    assert fitted(np.zeros((3, 5)), Input((2,))).shape == (3, 5)


# --- slots and advice ---------------------------------------------------------------------------
def test_slots_name_layers_and_losses():
    model = Sequential([Input((4,), name="x"), Dense(3, name="head")])
    model.compile("sgd", losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1))
    assert slots.inputs_of(model)[0][:3] == ("x", (None, 4), "Dense 'head'")
    assert slots.outputs_of(model)[0] == (
        "head", (None, 3), "Dense 'head'", "sparse_categorical_crossentropy", True, -1,
    )  # fmt: skip


def test_own_losses_have_no_name_there():
    def mse(y_true, y_pred):
        return y_pred

    assert slots.loss_name(mse) == ""
    assert slots.loss_name(losses.MeanSquaredError()) == "mean_squared_error"
    assert slots.loss_name("mse") == "mse"


def test_models_that_scale_their_input():
    assert slots.is_scaled(Sequential([Input((2, 2)), Flatten(), Rescaling(1 / 255), Dense(1)]))
    assert not slots.is_scaled(Sequential([Input((2,)), Dense(1)]))


@pytest.mark.parametrize(
    ("last", "loss", "words"),
    [
        ([Dense(3)], "sparse_categorical_crossentropy", "Write activation='softmax'"),
        ([Dense(3)], "categorical_crossentropy", "Write activation='softmax'"),
        ([Dense(3), Activation("softmax")], "sparse_categorical_crossentropy", None),
        ([Dense(3), Softmax()], "sparse_categorical_crossentropy", None),
        ([Dense(3, activation="softmax")],
         losses.SparseCategoricalCrossentropy(from_logits=True), "applied twice"),
        ([Dense(3)], losses.SparseCategoricalCrossentropy(from_logits=True), None),
        ([Dense(3)], "mse", None),
    ],
)  # fmt: skip
def test_loss_against_last_activation(last, loss, words):
    model = Sequential([Input((2,)), *[type(layer).from_config(layer.get_config())
                                       for layer in last]])  # fmt: skip
    model.compile("sgd", loss)
    x, y = np.eye(2), np.array([0, 1])
    if loss in ("categorical_crossentropy", "mse"):
        y = np.eye(3)[y]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y, epochs=1, verbose=0)
        model.fit(x, y, epochs=1, verbose=0)
    told = [str(w.message) for w in caught]
    assert len(told) == (words is not None)
    assert all(words in one for one in told)


# --- steps and programs -------------------------------------------------------------------------
SPECS = Specs((Spec((4,), "float32"),), (Spec((), "float32"),), (None,))


def regression():
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def test_steps_are_whole_graphs():
    model = regression()
    train = check(step.train_step(model, SPECS))
    test = check(step.test_step(model, SPECS))
    predict = check(step.predict_step(model, Specs(SPECS.x)))
    assert len(train.inputs) == len(test.inputs) == 2
    changed = {v for v, _ in train.updates}
    assert set(model.weights) <= changed
    assert not set(model.weights) & {v for v, _ in test.updates}
    assert predict.outputs[0].shape == (None, 1)
    assert not predict.updates


def test_an_exact_size_where_rows_mix():
    asked = []

    def trace(rows):
        asked.append(rows)
        if rows is None:
            raise OpenBatchError("rows mix")
        x = input_node("x", (rows, 2), "float32")
        return Graph((x,), (ops.flip(x, axis=0),))

    program = StepProgram(trace, 4)
    x = np.arange(12, dtype="float32").reshape(6, 2)
    out = np.empty((6, 2), "float32")
    program.run([x], np.arange(6), 4, [out])
    assert np.array_equal(out, np.concatenate([x[3::-1], x[:3:-1]]))
    assert asked == [None, 4, 2]
    assert not program.open
    assert program.outputs == [((None, 2), "float32")]


def test_a_layer_that_mixes_rows_trains(numbers):
    class Centred(Layer):
        def call(self, inputs):
            return inputs - ops.flip(inputs, axis=0)

    x, y = numbers
    model = Sequential([Input((4,)), Centred(), Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(x, y, batch_size=32, epochs=2, verbose=0).history["loss"]) == 2
    assert model.predict(x, verbose=0).shape == (70, 1)


def test_programs_are_made_once():
    cache, made = ProgramCache(), []

    def make():
        made.append(1)
        return object()

    first = cache.get(("train", 1), make)
    assert cache.get(("train", 1), make) is first
    cache.clear()
    assert cache.get(("train", 1), make) is not first
    assert len(made) == 2


def test_fit_twice_traces_once(numbers, monkeypatch):
    model = regression()
    traced = []
    original = type(model).forward

    def counting(self, x, training):
        traced.append(training)
        return original(self, x, training)

    monkeypatch.setattr(type(model), "forward", counting)
    for _ in range(3):
        model.fit(*numbers, validation_data=numbers, epochs=2, verbose=0)
    assert traced == [True, False]
