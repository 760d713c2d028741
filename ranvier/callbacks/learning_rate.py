"""Learning rates set from outside: by a function of the epoch, or when learning gets stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.function import accepts, takes
from .argument import check_numbers
from .callback import Callback, Logs
from .monitor import MonitorCallback, number, rounded
from .screen import say


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch to what a function returns.

    Args:
        schedule: `schedule(epoch, learning_rate) -> learning_rate`, epochs counted from 0; a
            function of the epoch alone will do.
        verbose: 1 to say the rate, default 0.

    Raises:
        ArgumentTypeError: where the function takes other arguments, or returns no number.

    Example:
        >>> halve = LearningRateScheduler(lambda epoch, rate: rate * 0.5)

    Source: keras.callbacks.LearningRateScheduler.
    """

    def __init__(self, schedule: Callable[..., Any], verbose: int = 0) -> None:
        super().__init__()
        if not callable(schedule):
            raise ArgumentTypeError(
                f"LearningRateScheduler, `schedule`: got {schedule!r}, expected a function of "
                "epoch and learning rate. Schedules such as ExponentialDecay go to the optimizer: "
                "SGD(learning_rate=ExponentialDecay(...))."
            )
        self.schedule, self.verbose = schedule, verbose
        self._with_rate = not accepts(schedule, "epoch") or accepts(schedule, "epoch", "rate")
        if self._with_rate:
            takes(schedule, "LearningRateScheduler, `schedule`", "epoch", "learning_rate")

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        optimizer = self.model.optimizer
        if self._with_rate:
            rate = self.schedule(epoch, number(optimizer.learning_rate))
        else:
            rate = self.schedule(epoch)
        if rate is None or isinstance(rate, (bool, str)):
            raise ArgumentTypeError(
                f"LearningRateScheduler, `schedule`: returned {rate!r} for epoch {epoch}, expected "
                "a float. Does each way through the function end in `return`?"
            )
        try:
            value = number(rate)
        except (TypeError, ValueError):
            raise ArgumentTypeError(
                f"LearningRateScheduler, `schedule`: returned {rate!r} of type "
                f"{type(rate).__name__} for epoch {epoch}, expected a float."
            ) from None
        optimizer.learning_rate = value
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: learning rate set to {value:g}.")

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = number(self.model.optimizer.learning_rate)


class ReduceLROnPlateau(MonitorCallback):
    """Multiplies the learning rate by `factor` when the watched number has stopped improving.

    Args:
        monitor: its name in the logs, default "val_loss".
        factor: below 1, default 0.1.
        patience: epochs without improvement to wait for, default 10.
        verbose: 1 to say what it does, default 0.
        mode: "min", "max" or "auto" (default): by the metric.
        min_delta: how much better counts as better, default 1e-4.
        cooldown: epochs to leave alone after a change, default 0.
        min_lr: never below this rate, default 0.

    Raises:
        ArgumentError: for a factor of 1 or more.

    Example:
        >>> ReduceLROnPlateau(factor=0.5, patience=5).factor
        0.5

    Source: keras.callbacks.ReduceLROnPlateau.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        check_numbers(
            "ReduceLROnPlateau", factor=factor, patience=patience, min_delta=min_delta,
            cooldown=cooldown, min_lr=min_lr,
        )  # fmt: skip
        super().__init__(monitor, mode, min_delta=min_delta)
        if not factor < 1.0:
            raise ArgumentError(
                f"ReduceLROnPlateau, `factor`: got {factor}, expected less than 1, such as 0.5."
            )
        self.factor, self.patience, self.verbose = factor, patience, verbose
        self.cooldown, self.min_lr = cooldown, min_lr
        self.wait = self.cooldown_counter = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.best = None
        self.wait = self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if logs is not None:
            logs["learning_rate"] = number(self.model.optimizer.learning_rate)
        value = self.current(logs, "reducing the learning rate")
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_improvement(value, self.best):
            self.best, self.wait = value, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter, self.wait = self.cooldown, 0

    def in_cooldown(self) -> bool:
        """Tell whether a change is so recent that epochs do not count yet."""
        return self.cooldown_counter > 0

    def _reduce(self, epoch: int) -> bool:
        optimizer = self.model.optimizer
        old = number(optimizer.learning_rate)
        if rounded(old) <= rounded(self.min_lr):
            return False
        new = max(old * self.factor, self.min_lr)
        optimizer.learning_rate = new
        if self.verbose > 0:
            words = f"{self.monitor} did not improve, learning rate reduced to {new:g}."
            say(f"\nEpoch {epoch + 1}: {words}")
        return True
