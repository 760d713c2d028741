"""Learning rates set from outside."""

from __future__ import annotations

import os

import numpy as np
import pytest

from ranvier.callbacks import CallbackList, LearningRateScheduler, ReduceLROnPlateau
from ranvier.graph.errors import ArgumentError, ArgumentTypeError


def test_a_function_of_epoch_and_rate(model, train, capsys):
    calls = CallbackList([LearningRateScheduler(lambda e, r: r * 0.5, verbose=1)], True,
                         model=model)  # fmt: skip
    train(calls, model, [{"loss": 1.0}] * 2)
    assert model.optimizer.learning_rate == 0.025
    assert calls.history.history["learning_rate"] == [0.05, 0.025]
    assert "\nEpoch 2: learning rate set to 0.025.\n" in capsys.readouterr().out


def test_a_function_of_the_epoch_alone_and_arrays(model):
    for schedule in (lambda epoch: 0.5**epoch, lambda epoch, rate=0: np.float32(0.25),
                     lambda epoch, rate: np.array(0.25)):  # fmt: skip
        callback = LearningRateScheduler(schedule)
        callback.set_model(model)
        callback.on_epoch_begin(2)
        assert model.optimizer.learning_rate == 0.25
        assert type(model.optimizer.learning_rate) is float


def test_errors_within_the_function_are_its_own(model):
    def broken(epoch, rate):
        return "a" + 1

    callback = LearningRateScheduler(broken)
    callback.set_model(model)
    with pytest.raises(TypeError, match="concatenate"):
        callback.on_epoch_begin(0)


def test_what_is_no_rate(model):
    callback = LearningRateScheduler(lambda epoch, rate: None)
    callback.set_model(model)
    with pytest.raises(ArgumentTypeError, match=r"returned None for epoch 0.*end in `return`"):
        callback.on_epoch_begin(0)
    callback.schedule = lambda epoch, rate: np.zeros(2)
    with pytest.raises(ArgumentTypeError, match=r"of type ndarray"):
        callback.on_epoch_begin(0)
    with pytest.raises(ArgumentTypeError, match=r"got 0.1, expected a function"):
        LearningRateScheduler(0.1)


def test_a_rate_is_said_in_few_digits(model, train, capsys):
    schedule = LearningRateScheduler(lambda epoch: 0.1 * 0.1, verbose=1)
    plateau = ReduceLROnPlateau(monitor="loss", factor=0.1, patience=1, verbose=1)
    train(CallbackList([schedule, plateau], model=model), model, [{"loss": 1.0}] * 2)
    out = capsys.readouterr().out
    assert "rate set to 0.01.\n" in out and "rate reduced to 0.001.\n" in out


def test_a_plateau(model, train, capsys):
    callback = ReduceLROnPlateau(factor=0.5, patience=2, verbose=1)
    calls = CallbackList([callback], True, model=model)
    train(calls, model, [{"val_loss": 1.0}] * 6)
    assert calls.history.history["learning_rate"] == [0.1, 0.1, 0.1, 0.05, 0.05, 0.025]
    out = capsys.readouterr().out
    assert "\nEpoch 3: val_loss did not improve, learning rate reduced to 0.05.\n" in out
    with pytest.raises(ArgumentError, match=r"`factor`: got 1.0"):
        ReduceLROnPlateau(factor=1.0)


OPTIONS = [
    {"patience": 1}, {"patience": 0, "factor": 0.5}, {"patience": 2, "cooldown": 2, "factor": 0.5},
    {"patience": 1, "min_lr": 0.01}, {"patience": 1, "min_delta": 0.1, "mode": "max"},
]  # fmt: skip


def test_the_least_rate_is_reached_once(model, train, capsys):
    model.optimizer.learning_rate = float(np.float32(0.1))
    callback = ReduceLROnPlateau("loss", patience=1, min_lr=0.1, verbose=1)
    train(CallbackList([callback], model=model), model, [{"loss": 1.0}] * 4)
    assert capsys.readouterr().out == ""


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(4))
def test_a_plateau_against_keras(model, train, seed):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    values = np.random.default_rng(seed).uniform(0.5, 1, 15).astype(np.float32)
    for options in OPTIONS:
        rates = []
        for kind in (ReduceLROnPlateau, keras.callbacks.ReduceLROnPlateau):
            model.optimizer.learning_rate = 0.5
            callback = kind(**options)
            callback.set_model(model)
            seen = []
            callback.on_train_begin()
            for epoch, value in enumerate(values):
                logs = {"val_loss": float(value)}
                callback.on_epoch_end(epoch, logs)
                seen.append((logs["learning_rate"], model.optimizer.learning_rate, callback.wait))
            rates.append(seen)
        assert rates[0] == rates[1], options
