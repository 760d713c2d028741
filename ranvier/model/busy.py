"""Who is using a model: a second `fit` at the same time is refused instead of mixing weights."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..graph.errors import BusyError


class Busy:
    """One model's door: training is alone; reading waits for reading, not for training."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
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
        return (
            f"{what}: model '{name}' is in use by {by} {where}. Wait until it ends, or use a copy: "
            "clone_model(model), then set_weights(model.get_weights())."
        )
