"""CSVLogger: one line of a file for each epoch."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from typing import Any

from ..graph.path import path_of
from .callback import Callback, Logs


class CSVLogger(Callback):
    """Writes loss and metrics of each epoch to a CSV file.

    The file is open only while a line is written, so a training that breaks off leaves it whole.

    Args:
        filename: the file.
        separator: between columns, default ",".
        append: whether to go on with an existing file; default False: begin it anew.

    Raises:
        OSError: that names the file, where it cannot be written.

    Example:
        >>> CSVLogger("log.csv").filename
        'log.csv'

    Source: keras.callbacks.CSVLogger.
    """

    _path_attribute = "filename"

    def __init__(
        self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False
    ) -> None:
        super().__init__()
        self.filename = path_of("CSVLogger", "filename", filename)
        self.sep, self.append = separator, append
        self.keys: list[str] | None = None
        self._header = True

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.keys = None
        self._header = True
        if self.append:
            self._header = not (os.path.exists(self.filename) and os.path.getsize(self.filename))
        with open(self.filename, "a" if self.append else "w", encoding="utf-8"):
            pass

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
            # Validation may come in a later epoch only (validation_freq): leave room for it.
            if self.keys and not any(key.startswith("val_") for key in self.keys):
                self.keys += [f"val_{key}" for key in self.keys]
        with open(self.filename, "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=self.sep)
            if self._header:
                writer.writerow(["epoch", *self.keys])
                self._header = False
            writer.writerow([epoch, *(_cell(logs.get(key, "NA")) for key in self.keys)])


def _cell(value: Any) -> Any:
    if isinstance(value, str) or not isinstance(value, Iterable) or getattr(value, "ndim", 1) == 0:
        return value
    return f'"[{", ".join(map(str, value))}]"'
