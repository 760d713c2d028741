"""Every so many batches: the argument that asks for it, and the count."""

from __future__ import annotations

from ..graph.errors import ArgumentError


def check_frequency(place: str, name: str, value: str | int, *words: str) -> None:
    """Refuse anything but one of the words and a number of batches.

    Args:
        place: the callback's name.
        name: of the argument.
        value: what was given.
        words: what else it may be, for instance "epoch".

    Raises:
        ArgumentError: that names the argument.
    """
    if value in words or (isinstance(value, int) and value is not True and value > 0):
        return
    listed = ", ".join(map(repr, words))
    raise ArgumentError(
        f"{place}, `{name}`: got {value!r}, expected {listed} or a number of batches."
    )


class BatchCount:
    """Counts batches since something was due, heard of one by one or several at once.

    Example:
        >>> count = BatchCount()
        >>> [count.due(batch, 2) for batch in (0, 1, 0, 1)]
        [False, True, False, True]
    """

    def __init__(self) -> None:
        self._since = self._last = 0

    def due(self, batch: int, every: str | int) -> bool:
        """Count up to `batch`; tell whether `every` have passed, which for a word never do."""
        if isinstance(every, str):
            return False
        done = batch + 1
        self._since += done - self._last if done > self._last else done
        self._last = done
        if self._since < every:
            return False
        self._since = 0
        return True

    def begin(self, batch: int = 0) -> None:
        """Begin anew, so many batches into an epoch."""
        self._since, self._last = 0, batch
