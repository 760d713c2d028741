"""ModelCheckpoint: save the model while it trains."""

from __future__ import annotations

import os
from typing import Any

from ..graph.errors import ArgumentError
from ..graph.path import path_of
from .callback import Logs
from .frequency import BatchCount, check_frequency
from .monitor import MonitorCallback
from .record import ways
from .screen import say


class ModelCheckpoint(MonitorCallback):
    """Saves the model, or its weights, after each epoch or every so many batches.

    Args:
        filepath: the file; `{epoch:02d}`, `{batch}` and names of the logs are filled in.
            Ends in ".keras" (or ".h5"), for weights alone in ".weights.h5".
        monitor: the number that says which model is best, default "val_loss".
        verbose: 1 to say what it does, default 0.
        save_best_only: whether to save only when that number improved, default False.
        save_weights_only: whether to save weights alone, default False.
        mode: "min", "max" or "auto" (default): by the metric.
        save_freq: "epoch" (default), or a number of batches.
        initial_value_threshold: what the first save has to beat; default nothing.

    Raises:
        ArgumentError: for another ending, or a name in braces that the logs do not have.
        OSError: that names the file, where it cannot be written.

    Example:
        >>> ModelCheckpoint("best.keras", save_best_only=True).filepath
        'best.keras'

    Source: keras.callbacks.ModelCheckpoint.
    """

    _path_attribute = "filepath"

    def __init__(
        self,
        filepath: str | os.PathLike[str],
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        super().__init__(monitor, mode, initial_value_threshold)
        self.filepath, self.verbose = path_of("ModelCheckpoint", "filepath", filepath), verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        check_frequency("ModelCheckpoint", "save_freq", save_freq, "epoch")
        self.save_freq = save_freq
        self._check_ending()
        self._epoch = 0
        self._count = BatchCount()

    def watches_batches(self, mode: str) -> bool:
        """Only where `save_freq` counts batches of training."""
        return mode == "train" and self.save_freq != "epoch"

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self._count.due(batch, self.save_freq):
            self._save(self._epoch, batch, logs or {})

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.save_freq == "epoch":
            self._save(epoch, None, logs or {})

    def _save(self, epoch: int, batch: int | None, logs: Logs) -> None:
        path = self._path(epoch, batch, logs)
        if self.save_best_only and not self._better(epoch, logs):
            return
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        if os.path.isdir(path):
            raise IsADirectoryError(
                f"ModelCheckpoint, `filepath`: {path!r} is a folder, expected a file's name."
            )
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: saved to {path}")

    def _better(self, epoch: int, logs: Logs) -> bool:
        value = self.current(logs, "saving the best model only")
        if value is None:
            return True
        before = "nothing" if self.best is None else f"{self.best:.5f}"
        if self.is_improvement(value, self.best):
            self.best = value
            if self.verbose > 0:
                say(f"\nEpoch {epoch + 1}: {self.monitor} improved from {before} to {value:.5f}")
            return True
        if self.verbose > 0:
            say(f"\nEpoch {epoch + 1}: {self.monitor} did not improve from {before}")
        return False

    def _path(self, epoch: int, batch: int | None, logs: Logs) -> str:
        values: dict[str, Any] = dict(logs) | {"epoch": epoch + 1}
        if batch is not None:
            values.setdefault("batch", batch + 1)
        try:
            return self.filepath.format(**values)
        except KeyError as error:
            raise ArgumentError(
                f"ModelCheckpoint, `filepath`: {self.filepath!r} asks for {error}, which the logs "
                f"do not have. {ways(error.args[0], values)}"
            ) from None
        except (ValueError, IndexError) as error:
            raise ArgumentError(
                f"ModelCheckpoint, `filepath`: {self.filepath!r} cannot be filled in ({error}). "
                "Write names in braces, such as {epoch:02d}; a brace itself is {{."
            ) from None

    def _check_ending(self) -> None:
        stem = self.filepath
        for ending in (".weights.h5", ".keras", ".h5", ".ckpt", ".weights"):
            stem = stem.removesuffix(ending)
        if self.save_weights_only:
            if not self.filepath.endswith(".weights.h5"):
                raise ArgumentError(
                    f"ModelCheckpoint, `filepath`: got {self.filepath!r}, expected a name that "
                    f"ends in '.weights.h5' with save_weights_only=True. Write '{stem}.weights.h5'."
                )
        elif not self.filepath.endswith((".keras", ".h5")):
            raise ArgumentError(
                f"ModelCheckpoint, `filepath`: got {self.filepath!r}, expected a name that ends in "
                f"'.keras'. Write '{stem}.keras'."
            )
