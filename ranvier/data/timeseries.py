"""Windows over a series: batches of sequences and targets, cut from views of the user's array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..graph.array import Array
from ..graph.errors import ArgumentError
from ..graph.whole import seed_of, whole
from .arrays import as_array
from .dataset import Dataset

_PLACE = "timeseries_dataset_from_array"


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
) -> Dataset:
    """Return batches of windows over a series, each with its target.

    Window i holds data[i], data[i + sampling_rate], ... (sequence_length of them), and its target
    is targets[i]; i runs from the start in steps of sequence_stride.

    Args:
        data: the series, steps on axis 0.
        targets: one a step, or None for batches of windows alone.
        sequence_length: steps a window.
        sequence_stride: steps between the starts of two windows; default 1.
        sampling_rate: steps between two neighbours within a window; default 1.
        batch_size: windows a batch, default 128; None gives window by window.
        shuffle: whether windows come in random order, a new one each pass; default False.
        seed: an int for the same orders each time.
        start_index, end_index: use data[start_index:end_index] (and such targets) alone.

    Shape: data (steps, ...) -> batches of (rows, sequence_length, ...).
    Returns: a Dataset that can be read again and again. Batches in order are views of the series;
        shuffled ones copy no more than the batch.

    Raises:
        ArgumentError: for sizes and positions outside the series.

    Example:
        >>> windows = timeseries_dataset_from_array(range(6), [10, 11, 12], 3, batch_size=2)
        >>> for x, y in windows:
        ...     print(x.tolist(), y.tolist())
        [[0, 1, 2], [1, 2, 3]] [10, 11]
        [[2, 3, 4]] [12]

    Source: keras.utils.timeseries_dataset_from_array. Shuffled orders are not those of Keras.
    """
    series = as_array(data, f"{_PLACE}, data")
    goals = None if targets is None else as_array(targets, f"{_PLACE}, targets")
    length = whole("sequence_length", sequence_length, 1)
    _check_steps(len(series), sequence_stride, sampling_rate, start_index, end_index)
    batch = None if batch_size is None else whole("batch_size", batch_size, 1)
    part = slice(start_index or 0, len(series) if end_index is None else end_index)
    series, goals = series[part], None if goals is None else goals[part]
    count = len(series) - (length - 1) * sampling_rate
    if goals is not None:
        count = min(count, len(goals))
    starts = np.arange(0, max(count, 0), sequence_stride)
    chosen = None if seed is None else seed_of(f"{_PLACE}, `seed`", seed)
    random = np.random.RandomState(chosen) if shuffle else None
    windows = _windows(series, length, sampling_rate) if count > 0 else None

    def batches() -> Iterator[Any]:
        order = starts if random is None else random.permutation(starts)
        size = batch or 1
        for at in range(0, len(order), size):
            rows = _rows(order[at : at + size], sequence_stride if random is None else None)
            parts = tuple(Array.of(a[rows]) for a in (windows, goals) if a is not None)
            if batch is None:
                parts = tuple(a[0] for a in parts)
            yield parts if goals is not None else parts[0]

    return Dataset(batches, -(-len(starts) // (batch or 1)))


def _windows(series: np.ndarray, length: int, rate: int) -> np.ndarray:
    """Return a read-only view (starts, length, ...) of the series."""
    view = np.lib.stride_tricks.sliding_window_view(series, (length - 1) * rate + 1, axis=0)
    return np.moveaxis(view[..., ::rate], -1, 1)


def _rows(starts: np.ndarray, stride: int | None) -> Any:
    """Return what selects these windows: a slice (a view) where they lie in order."""
    return starts if stride is None else slice(int(starts[0]), int(starts[-1]) + 1, stride)


def _check_steps(steps: int, stride: int, rate: int, start: int | None, end: int | None) -> None:
    for name, value in (("sequence_stride", stride), ("sampling_rate", rate)):
        if not 0 < whole(name, value, 1) < max(steps, 2):
            raise ArgumentError(
                f"{_PLACE}, `{name}`: got {value}, expected less than the {steps} steps of data."
            )
    if start is not None and not 0 <= whole(f"{_PLACE}, `start_index`", start) < steps:
        raise ArgumentError(
            f"{_PLACE}, `start_index`: got {start}, expected one of the {steps} steps of data."
        )
    least = start or 0
    if end is not None and not least < whole(f"{_PLACE}, `end_index`", end) <= steps:
        raise ArgumentError(
            f"{_PLACE}, `end_index`: got {end}, expected more than start_index ({least}) and "
            f"at most {steps}, the steps of data."
        )
