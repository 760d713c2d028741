"""PyDataset: data that users load batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from ..graph.whole import whole


class PyDataset:
    """Base of data sets that load one batch at a time: override `__getitem__` and `__len__`.

    Batches are loaded ahead, while steps run, and come in the order of the steps.

    Args:
        workers: how many threads load batches, default 1; with 0 each is loaded when its step is
            due, in the thread that called `fit`.
        use_multiprocessing: accepted as in Keras; batches are loaded by threads.
        max_queue_size: how many loaded batches may wait, default 10.

    Raises:
        ArgumentError, ArgumentTypeError: for numbers that cannot be.

    Example:
        >>> import numpy as np
        >>> class Squares(PyDataset):
        ...     def __len__(self):
        ...         return 2
        ...     def __getitem__(self, index):
        ...         return np.full((4, 1), index), np.full((4, 1), index**2)
        >>> len(Squares())
        2

    Source: keras.utils.PyDataset.
    """

    #: What a subclass without super().__init__() goes by.
    workers = 1
    use_multiprocessing = False
    max_queue_size = 10

    def __init__(
        self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10
    ) -> None:
        self.workers = whole("PyDataset, `workers`", workers, 0)
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = whole("PyDataset, `max_queue_size`", max_queue_size, 1)

    def __getitem__(self, index: int) -> Any:
        """Return batch `index`: (x,), (x, y) or (x, y, sample_weight)."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of batches."""
        raise NotImplementedError

    @property
    def num_batches(self) -> int | None:
        """The number of batches, None for a data set that never ends; default: its length."""
        return len(self)

    def __iter__(self) -> Iterator[Any]:
        """Yield the batches of one epoch."""
        length = self.num_batches
        for index in count() if length is None else range(length):
            yield self[index]

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""
