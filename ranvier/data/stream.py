"""Streams: generators, data sets by batch, and any iterable that yields (x, y, sample_weight)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from typing import Any

import numpy as np

from ..graph.errors import DataError, warn
from ..graph.frame import of_frames
from .batches import Orders, Permute
from .prefetch import AHEAD, Prefetch
from .reuse import Kept
from .table import Slot, Table, read

#: After so many batches of a first epoch without an end, a warning asks whether there is one.
PATIENCE = 100_000


def is_stream(value: Any) -> bool:
    """Tell whether `value` gives batches one by one, rather than all rows at once.

    Example:
        >>> is_stream(x for x in []), is_stream([1, 2])
        (True, False)
    """
    if isinstance(value, (np.ndarray, list, tuple, range, str, bytes, Mapping)) or value is None:
        return False
    if any(hasattr(value, name) for name in ("__array__", "__dataframe__", "tocoo", "detach")):
        return False
    if of_frames(value) or type(value).__name__ in ("RaggedTensor", "SparseTensor"):
        return False
    return hasattr(value, "__iter__") or (
        hasattr(value, "__getitem__") and hasattr(value, "__len__")
    )


def unpack(batch: Any, lists: bool = False) -> tuple[Any, Any, Any]:
    """Return (x, y, sample_weight) of what users give as one thing; what is absent is None.

    Args:
        batch: x alone, or a tuple (x,), (x, y) or (x, y, sample_weight).
        lists: whether a list means such a tuple too, as in `validation_data`.

    Raises:
        DataError: for a tuple of another length.

    Example:
        >>> unpack((1, 2))
        (1, 2, None)
    """
    if isinstance(batch, list) and lists:
        batch = tuple(batch)
    if not isinstance(batch, tuple):
        return batch, None, None
    if not 1 <= len(batch) <= 3:
        raise DataError(
            f"got a tuple of {len(batch)}, expected (x,), (x, y) or (x, y, sample_weight)."
        )
    x, y, weight = (*batch, None, None)[:3]
    return x, y, weight


class Stream:
    """Reads batches as tables, ahead of the steps, and says which batch is at fault.

    A thread reads the source while steps run, but for data sets with `workers=0`. Whoever is done
    calls `close`.

    Args:
        source: a generator, an iterable, or an object with `__getitem__` and `__len__`.
        inputs, outputs: what the model expects.
        place: how messages name the source, for instance "x".
        shuffle: visit the batches of an object with `__len__` in a new order each epoch.
        permute: makes that order.
        check: called with each batch and the words that name it, "x, batch 3: ".
        total: how many batches will be asked for in all, if that is known: no more are taken from
            a generator.
        again: whether each epoch has the first batches, so many as `total`, again; those of a
            generator are kept for that.
        prepare: makes numbers of the x of each batch, for a model that begins with text.

    Attributes:
        steps: batches an epoch: what the source says, or what the first epoch had; None before.

    Example:
        >>> stream = Stream((np.ones((2, 3)), np.zeros(2)) for _ in range(4))
        >>> [table.rows for table in stream.epoch()]
        [2, 2, 2, 2]
    """

    def __init__(
        self,
        source: Any,
        inputs: Sequence[Slot] = (Slot("x"),),
        outputs: Sequence[Slot] = (Slot("y"),),
        place: str = "x",
        shuffle: bool | str = False,
        permute: Permute | None = None,
        check: Callable[[Table, str], None] | None = None,
        total: int | None = None,
        prepare: Callable[[Any], Any] | None = None,
        again: bool = False,
    ) -> None:
        self.check, self._total, self._prepare = check, total, prepare
        self._again, self._kind = again, _kind_of(source)
        if again and hasattr(source, "__next__"):
            source = Kept(source, total)
        self.source, self.place = source, place
        self.inputs, self.outputs = inputs, outputs
        self.indexed = hasattr(source, "__getitem__") and hasattr(source, "__len__")
        self.shuffle, self.permute = shuffle, permute
        self.once = hasattr(source, "__next__")
        self._first: Table | None = None
        self._running: Iterator[Table] | None = None
        self._ahead: Prefetch | None = None
        self.steps = self._length()
        self._epochs = 0
        self._batch = 0

    @property
    def first(self) -> Table:
        """The first batch, read ahead so that a model can be built; it is not lost."""
        if self._first is None:
            running = self._tables()
            try:
                self._first = next(running)
            except StopIteration:
                raise DataError(
                    f"{self.place}: the {self._kind} gave no batch at all, expected at least one."
                ) from None
            self._running = _put_back(self._first, running)
        return self._first

    def epoch(self, steps: int | None = None) -> Iterator[Table]:
        """Yield the batches of the next epoch: `steps` of them, or all there are.

        Raises:
            DataError: naming the batch, where its shape is another than that of the first, x and
                y differ in rows, or an exhausted generator is asked for another epoch.
        """
        known = self.first
        limit = self._length() if steps is None and self.indexed else steps
        self._call("on_epoch_begin")
        if self._ahead is not None:
            self._ahead.open()
        done = 0
        while limit is None or done < limit:
            table = self._next(restart=done == 0)
            if table is None:
                break
            done += 1
            self._match(table, known, self._batch)
            if self.check is not None:
                self.check(table, f"{self.place}, batch {self._batch}: ")
            if limit is None and self._epochs == 0 and done == PATIENCE:
                warn(
                    f"{self.place}: the {self._kind} has given {done} batches and has not ended. "
                    "If it never ends, give steps_per_epoch (steps in evaluate and predict)."
                )
            yield table
        self._finish(done, steps)

    def close(self) -> None:
        """End the thread that reads ahead."""
        if self._ahead is not None:
            self._ahead.close()
        self._ahead = self._running = None

    def state(self) -> dict[str, int]:
        """Return where the stream stands, for `resume`."""
        orders = self.permute.state() if isinstance(self.permute, Orders) else {}
        return orders | {"orders": self._epochs}

    def resume(self, state: Mapping[str, int]) -> None:
        """Go on where another stream of the same source stood, if this source can begin anew.

        What comes one by one is the user's to bring to its place: nothing is skipped.
        """
        if isinstance(self.permute, Orders):
            self.permute.resume(state)
        self._epochs = state.get("orders", 0)
        if not self.once:
            self.close()

    def _next(self, restart: bool) -> Table | None:
        """Return the next batch or None; at an epoch's start, begin another pass if need be."""
        if self._running is None:
            self._running = self._tables()
        table = next(self._running, None)
        if table is None and restart and not self.once:
            self._running = self._tables()
            table = next(self._running, None)
        if table is None:
            self._running = None
        elif self._ahead is not None:
            self._ahead.open()
        return table

    def _finish(self, done: int, steps: int | None) -> None:
        self._epochs += 1
        if done == 0:
            raise DataError(
                f"{self.place}: the {self._kind} ended after batch {self._batch}, so nothing is "
                f"left for epoch {self._epochs}. It can be read once only: give a generator that "
                "never ends with steps_per_epoch, or a PyDataset, which starts again."
            )
        if not self.once and (steps is None or self._again):
            self._running = None
        if steps is None:
            self.steps = done
        elif done < steps:
            warn(
                f"{self.place}: the {self._kind} ended after batch {done} of the {steps} steps "
                "that were asked for. Ask for fewer steps, or give more batches."
            )
        self._call("on_epoch_end")

    def _tables(self) -> Iterator[Table]:
        """Yield tables, counting batches from 1; note the batch on whatever is raised."""
        if not self.once:
            self._batch = 0
        batches = self._read_ahead()
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                return
            except Exception as error:
                error.add_note(
                    f"(raised by the {self._kind} given as {self.place}, while it made batch "
                    f"{self._batch + 1})"
                )
                raise
            self._batch += 1
            yield self._read(batch, f"{self.place}, batch {self._batch}: ")

    def _read(self, batch: Any, where: str) -> Table:
        if isinstance(batch, list) and len(batch) in (2, 3) and hasattr(batch[0], "shape"):
            if len(self.inputs) == 1:
                batch = tuple(batch)
        try:
            x, y, weight = unpack(batch)
        except DataError as error:
            raise DataError(f"{where}{error}") from None
        if self._prepare is not None:
            x = self._prepare(x)
        table = read(x, y, weight, self.inputs, self.outputs, where)
        if table.rows == 0:
            raise DataError(f"{where}no rows (shape {table.x[0].shape}), expected at least one.")
        return table

    def _read_ahead(self) -> Iterator[Any]:
        """Return the batches of one pass, made ahead unless the source is against it."""
        if self._ahead is not None:
            self._ahead.close()
        if self.indexed and getattr(self.source, "workers", 1) == 0:
            return self._items()
        size = getattr(self.source, "max_queue_size", AHEAD) if self.indexed else AHEAD
        limited = self.once or self._again
        self._ahead = Prefetch(self._items(), size, self._total if limited else None)
        return self._ahead

    def _items(self) -> Iterator[Any]:
        if not self.indexed or self.once:
            # Not `yield from`, which would close a user's generator.
            for item in self.source:  # noqa: UP028
                yield item
            return
        workers = getattr(self.source, "workers", 1)
        if workers > 1:
            size = max(workers, getattr(self.source, "max_queue_size", AHEAD))
            yield from _shared_out(self.source.__getitem__, self._order(), workers, size)
            return
        for index in self._order():
            yield self.source[index]

    def _order(self) -> Iterable[int]:
        """Return the indices of one pass; they never end where the source says no length."""
        length = self._length()
        if length is None:
            return count()
        if self.shuffle and self.permute is not None and length:
            return map(int, self.permute(length))
        return range(length)

    def _match(self, table: Table, known: Table, number: int) -> None:
        """Refuse a batch whose arrays are of another form than those of the first."""
        for label, slots in (("x", self.inputs), ("y", self.outputs), ("weights", self.outputs)):
            old, new = getattr(known, label), getattr(table, label)
            name = "sample_weight" if label == "weights" else label
            if [a is None for a in old] != [a is None for a in new]:
                raise DataError(
                    f"{self.place}, batch {number}: {name} is "
                    f"{'given' if any(a is not None for a in new) else 'missing'}, unlike in the "
                    "first batch. Each batch must have the same parts."
                )
            for at, (a, b) in enumerate(zip(old, new, strict=True)):
                shape = slots[at].shape if at < len(slots) else None
                if a is not None and b is not None and not _alike(a.shape, b.shape, shape):
                    raise DataError(
                        f"{self.place}, batch {number}: {name} has shape {b.shape}, but the first "
                        f"batch had {a.shape}. Only the number of rows may change, and axes that "
                        "are open in the model, as the second one of Input((None, 3))."
                    )

    def _length(self) -> int | None:
        try:
            if hasattr(self.source, "num_batches"):
                batches: int | None = self.source.num_batches
                return batches
            return len(self.source)
        except (TypeError, NotImplementedError):
            return None

    def _call(self, hook: str) -> None:
        method = getattr(self.source, hook, None)
        if callable(method) and self.indexed:
            method()


def _alike(a: Sequence[int], b: Sequence[int], shape: Sequence[int | None] | None) -> bool:
    """Tell whether shapes of two batches differ where the model leaves them open, at most."""
    if len(a) != len(b):
        return False
    known = shape or a  # where the model says nothing, sizes stay as they are
    sizes = (None, *known[1:], *a[len(known) :])
    return all(s == t or size is None for s, t, size in zip(a, b, sizes, strict=False))


def _kind_of(source: Any) -> str:
    if hasattr(source, "__next__"):
        return "generator" if hasattr(source, "send") else "iterator"
    return type(source).__name__


def _shared_out(
    make: Callable[[int], Any], order: Iterable[int], workers: int, size: int
) -> Iterator[Any]:
    """Yield what `make` returns for each index, in order, made by several threads."""
    pool, waiting = ThreadPoolExecutor(workers), deque[Future[Any]]()
    try:
        for index in order:
            waiting.append(pool.submit(make, index))
            if len(waiting) >= size:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _put_back(first: Table, rest: Iterator[Table]) -> Iterator[Table]:
    yield first
    yield from rest
