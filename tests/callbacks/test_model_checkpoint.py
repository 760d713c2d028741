"""Saving while training."""

from __future__ import annotations

import os

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, ModelCheckpoint
from ranvier.graph.errors import ArgumentError

LOGS = [{"loss": 1.0, "val_loss": v} for v in (0.9, 0.5, 0.7, 0.25)]


def run(train, model, logs=LOGS, batches=2, **options):
    callback = ModelCheckpoint(**options)
    train(CallbackList([callback], model=model), model, logs, batches)
    return [path for _, path in model.saved]


def test_each_epoch_with_names_filled_in(model, train, tmp_path):
    path = tmp_path / "new" / "{epoch:02d}-{val_loss:.2f}.keras"
    saved = run(train, model, filepath=path)
    assert [os.path.basename(p) for p in saved] == [
        "01-0.90.keras", "02-0.50.keras", "03-0.70.keras", "04-0.25.keras",
    ]  # fmt: skip
    assert (tmp_path / "new").is_dir()


def test_the_best_only(model, train, capsys):
    saved = run(train, model, filepath="{epoch}.keras", save_best_only=True, verbose=1)
    assert saved == ["1.keras", "2.keras", "4.keras"]
    out = capsys.readouterr().out
    assert "Epoch 2: val_loss improved from 0.90000 to 0.50000" in out
    assert "Epoch 3: val_loss did not improve from 0.50000" in out
    assert "Epoch 4: saved to 4.keras" in out
    model.saved.clear()
    saved = run(train, model, filepath="{epoch}.keras", save_best_only=True,
                initial_value_threshold=0.3)  # fmt: skip
    assert saved == ["4.keras"]


def test_weights_alone(model, train):
    run(train, model, LOGS[:1], filepath="a.weights.h5", save_weights_only=True)
    assert model.saved == [("weights", "a.weights.h5")]


def test_every_so_many_batches(model, train):
    options = {"filepath": "{epoch}-{batch}.keras", "save_freq": 3}
    assert CallbackList([ModelCheckpoint(**options)]).watches_batches("train")
    assert not CallbackList([ModelCheckpoint("a.keras")]).watches_batches("train")
    saved = run(train, model, LOGS[:3], batches=4, **options)
    assert saved == ["1-3.keras", "2-2.keras", "3-1.keras", "3-4.keras"]


def test_a_number_that_is_not_there(model, train):
    with pytest.warns(UserWarning, match="saving the best model only needs 'val_loss'"):
        saved = run(train, model, [{"loss": 1.0}], filepath="a.keras", save_best_only=True)
    assert saved == ["a.keras"]


def test_names_that_end_otherwise():
    with pytest.raises(ArgumentError, match=r"ends in '.keras'. Write 'best.keras'"):
        ModelCheckpoint("best")
    with pytest.raises(ArgumentError, match=r"Write 'best.weights.h5'"):
        ModelCheckpoint("best.h5", save_weights_only=True)
    assert ModelCheckpoint("old.h5").filepath == "old.h5"
    with pytest.raises(ArgumentError, match="`save_freq`: got 'batch'"):
        ModelCheckpoint("a.keras", save_freq="batch")


def test_names_that_cannot_be_filled_in(model, train):
    with pytest.raises(ArgumentError, match=r"asks for 'val_los'.*Did you mean 'val_loss'"):
        run(train, model, filepath="{val_los:.2f}.keras")
    with pytest.raises(ArgumentError, match=r"cannot be filled in"):
        run(train, model, filepath="{epoch:q}.keras")


def test_a_folder_in_the_way(model, train, tmp_path):
    (tmp_path / "a.keras").mkdir()
    with pytest.raises(IsADirectoryError, match=r"a.keras' is a folder"):
        run(train, model, filepath=tmp_path / "a.keras")
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        run(train, model, filepath=tmp_path / "file" / "a.keras")


@pytest.mark.oracle
def test_against_keras(model, train):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    values = np.random.default_rng(0).uniform(0, 1, 10).astype(np.float32)
    logs = [{"loss": float(v), "val_loss": float(v)} for v in values]
    for options in ({}, {"save_best_only": True}, {"save_freq": 4}, {"save_freq": 3},
                    {"save_best_only": True, "mode": "max", "initial_value_threshold": 0.5},
                    {"save_best_only": True, "monitor": "loss"}):  # fmt: skip
        saved = []
        for kind in (ModelCheckpoint, keras.callbacks.ModelCheckpoint):
            model.saved = []
            form = "{epoch}-{loss:.3f}" + ("-{batch}" if "save_freq" in options else "")
            callback = kind(form + ".keras", **options)
            callback.set_model(model)
            train(callback, model, logs, batches=3)
            saved.append(list(model.saved))
        assert saved[0] == saved[1] and saved[0], options
