"""Hooks, and which are overridden."""

from __future__ import annotations

from ranvier.callbacks import Callback
from ranvier.callbacks.callback import overrides


class Older(Callback):
    def on_batch_end(self, batch, logs=None):
        self.heard = batch


class NoInit(Callback):
    def __init__(self):
        pass


def test_the_older_names_are_called_by_the_new_ones():
    callback = Older()
    callback.on_train_batch_end(3)
    assert callback.heard == 3
    assert callback.watches_batches("train") and not callback.watches_batches("test")


def test_nothing_is_overridden_in_the_base():
    base = Callback()
    hooks = [name for name in dir(base) if name.startswith("on_")]
    assert len(hooks) == 16
    for hook in hooks:
        arguments = (0,) if "batch" in hook or "epoch" in hook else ()
        assert getattr(base, hook)(*arguments, logs={}) is None
        assert not overrides(base, hook)
    assert not any(base.watches_batches(mode) for mode in ("train", "test", "predict"))


def test_a_hook_on_the_instance_counts():
    callback = Callback()
    callback.on_test_batch_end = lambda batch, logs=None: None
    assert callback.watches_batches("test")


def test_a_forgotten_super_init_is_forgiven(model):
    callback = NoInit()
    assert callback.model is None
    callback.set_model(model)
    callback.set_params({"epochs": 2})
    assert callback.model is model and callback.params == {"epochs": 2}
