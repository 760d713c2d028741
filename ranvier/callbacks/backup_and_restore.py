"""BackupAndRestore: go on with a training that was cut off."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

from ..graph.errors import ArgumentError, ModelFileError
from ..graph.path import path_of
from ..save import atomic
from .callback import Callback, Logs
from .frequency import BatchCount, check_frequency

_NOTE = "training_metadata.json"
_LATEST = "latest.weights.h5"


class BackupAndRestore(Callback):
    """Keeps what a training needs to go on after its process has died, and goes on from there.

    Run the same program again: `fit` begins where the last backup was made, with the weights, the
    state of optimizer and random layers, the epoch and batch, the running metrics and the order
    of the rows. So the weights at the end are those of a training that was never cut off. A
    generator begins anew; other callbacks do, too.

    Files are written whole, weights before the note that names them, so that a process may die
    at any moment.

    Args:
        backup_dir: a folder for this training alone; it is made if need be.
        save_freq: "epoch" (default), or a number of batches.
        double_checkpoint: whether the backup before the last is kept, too, and taken where the
            last one cannot be read; default False.
        delete_checkpoint: whether the files go when training ends; default True.

    Raises:
        ArgumentError: for an empty folder name or another frequency.
        ModelFileError: if the backup is damaged, or of another model.
        OSError: that names the file, where it cannot be written.

    Example:
        >>> BackupAndRestore("backup").save_freq
        'epoch'

    Source: keras.callbacks.BackupAndRestore, which repeats an epoch that was cut off from its
    start but with the weights of its middle, and shuffles anew.
    """

    _path_attribute = "backup_dir"

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: str | int = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        self.backup_dir = path_of("BackupAndRestore", "backup_dir", backup_dir)
        if not self.backup_dir:
            raise ArgumentError("BackupAndRestore, `backup_dir`: got '', expected a folder's name.")
        check_frequency("BackupAndRestore", "save_freq", save_freq, "epoch")
        self.save_freq = save_freq
        self.double_checkpoint = double_checkpoint
        self.delete_checkpoint = delete_checkpoint
        self._count = BatchCount()

    def watches_batches(self, mode: str) -> bool:
        """Only where `save_freq` counts batches of training."""
        return mode == "train" and self.save_freq != "epoch"

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._count.begin()
        note, spare = self._path(_NOTE), self._path(_NOTE + ".bkp")
        if not os.path.exists(note) and not os.path.exists(spare):
            return
        try:
            self._restore(note)
        except (OSError, ModelFileError):
            if not os.path.exists(spare):
                raise
            self._restore(spare)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if self._count.due(batch, self.save_freq):
            self._save(self.model.position.after_steps(batch + 1))

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.save_freq == "epoch":
            self._save(self.model.position.after_epoch())

    def on_train_end(self, logs: Logs | None = None) -> None:
        if self.delete_checkpoint:
            self._remove_all()

    def _save(self, state: dict[str, Any]) -> None:
        os.makedirs(self.backup_dir, exist_ok=True)
        old = self._read(self._path(_NOTE))
        if self.double_checkpoint and old:
            _write(self._path(_NOTE + ".bkp"), old)
        weights = f"epoch-{state['epoch']}-batch-{state['batch']}.weights.h5"
        self.model.save_weights(self._path(weights))
        _write(self._path(_NOTE), {**state, "weights": weights})
        kept = {weights, old.get("weights") if self.double_checkpoint else None}
        self._remove_weights(kept)

    def _restore(self, note: str) -> None:
        state = self._read(note, must=True)
        weights = os.path.basename(str(state.get("weights", _LATEST)))
        optimizer = self.model.optimizer
        if optimizer is not None and not optimizer.built:
            optimizer.build(self.model.trainable_variables)
        self.model.load_weights(self._path(weights))
        self.model.position.resume(state, note)
        self._count.begin(int(state.get("batch", 0)))

    def _read(self, note: str, must: bool = False) -> dict[str, Any]:
        try:
            with open(note, encoding="utf-8") as file:
                found = json.load(file)
        except FileNotFoundError:
            if must:
                raise
            return {}
        except ValueError as error:
            if not must:
                return {}
            raise ModelFileError(
                f"BackupAndRestore: {note!r} is damaged ({error}). Delete it to begin anew."
            ) from error
        if not isinstance(found, dict):
            raise ModelFileError(f"BackupAndRestore: {note!r} is no note of a backup.")
        return found

    def _remove_weights(self, kept: set[Any]) -> None:
        for name in os.listdir(self.backup_dir):
            if name.endswith(".weights.h5") and name not in kept:
                os.remove(self._path(name))

    def _remove_all(self) -> None:
        """Remove our own files, and the folder if nothing else is in it."""
        with contextlib.suppress(FileNotFoundError):
            for name in (_NOTE, _NOTE + ".bkp"):
                with contextlib.suppress(FileNotFoundError):
                    os.remove(self._path(name))
            self._remove_weights(set())
            with contextlib.suppress(OSError):
                os.rmdir(self.backup_dir)

    def _path(self, name: str) -> str:
        return os.path.join(self.backup_dir, name)


def _write(path: str, state: dict[str, Any]) -> None:
    atomic.write(path, json.dumps(state).encode())
