"""Which way is better, and numbers that are not there."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, EarlyStopping
from ranvier.graph.errors import ArgumentError


def run(train, model, epochs, **options):
    callback = EarlyStopping(**options)
    return callback, train(CallbackList([callback], model=model), model, epochs)


def test_directions(model):
    class Metric:
        name, _direction = "my_score", "up"

    def better(monitor, mode="auto"):
        callback = EarlyStopping(monitor=monitor, mode=mode)
        callback.set_model(model)
        return callback.sign

    assert [better(m) for m in ("loss", "val_loss", "val_mae", "out_loss", "val_rmse")] == [-1] * 5
    assert [better(m) for m in ("val_accuracy", "acc", "out_binary_accuracy", "auc_1")] == [1] * 4
    assert better("val_loss", "max") == 1
    with pytest.raises(ArgumentError, match=r"more or less of 'my_score'.*mode='max' or"):
        better("my_score")
    model.metrics = [Metric()]
    assert better("val_my_score") == 1


def test_a_step_of_min_delta_is_no_improvement(model):
    callback = EarlyStopping(monitor="accuracy", min_delta=0.1)
    callback.set_model(model)
    tenths = [float(np.float32(i / 10)) for i in range(11)]
    assert not callback.is_improvement(tenths[8], tenths[7])
    assert callback.is_improvement(tenths[9], tenths[7])
    assert not callback.is_improvement(float("nan"), 0.0)


def test_what_is_missing_is_told_once(model, train):
    with pytest.warns(UserWarning, match=r"needs 'val_acuracy'.*Did you mean 'val_accuracy'") as w:
        _, done = run(train, model, [{"val_accuracy": 1.0, "loss": 1.0}] * 3,
                      monitor="val_acuracy")  # fmt: skip
    assert done == 3 and len(w) == 1
    with pytest.warns(UserWarning, match="need validation_data or validation_split"):
        run(train, model, [{"loss": 1.0}])


def test_bad_arguments():
    with pytest.raises(ArgumentError, match=r"EarlyStopping, `mode`: got 'up'"):
        EarlyStopping(mode="up")
    with pytest.raises(ArgumentError, match=r"`monitor`: got 3"):
        EarlyStopping(3)
