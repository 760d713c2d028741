"""Several callbacks called as one."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.callbacks import (
    Callback,
    CallbackList,
    EarlyStopping,
    History,
    LambdaCallback,
    ProgbarLogger,
    TerminateOnNaN,
)  # fmt: skip
from ranvier.callbacks.callback_list import plain
from ranvier.graph.errors import ArgumentTypeError


def test_order_and_logs(model):
    heard = []

    class Adds(Callback):
        def on_epoch_end(self, epoch, logs=None):
            heard.append(list(logs))
            logs["learning_rate"] = 0.5

    calls = CallbackList([Adds()], add_history=True, model=model, epochs=3, steps=5, verbose=0)
    calls.on_train_begin()
    logs = {"val_loss": np.float32(0.5), "loss": np.array(0.25), "val_accuracy": 1, "accuracy": 0}
    calls.on_epoch_end(0, logs)
    assert heard == [["accuracy", "loss", "val_accuracy", "val_loss"]]
    history = calls.history
    assert model.history is history
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss",
                                     "learning_rate"]  # fmt: skip
    assert all(type(v[0]) is float for v in history.history.values())
    assert history.params == {"epochs": 3, "steps": 5, "verbose": 0}
    assert "learning_rate" not in logs


def test_defaults_are_added_once(model):
    mine = History()
    calls = CallbackList([mine, [ProgbarLogger()]], add_history=True, add_progbar=True, model=model)
    assert len(calls.callbacks) == 2 and calls.history is mine
    calls = CallbackList(None, add_history=True, add_progbar=True)
    assert [type(c) for c in calls.callbacks] == [History, ProgbarLogger]


def test_who_watches_batches():
    def watches(*callbacks):
        calls = CallbackList(list(callbacks), add_history=True, add_progbar=True)
        return [calls.watches_batches(mode) for mode in ("train", "test", "predict")]

    assert watches() == watches(EarlyStopping()) == [False] * 3
    assert watches(TerminateOnNaN()) == [True, False, False]
    assert watches(LambdaCallback(on_test_batch_end=print)) == [False, True, False]


def test_logs_are_read_only_when_somebody_looks():
    reads = []

    def logs():
        reads.append(1)
        return {"loss": 1.0}

    calls = CallbackList([], add_history=True)
    calls.on_train_batch_end(0, logs)
    assert not reads
    seen = []
    calls.append(LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs)))
    calls.on_train_batch_end(0, logs)
    assert seen == [{"loss": 1.0}] and len(reads) == 1


def test_what_is_no_callback():
    with pytest.raises(ArgumentTypeError, match=r"the class EarlyStopping.*EarlyStopping\(\)"):
        CallbackList([EarlyStopping])
    with pytest.raises(ArgumentTypeError, match=r"LambdaCallback\(on_epoch_end=function\)"):
        CallbackList([lambda: None])
    assert len(CallbackList(EarlyStopping()).callbacks) == 1


def test_a_callback_that_raises_is_heard():
    def stop(batch, logs):
        raise ValueError("enough")

    calls = CallbackList([LambdaCallback(on_train_batch_end=stop)])
    with pytest.raises(ValueError, match="enough"):
        calls.on_train_batch_end(0)


def test_plain_logs():
    assert plain(None) == {}
    assert plain({"b": {"y": 1, "x": 2}, "a": np.zeros(2)})["x"] == 2.0
    assert list(plain({"loss": 1, "outputs": [1]})) == ["loss", "outputs"]


@pytest.mark.oracle
def test_callbacks_written_for_keras_work_here(model, train):
    import os

    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")

    class Theirs(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = logs["loss"] < 0.5

    calls = CallbackList([Theirs()], add_history=True, model=model)
    assert not calls.watches_batches("train")
    assert train(calls, model, [{"loss": v} for v in (1.0, 0.4, 0.1)]) == 2
