"""Callback: what to do at each point of training, evaluation and prediction."""

from __future__ import annotations

import inspect
from typing import Any

from ..graph.knowing import Knowing

Logs = dict[str, Any]


class Callback(Knowing):
    """Base of callbacks: override the hooks you need.

    In each hook `self.model` is the model and `self.params` holds `verbose`, `epochs` and
    `steps`. `logs` are plain floats by name. To stop training set `self.model.stop_training` to
    True. A hook that raises ends the training there; the weights are those of the last step.

    A callback that overrides a batch hook makes `fit` call the compiled program once a step.

    Example:
        >>> class Shout(Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(f"epoch {epoch + 1}: loss {logs['loss']:.2f}")
        >>> Shout().on_epoch_end(0, {"loss": 0.5})
        epoch 1: loss 0.50

    Source: keras.callbacks.Callback.
    """

    #: The attribute with the path of what it writes, "" for callbacks that write nothing.
    _path_attribute = ""

    def __init__(self) -> None:
        self.params: dict[str, Any] | None = None
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The model that is being trained or used."""
        return getattr(self, "_model", None)

    def set_params(self, params: dict[str, Any]) -> None:
        """Take `verbose`, `epochs` and `steps`."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take the model."""
        self._model = model

    def watches_batches(self, mode: str) -> bool:
        """Tell whether each batch must be reported; `mode` is "train", "test" or "predict"."""
        hooks = [f"on_{mode}_batch_begin", f"on_{mode}_batch_end"]
        if mode == "train":
            hooks += ["on_batch_begin", "on_batch_end"]
        return any(overrides(self, hook) for hook in hooks)

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each training batch (the older name)."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each training batch (the older name)."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Called before each epoch; `epoch` counts from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Called after each epoch, with loss and metrics, those of validation as `val_...`."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each training batch; `batch` counts from 0."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each training batch, with the averages of the epoch so far."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each batch of `evaluate`, and of validation."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each batch of `evaluate`, and of validation."""

    def on_predict_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Called before each batch of `predict`."""

    def on_predict_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after each batch of `predict`; logs hold `outputs` where it reports each one."""

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Called once before training."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Called once after training, with the logs of the last epoch."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Called before `evaluate`, and before each validation."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Called after `evaluate`, and after each validation."""

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        """Called before `predict`."""

    def on_predict_end(self, logs: Logs | None = None) -> None:
        """Called after `predict`."""


#: The hooks, and the arguments that each gets.
HOOKS = {
    name: tuple(inspect.signature(hook).parameters)[1:]
    for name, hook in vars(Callback).items()
    if name.startswith("on_")
}


def overrides(callback: Any, hook: str) -> bool:
    """Tell whether a callback has a hook of its own, on its class or on itself."""
    method = getattr(callback, hook, None)
    if method is None or getattr(method, "_is_default", False):
        return False
    return getattr(method, "__func__", method) is not getattr(Callback, hook)


def path_written(callback: object) -> str | None:
    """Return the file or folder that a callback writes, None if it is not known to write one.

    Example:
        >>> path_written(Callback()) is None
        True
    """
    name = getattr(type(callback), "_path_attribute", "")
    return str(getattr(callback, name)) if name else None
