"""What TensorBoard gets to see of a training."""

from __future__ import annotations

import json

import numpy as np
import pytest

import ranvier as keras
from ranvier.callbacks import TensorBoard
from ranvier.graph.errors import ArgumentError
from tests.save.read_events import events

X = np.random.default_rng(0).normal(size=(40, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def net(**options):
    model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"], **options)
    return model


def written(folder, part):
    (path,) = (folder / part).glob("events.out.tfevents.*.v2")
    return events(path)[1:]


def of(found, tag):
    return [(event["step"], float(event["value"])) for event in found if event["tag"] == tag]


def test_epochs_validations_histograms_and_the_graph(tmp_path):
    model = net()
    board = TensorBoard(tmp_path, histogram_freq=2)
    history = model.fit(X, Y, batch_size=10, epochs=3, verbose=0, validation_data=(X, Y),
                        callbacks=[board]).history  # fmt: skip
    train, validation = written(tmp_path, "train"), written(tmp_path, "validation")
    for name in ("loss", "mae"):
        for found, key in ((train, name), (validation, f"val_{name}")):
            steps, values = zip(*of(found, f"epoch_{name}"), strict=True)
            assert steps == (0, 1, 2) and values == pytest.approx(history[key], rel=1e-6)
        steps, values = zip(*of(validation, f"evaluation_{name}_vs_iterations"), strict=True)
        assert steps == (4, 8, 12) and values == pytest.approx(history[f"val_{name}"], rel=1e-6)
    assert of(train, "epoch_learning_rate") == [(i, pytest.approx(0.05)) for i in range(3)]
    histograms = [e for e in train if e["plugin"] == "histograms"]
    assert [e["step"] for e in histograms] == [0] * 4 + [2] * 4
    assert histograms[0]["tag"].endswith("/kernel/histogram")
    assert histograms[0]["value"][:, 2].sum() == 6
    config = json.loads(next(e for e in train if e["tag"] == "keras")["value"])
    assert [layer["class_name"] for layer in config["config"]["layers"]] == [
        "InputLayer", "Dense", "Dense",
    ]  # fmt: skip
    assert not any(e["tag"].startswith("batch_") for e in train)


@pytest.mark.parametrize(("freq", "steps"), [("batch", [1, 2, 3, 4, 5, 6, 7, 8]), (3, [3, 6])])
def test_batches(freq, steps, tmp_path):
    board = TensorBoard(tmp_path, update_freq=freq, write_graph=False, write_steps_per_second=True)
    told = []
    tell = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: told.append(logs["loss"])
    )
    net().fit(X, Y, batch_size=10, epochs=2, verbose=0, callbacks=[board, tell])
    train = written(tmp_path, "train")
    assert of(train, "batch_loss") == [(s, pytest.approx(told[s - 1], rel=1e-6)) for s in steps]
    assert [step for step, _ in of(train, "batch_steps_per_second")] == steps
    assert all(rate > 0 for _, rate in of(train, "epoch_steps_per_second"))
    assert not (tmp_path / "validation").exists()
    assert not any(event["tag"] == "keras" for event in train)


def test_every_so_many_batches_where_calls_take_two_steps(tmp_path):
    board = TensorBoard(tmp_path, update_freq=3)
    net(steps_per_execution=2).fit(X, Y, batch_size=5, verbose=0, callbacks=[board])
    assert [step for step, _ in of(written(tmp_path, "train"), "batch_loss")] == [4, 6]


def test_a_second_run_writes_files_of_its_own(tmp_path):
    model, board = net(), TensorBoard(tmp_path)
    for _ in range(2):
        model.fit(X, Y, verbose=0, callbacks=[board])
    assert len(list((tmp_path / "train").iterdir())) == 2
    evaluated = TensorBoard(tmp_path / "evaluated")
    loss, _ = model.evaluate(X, Y, verbose=0, callbacks=[evaluated])
    found = written(tmp_path / "evaluated", "validation")
    assert of(found, "evaluation_loss_vs_iterations") == [(4, pytest.approx(loss, rel=1e-6))]


def test_a_model_that_is_no_data_has_no_graph(tmp_path):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0, callbacks=[TensorBoard(tmp_path)])
    assert {e["plugin"] for e in written(tmp_path, "train")} == {"scalars"}


def test_what_is_not_written_is_told():
    for options in ({"profile_batch": (100, 200)}, {"write_images": True}, {"embeddings_freq": 1}):
        with pytest.warns(UserWarning, match=f"`{next(iter(options))}`: got .* not written here"):
            TensorBoard("logs", **options)
    for wrong in ("epochs", 0, 1.5):
        with pytest.raises(ArgumentError, match="`update_freq`: got"):
            TensorBoard("logs", update_freq=wrong)
