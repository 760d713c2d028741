"""One line for each epoch."""

from __future__ import annotations

import os

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, CSVLogger

LOGS = [{"loss": 0.5, "accuracy": 0.25}, {"loss": 0.125, "accuracy": 1.0, "val_loss": 3.0}]


def test_lines(tmp_path, model, train):
    path = tmp_path / "öl log.csv"
    train(CallbackList([CSVLogger(path)], model=model), model, LOGS)
    assert path.read_text("utf-8").splitlines() == [
        "epoch,accuracy,loss,val_accuracy,val_loss", "0,0.25,0.5,NA,NA", "1,1.0,0.125,NA,3.0",
    ]  # fmt: skip


def test_append_writes_no_second_header(tmp_path, model, train):
    path = tmp_path / "log.csv"
    for append in (False, True, True):
        train(CallbackList([CSVLogger(path, ";", append)], model=model), model, [{"loss": 1.0}])
    assert path.read_text().splitlines() == ["epoch;loss;val_loss"] + ["0;1.0;NA"] * 3


def test_a_line_is_there_at_once_and_the_file_is_closed(tmp_path):
    path = tmp_path / "log.csv"
    logger = CSVLogger(path)
    logger.on_train_begin()
    logger.on_epoch_end(0, {"loss": 1.0})
    path.rename(tmp_path / "moved.csv")
    assert (tmp_path / "moved.csv").read_text().count("\n") == 2


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        CSVLogger(tmp_path / "nowhere" / "log.csv").on_train_begin()


@pytest.mark.oracle
def test_the_same_file_as_keras(tmp_path, model, train):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    logs = [{**LOGS[0], "words": "a,b", "array": np.arange(2), "zero": np.array(1.5)}, LOGS[1]]
    texts = []
    for kind in (CSVLogger, keras.callbacks.CSVLogger):
        path = tmp_path / kind.__module__
        for append in (False, True):
            train(kind(str(path), append=append), model, logs)
        texts.append(path.read_text().splitlines())
    assert texts[0] == texts[1]
