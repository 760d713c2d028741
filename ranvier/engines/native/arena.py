"""Arenas: the memory in which a step computes, lent to one call at a time."""

from __future__ import annotations

import weakref

import numpy as np

from .call import MAX_THREADS
from .layout import Layout


class Arena:
    """Memory for the steps of one call.

    Attributes:
        memory: bytes: constants in place, then each thread's own block, then the barrier.
        address: where it begins.
        counter: the barrier's words.
    """

    def __init__(self, layout: Layout) -> None:
        self.memory = layout.memory()
        self.address: int = self.memory.ctypes.data
        place = layout.arena + MAX_THREADS * layout.private
        self.counter = self.memory[place : place + 32].view(np.int64)


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


#: By the key of the code; memory goes with the last program that may use it.
_ARENAS: weakref.WeakValueDictionary[str, Arenas] = weakref.WeakValueDictionary()


def arenas_of(name: str, layout: Layout) -> Arenas:
    """Return the arenas of the code with this key."""
    return _ARENAS.setdefault(name, Arenas(layout))
