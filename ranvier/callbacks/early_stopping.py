"""EarlyStopping: end training when a number has stopped getting better."""

from __future__ import annotations

from typing import Any

from .argument import check_numbers
from .callback import Logs
from .monitor import MonitorCallback
from .screen import say


class EarlyStopping(MonitorCallback):
    """Stops training when the watched number has not improved for `patience` epochs.

    Args:
        monitor: its name in the logs, default "val_loss".
        min_delta: how much better counts as better, default 0.
        patience: epochs without improvement to wait for, default 0.
        verbose: 1 to say what it does, default 0.
        mode: "min", "max" or "auto" (default): by the metric.
        baseline: only improvements beyond it start the waiting anew; default none.
        restore_best_weights: whether the model ends with the weights of its best epoch; default
            False: with those of the last.
        start_from_epoch: epochs before it starts to watch, default 0.

    Attributes:
        stopped_epoch: the epoch (from 0) after which it stopped, 0 if it did not.
        best_epoch: the epoch (from 0) with the best number.
        best: that number.

    Example:
        >>> EarlyStopping(patience=2, restore_best_weights=True).patience
        2

    Source: keras.callbacks.EarlyStopping.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        check_numbers(
            "EarlyStopping", min_delta=min_delta, patience=patience,
            start_from_epoch=start_from_epoch,
        )  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.wait = self.stopped_epoch = self.best_epoch = 0
        self.best = self.best_weights = None

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        value = self.current(logs, "stopping early")
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self._keep(epoch)
        self.wait += 1
        if self.is_improvement(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self._keep(epoch)
            if self.baseline is None or self.is_improvement(value, self.baseline):
                self.wait = 0
            return
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.stopped_epoch > 0 and self.verbose > 0:
            say(f"Epoch {self.stopped_epoch + 1}: stopped early")
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                say(f"Weights set back to those of the best epoch, {self.best_epoch + 1}.")
            self.model.set_weights(self.best_weights)

    def _keep(self, epoch: int) -> None:
        self.best_weights = self.model.get_weights()
        self.best_epoch = epoch
