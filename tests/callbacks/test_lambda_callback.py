"""Functions as hooks."""

from __future__ import annotations

import pytest

from ranvier.callbacks import CallbackList, LambdaCallback
from ranvier.graph.errors import ArgumentTypeError


def test_each_hook(model, train):
    heard = []
    names = ["on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end",
             "on_train_batch_begin", "on_train_batch_end", "on_test_begin"]  # fmt: skip
    hooks = {
        name: (lambda n: lambda *args, logs=None, **k: heard.append(n))(name) for name in names
    }
    calls = CallbackList([LambdaCallback(**hooks)], model=model)
    train(calls, model, [{"loss": 1.0}], batches=1)
    calls.on_test_begin()
    assert heard == ["on_train_begin", "on_epoch_begin", "on_train_batch_begin",
                     "on_train_batch_end", "on_epoch_end", "on_train_end",
                     "on_test_begin"]  # fmt: skip


def test_positional_logs(model, train):
    heard = []
    callback = LambdaCallback(on_epoch_end=lambda epoch, x: heard.append((epoch, x["loss"])),
                              on_train_end=lambda logs: heard.append("end"))  # fmt: skip
    train(CallbackList([callback], model=model), model, [{"loss": 1.0}])
    assert heard == [(0, 1.0), "end"]


def test_names_that_are_no_hooks():
    with pytest.raises(ArgumentTypeError, match=r"`on_epoch_ends`.*Did you mean 'on_epoch_end'"):
        LambdaCallback(on_epoch_ends=print)
    with pytest.raises(ArgumentTypeError, match=r"`on_epoch_end`: got 3, expected a function"):
        LambdaCallback(on_epoch_end=3)
