"""TensorBoard: what happens in training, as files that TensorBoard shows."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ..graph.errors import RanvierError, warn
from ..graph.path import path_of
from ..save.config import serialize
from ..save.events import EventFile
from .argument import check_numbers
from .callback import Callback, Logs
from .frequency import check_frequency
from .monitor import number


class TensorBoard(Callback):
    """Writes event files for TensorBoard, without TensorFlow.

    In `log_dir`/train: loss, metrics and learning rate of each epoch (`epoch_loss`, ...), with
    `update_freq` those of batches (`batch_loss`), weights as histograms, and the model's graph. In
    `log_dir`/validation: loss and metrics of each validation and evaluation.

    Args:
        log_dir: a folder for this run, default "logs".
        histogram_freq: epochs between histograms of the weights, default 0: none.
        write_graph: whether the layers and their connections are written, default True.
        write_images: no images are written; True warns.
        write_steps_per_second: whether steps a second are written, default False.
        update_freq: "epoch" (default), "batch", or a number of batches.
        profile_batch: no profile is written; anything but 0 warns.
        embeddings_freq: no embeddings are written; anything but 0 warns.
        embeddings_metadata: accepted for Keras.

    Raises:
        ArgumentError: for another frequency.
        OSError: that names the file, where it cannot be written.

    Example:
        >>> TensorBoard("my_logs/run_1", histogram_freq=1).log_dir
        'my_logs/run_1'

    Source: keras.callbacks.TensorBoard.
    """

    _path_attribute = "log_dir"

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: str | int = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: Any = None,
    ) -> None:
        super().__init__()
        check_numbers("TensorBoard", histogram_freq=histogram_freq)
        check_frequency("TensorBoard", "update_freq", update_freq, "epoch", "batch")
        for name, value in (("write_images", write_images), ("profile_batch", profile_batch),
                            ("embeddings_freq", embeddings_freq)):  # fmt: skip
            if value:
                warn(
                    f"TensorBoard, `{name}`: got {value!r}, but these are not written here; "
                    "scalars, histograms and the graph are. Leave it out.",
                    UserWarning,
                )
        self.log_dir = path_of("TensorBoard", "log_dir", log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._files: dict[str, EventFile] = {}
        self._batch = self._first = self._last = 0
        self._began = self._batch_began = 0.0

    def set_model(self, model: Any) -> None:
        """Take the model; its files are new ones."""
        super().set_model(model)
        self._files = {}

    def watches_batches(self, mode: str) -> bool:
        """Only where batches of training are written."""
        return mode == "train" and self.update_freq != "epoch"

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._batch = 0
        config = _network(self.model) if self.write_graph else None
        if config is not None:
            self._file("train").keras_model("keras", config)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        self._began, self._first = time.perf_counter(), self._steps()
        self._last = 0

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        if isinstance(self.update_freq, str):
            return
        steps = batch + 1 - self._last
        self._last = batch + 1
        self._batch += steps
        if self._batch % self.update_freq >= steps:
            return  # none of the steps of this call was due
        file = self._file("train")
        if self.write_steps_per_second:
            rate = steps / (time.perf_counter() - self._batch_began)
            file.scalar("batch_steps_per_second", rate, self._batch)
        for name, value in (logs or {}).items():
            file.scalar(f"batch_{name}", value, self._batch)

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        values = dict(logs or {})
        if values:
            values["learning_rate"] = number(self.model.optimizer.learning_rate)
            if self.write_steps_per_second:
                seconds = time.perf_counter() - self._began
                values["steps_per_second"] = (self._steps() - self._first) / seconds
        for name, value in values.items():
            part = "validation" if name.startswith("val_") else "train"
            self._file(part).scalar(f"epoch_{name.removeprefix('val_')}", value, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            for layer in self.model.layers:
                for weight in layer.weights:
                    tag = f"{weight.path.replace(':', '_')}/histogram"
                    self._file("train").histogram(tag, weight.numpy(), epoch)

    def on_test_end(self, logs: Logs | None = None) -> None:
        if self.model.optimizer is None:
            return
        for name, value in (logs or {}).items():
            tag = f"evaluation_{name}_vs_iterations"
            self._file("validation").scalar(tag, value, self._steps())

    def _steps(self) -> int:
        return int(number(self.model.optimizer.iterations))

    def _file(self, part: str) -> EventFile:
        if part not in self._files:
            self._files[part] = EventFile(os.path.join(self.log_dir, part))
        return self._files[part]


def _network(model: Any) -> str | None:
    """Return layers and connections as JSON; None where a model cannot be written as data."""
    try:
        config = serialize(model)
        return json.dumps(config) if "layers" in config["config"] else None
    except (RanvierError, TypeError, ValueError, LookupError):
        return None
