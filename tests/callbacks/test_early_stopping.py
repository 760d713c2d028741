"""When training ends early, and with which weights."""

from __future__ import annotations

import os

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, EarlyStopping

FALLS = [{"val_loss": v} for v in (1.0, 0.8, 0.9, 0.85, 0.7, 0.9, 0.9, 0.9)]


def run(train, model, epochs, **options):
    callback = EarlyStopping(**options)
    done = train(CallbackList([callback], model=model), model, epochs)
    return callback, done


def test_patience(model, train):
    callback, done = run(train, model, FALLS, patience=2)
    assert done == 4 and callback.stopped_epoch == 3 and callback.best_epoch == 1
    assert callback.best == 0.8 and model.weights == 4


def test_restore(model, train, capsys):
    run(train, model, FALLS, patience=3, restore_best_weights=True, verbose=1)
    assert model.weights == 5
    assert capsys.readouterr().out == (
        "Epoch 8: stopped early\nWeights set back to those of the best epoch, 5.\n"
    )


def test_weights_of_the_best_epoch_also_without_stopping(model, train):
    callback, done = run(train, model, FALLS[:4], patience=5, restore_best_weights=True)
    assert done == 4 and callback.stopped_epoch == 0 and model.weights == 2


def test_it_can_be_used_again(model, train):
    callback = EarlyStopping(patience=1)
    for _ in range(2):
        model.stop_training = False
        assert train(CallbackList([callback], model=model), model, FALLS) == 3


def test_nan_never_is_better(model, train):
    _, done = run(train, model, [{"val_loss": v} for v in (1.0, np.nan, np.nan)], patience=2)
    assert done == 3 and model.stop_training


OPTIONS = [
    {}, {"patience": 1}, {"patience": 3, "min_delta": 0.05}, {"patience": 2, "baseline": 0.75},
    {"patience": 1, "start_from_epoch": 3}, {"mode": "max", "patience": 2},
    {"patience": 0, "baseline": 0.1, "restore_best_weights": True},
    {"patience": 2, "restore_best_weights": True, "start_from_epoch": 2},
    {"monitor": "loss", "patience": 1, "min_delta": -0.2},
]  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(6))
def test_against_keras(model, train, seed):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    values = np.random.default_rng(seed).uniform(0.5, 1, 12).astype(np.float32)
    logs = [{"loss": float(v), "val_loss": float(v)} for v in values]
    for options in OPTIONS:
        results = []
        for kind in (EarlyStopping, keras.callbacks.EarlyStopping):
            model.stop_training = False
            callback = kind(**options)
            callback.set_model(model)
            done = train(callback, model, logs)
            results.append((done, callback.stopped_epoch, callback.best_epoch, callback.wait,
                            callback.best, model.weights))  # fmt: skip
        assert results[0] == results[1], options
