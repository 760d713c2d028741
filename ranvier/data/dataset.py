"""Dataset: batches that can be read again and again, one pass an epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.function import called


class Dataset:
    """An iterable of batches; each pass begins anew.

    It is what `timeseries_dataset_from_array` and the folder readers return, and `fit`,
    `evaluate`, `predict` and `adapt` take it.

    Args:
        batches: returns a new iterator over the batches, once a pass.
        length: how many batches a pass has, or None where nobody knows before.

    Example:
        >>> squares = Dataset(lambda: (n * n for n in range(4)), 4)
        >>> list(squares), list(squares.take(2)), len(squares)
        ([0, 1, 4, 9], [0, 1], 4)

    Source: the part of tf.data.Dataset that Keras' books use.
    """

    def __init__(self, batches: Callable[[], Iterator[Any]], length: int | None = None) -> None:
        self._batches, self._length = batches, length

    def __iter__(self) -> Iterator[Any]:
        return iter(self._batches())

    def __len__(self) -> int:
        if self._length is None:
            raise ArgumentTypeError(
                "This Dataset does not know how many batches it has; loop over it."
            )
        return self._length

    def take(self, count: int) -> Dataset:
        """Return the first `count` batches; -1 for all."""
        if count < 0:
            return self
        length = None if self._length is None else min(count, self._length)
        return Dataset(lambda: islice(self, count), length)

    def skip(self, count: int) -> Dataset:
        """Return all but the first `count` batches."""
        if count < 0:
            raise ArgumentError(f"Dataset.skip, `count`: got {count}, expected at least 0.")
        length = None if self._length is None else max(self._length - count, 0)
        return Dataset(lambda: islice(self, count, None), length)

    def map(self, function: Callable[..., Any], **_: Any) -> Dataset:
        """Return `function` of each batch; a tuple (x, y) is handed over as two arguments.

        Args:
            function: takes the parts of a batch, as arrays.
            **_: `num_parallel_calls` and `deterministic`, accepted for code written for tf.data.
        """

        def mapped() -> Iterator[Any]:
            for batch in self:
                parts = batch if isinstance(batch, tuple) else (batch,)
                names = ("x", "y", "sample_weight")[: len(parts)]
                with called(function, "Dataset.map, `function`", *names):
                    made = function(*parts)
                yield made

        return Dataset(mapped, self._length)

    def prefetch(self, buffer_size: int | None = None) -> Dataset:
        """Return the data set itself: batches are made when they are asked for."""
        return self

    def cache(self) -> Dataset:
        """Return a data set that keeps the batches of its first whole pass in memory."""
        kept: list[Any] = []

        def cached() -> Iterator[Any]:
            if kept:
                yield from kept
                return
            seen = []
            for batch in self:
                seen.append(batch)
                yield batch
            kept[:] = seen

        return Dataset(cached, self._length)
