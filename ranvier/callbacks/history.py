"""History: what `fit` returns."""

from __future__ import annotations

from typing import Any

from .callback import Callback, Logs


class History(Callback):
    """Keeps loss and metrics of each epoch; `fit` makes one and returns it.

    Attributes:
        history: name -> list with one float an epoch.
        epoch: the epochs' numbers, from 0.
        params: `verbose`, `epochs` and `steps`.

    Example:
        >>> h = History()
        >>> h.on_train_begin()
        >>> h.on_epoch_end(0, {"loss": 0.5})
        >>> h.history, h.epoch
        ({'loss': [0.5]}, [0])

    Source: keras.callbacks.History.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.model is not None:
            self.model.history = self
