"""Arenas: the memory in which a step computes, lent to one call at a time."""

from __future__ import annotations

import weakref

import numpy as np

from ...graph.node import Node
from .call import MAX_THREADS
from .home import laid_out
from .layout import Layout


class Arena:
    """Memory for the steps of one call.

    Attributes:
        memory: bytes: constants in place, then each thread's own block, then the barrier.
        address: where it begins.
        counter: the barrier's word.
    """

    def __init__(self, layout: Layout) -> None:
        self.memory, self.lanes = layout.memory(), layout.lanes
        self.address: int = self.memory.ctypes.data
        self._views: dict[int, np.ndarray] = {}
        place = layout.arena + MAX_THREADS * layout.private
        self.counter = self.memory[place : place + 8].view(np.int64)

    def view(self, place: int, node: Node) -> np.ndarray:
        """Return the array of a node of fixed sizes that lies at a place."""
        found = self._views.get(place)
        if found is None or found.shape != node.shape or found.dtype != node.dtype:
            flat = self.memory[place:].view(np.uint8)
            unit = np.dtype(node.dtype).itemsize
            flat = flat[: len(flat) // unit * unit].view(node.dtype)
            order = tuple(range(len(node.shape)))
            found = self._views[place] = laid_out(flat, node.shape, order, self.lanes)  # type: ignore[arg-type]
        return found


class Arenas:
    """The arenas of programs with the same code: as many as have run at once.

    A step leaves nothing in its arena that a later one reads, so any call may have any of them:
    of a hundred models with equal code that train on two threads, there are two.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._free: list[Arena] = []

    def take(self) -> Arena:
        """Return an arena that no other call has."""
        try:
            return self._free.pop()
        except IndexError:
            return Arena(self._layout)

    def give(self, arena: Arena) -> None:
        """Take an arena back."""
        self._free.append(arena)


#: By the layout of the code; memory goes with the last program that may use it.
_ARENAS: weakref.WeakValueDictionary[Layout, Arenas] = weakref.WeakValueDictionary()


def arenas_of(layout: Layout) -> Arenas:
    """Return the arenas of the code with this layout, which all programs with that code have."""
    return _ARENAS.setdefault(layout, Arenas(layout))
