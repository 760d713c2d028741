"""Where variables live for compiled code: aligned memory in the layout of the kernels."""

from __future__ import annotations

from math import prod

import numpy as np

from ...graph.shape import round_up

_LINE = 64
#: Bytes from which memory is large, and bytes left free around it. A core fetches ahead past the
#: end of what it walks over, and would take lines away from another that writes there.
_LARGE, _GAP = 1 << 16, 1 << 17


def apart(size: int) -> int:
    """Return how far from each other blocks of so many bytes, one a thread, are to begin."""
    return size + _GAP if size >= _LARGE else size


def aligned(count: int, dtype: object) -> np.ndarray:
    """Return zeros that begin at a cache line, large ones with a gap on both sides."""
    kind = np.dtype(dtype)  # type: ignore[call-overload]
    size = count * kind.itemsize
    gap = apart(size) - size
    raw = np.zeros(size + 2 * gap + _LINE, np.uint8)
    start = gap + -(raw.ctypes.data + gap) % _LINE
    return raw[start : start + size].view(kind)


def laid_out(flat: np.ndarray, shape: tuple[int, ...], order: tuple[int, ...],
             lanes: int) -> np.ndarray:  # fmt: skip
    """Return memory seen in the user's axes: stored in `order`, the last axis padded."""
    stored = [shape[a] for a in order]
    padded = [*stored[:-1], round_up(stored[-1], lanes)] if stored else []
    array = flat[: prod(padded)].reshape(padded)
    if stored:
        array = array[..., : stored[-1]]
    back = [order.index(i) for i in range(len(order))]
    return array.transpose(back)


class NativeHome:
    """The home of a variable that compiled code reads and writes in place."""

    __slots__ = ("flat", "order", "lanes", "seen", "address")

    def __init__(self, value: np.ndarray, order: tuple[int, ...], lanes: int) -> None:
        stored = [value.shape[a] for a in order]
        if stored:
            stored[-1] = round_up(stored[-1], lanes)
        self.flat = aligned(prod(stored) + lanes, value.dtype)
        self.order, self.lanes = order, lanes
        self.seen = laid_out(self.flat, value.shape, order, lanes)
        self.seen[...] = value
        self.address = self.flat.ctypes.data

    def read(self) -> np.ndarray:
        """Return a copy in the user's layout."""
        return np.array(self.seen, order="C")

    def write(self, value: np.ndarray) -> None:
        """Take new numbers from the user's layout."""
        self.seen[...] = value
