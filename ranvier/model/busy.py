"""Who is using a model: a second `fit` at the same time is refused instead of mixing weights.

Weights may be read from another thread all the same: the reader gets its turn between two steps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..data.prefetch import THREAD as AHEAD
from ..graph.errors import BusyError


class Turn:
    """Held while steps run, so that nobody sees half of one."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a step that Python runs may ask for weights itself
        self._waiting = 0

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()
        if self._waiting:
            time.sleep(0.0005)  # else this thread takes the lock again before the reader wakes

    @contextmanager
    def between(self) -> Iterator[None]:
        """Wait until the steps that run now are done, and hold the next ones back."""
        self._waiting += 1
        try:
            with self._lock:
                yield
        finally:
            self._waiting -= 1


class Busy:
    """One model's door: training is alone; reading waits for reading, not for training.

    Attributes:
        steps: held by training while compiled code changes the weights.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.steps = Turn()
        self._trainer: tuple[int, str] | None = None

    def __deepcopy__(self, memo: object) -> Busy:
        return Busy()

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return Busy, ()

    @contextmanager
    def training(self, what: str, name: str) -> Iterator[None]:
        """Hold the model for a run that changes its weights.

        Raises:
            BusyError: if it is being trained already, by this thread or by another.
        """
        if self._trainer is not None or not self._lock.acquire(blocking=False):
            raise BusyError(self._words(what, name))
        self._trainer = (threading.get_ident(), what)
        try:
            yield
        finally:
            self._trainer = None
            self._lock.release()

    @contextmanager
    def reading(self, what: str, name: str) -> Iterator[None]:
        """Hold the model for a run that reads its weights; callbacks of a `fit` may do so.

        Raises:
            BusyError: if another thread is training it.
        """
        trainer = self._trainer
        if trainer is not None and trainer[0] != threading.get_ident():
            raise BusyError(self._words(what, name))
        with self._lock:
            yield

    @contextmanager
    def between_steps(self) -> Iterator[None]:
        """Hold the weights as a whole step left them, whoever is training."""
        if self._trainer is None:
            yield
            return
        with self.steps.between():  # `fit_many` runs steps in other threads than its own
            yield

    @property
    def is_training(self) -> bool:
        """Whether the model is being trained now."""
        return self._trainer is not None

    def try_reading(self) -> bool:
        """Begin to read if that needs no waiting; then `end_reading` must follow."""
        trainer = self._trainer
        if trainer is not None and trainer[0] != threading.get_ident():
            return False
        return self._lock.acquire(blocking=False)

    def end_reading(self) -> None:
        """End what `try_reading` began."""
        self._lock.release()

    def _words(self, what: str, name: str) -> str:
        held = self._trainer
        by = "another call" if held is None else f"`{held[1]}`"
        inside = held is not None and held[0] == threading.get_ident()
        where = "that this call was made from, in a callback" if inside else "in another thread"
        if threading.current_thread().name == AHEAD:
            return (
                f"{what}: model '{name}' is in use by {by}, for which this thread makes batches "
                "ahead of the steps. To make each batch between two steps, when the model is free, "
                "give a PyDataset with workers=0."
            )
        return (
            f"{what}: model '{name}' is in use by {by} {where}. Wait until it ends, or use a copy: "
            "clone_model(model), then set_weights(model.get_weights())."
        )
