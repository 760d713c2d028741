"""The end of training when the loss is no number."""

from __future__ import annotations

import pytest

from ranvier.callbacks import CallbackList, TerminateOnNaN


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_it_stops_after_the_batch(model, loss, capsys):
    calls = CallbackList([TerminateOnNaN()], model=model)
    calls.on_train_batch_end(0, {"loss": 1.0})
    assert not model.stop_training
    calls.on_train_batch_end(1, {"loss": loss})
    assert model.stop_training
    assert capsys.readouterr().out == f"Batch 1: the loss is {loss}, training ends\n"


def test_or_raises(model):
    calls = CallbackList([TerminateOnNaN(raise_error=True)], model=model)
    with pytest.raises(RuntimeError, match=r"Batch 3: the loss is nan.*smaller learning rate"):
        calls.on_train_batch_end(3, {"loss": float("nan")})
