"""PyDataset: data that users load batch by batch."""

from __future__ import annotations

from typing import Any


class PyDataset:
    """Base of data sets that load one batch at a time: override `__getitem__` and `__len__`.

    Args:
        workers, use_multiprocessing, max_queue_size: accepted as in Keras; batches are loaded
            one after the other, in the calling thread.

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

    def __init__(
        self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10
    ) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """Return batch `index`: (x,), (x, y) or (x, y, sample_weight)."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of batches."""
        raise NotImplementedError

    def on_epoch_begin(self) -> None:
        """Called before each epoch."""

    def on_epoch_end(self) -> None:
        """Called after each epoch."""
