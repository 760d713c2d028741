"""Arguments of callbacks that are no paths or numbers."""

import numpy as np
import pytest

from ranvier import callbacks
from ranvier.graph.errors import ArgumentTypeError


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("ModelCheckpoint", "filepath"), ("CSVLogger", "filename"), ("TensorBoard", "log_dir"),
        ("BackupAndRestore", "backup_dir"),
    ],
)  # fmt: skip
def test_paths(name: str, argument: str) -> None:
    for wrong in (None, 3.5):
        with pytest.raises(ArgumentTypeError, match=f"{name}, `{argument}`: got .* a path"):
            getattr(callbacks, name)(wrong)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("EarlyStopping", {"patience": "3"}), ("EarlyStopping", {"patience": None}),
        ("EarlyStopping", {"min_delta": "a"}), ("EarlyStopping", {"start_from_epoch": [1, 2]}),
        ("ReduceLROnPlateau", {"factor": "0.5"}), ("ReduceLROnPlateau", {"cooldown": None}),
    ],
)  # fmt: skip
def test_numbers(name: str, options: dict[str, object]) -> None:
    (argument,) = options
    with pytest.raises(ArgumentTypeError, match=f"{name}, `{argument}`: got .* a number"):
        getattr(callbacks, name)(**options)


def test_frequencies_and_numbers_of_numpy() -> None:
    with pytest.raises(ArgumentTypeError, match="TensorBoard, `histogram_freq`: got 'epoch'"):
        callbacks.TensorBoard("logs", histogram_freq="epoch")
    assert callbacks.EarlyStopping(patience=np.int64(3), min_delta=np.float32(0.5)).patience == 3
