"""Memory that ends, or begins, exactly at a page that nobody may touch (Linux)."""

from __future__ import annotations

import ctypes
import mmap
from typing import Any

import numpy as np

from ranvier.engines.native.home import apart
from ranvier.plan import Plan
from ranvier.plan.arena import ITEM

PAGE = mmap.PAGESIZE
_NONE = 0


def forbid(address: int, size: int) -> None:
    """Let any touch of whole pages end the process."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(size), _NONE):
        raise OSError(ctypes.get_errno(), "mprotect")


def pages(size: int) -> int:
    """Return bytes rounded up to whole pages."""
    return -(-size // PAGE) * PAGE


def guarded(size: int, at_end: bool) -> np.ndarray:
    """Return `size` zero bytes that touch a forbidden page at their end or at their start."""
    room = max(pages(size), PAGE)
    memory = mmap.mmap(-1, room + 2 * PAGE)
    raw = np.frombuffer(memory, np.uint8)
    address = raw.ctypes.data
    forbid(address, PAGE)
    forbid(address + PAGE + room, PAGE)
    start = PAGE + (room - size if at_end else 0)
    return raw[start : start + size]


def guarded_like(array: np.ndarray, at_end: bool) -> np.ndarray:
    """Return a contiguous copy of an array in guarded memory."""
    copy = guarded(array.nbytes, at_end).view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def guarded_strided(array: np.ndarray, steps: tuple[int, ...], at_end: bool) -> np.ndarray:
    """Return a copy whose elements lie `steps` apart along each axis, none outside of it.

    Negative steps lie backwards; the first and the last element touch the borders.
    """
    strides, unit = [], 1
    for size, step in zip(reversed(array.shape), reversed(steps), strict=True):
        strides.insert(0, unit * step)
        unit *= abs(step) * size
    reach = sum((n - 1) * abs(t) for n, t in zip(array.shape, strides, strict=True)) + 1
    flat = guarded(reach * array.itemsize, at_end).view(array.dtype)
    first = sum((n - 1) * -t for n, t in zip(array.shape, strides, strict=True) if t < 0)
    view = np.lib.stride_tricks.as_strided(
        flat[first:], array.shape, [t * array.itemsize for t in strides]
    )
    view[...] = array
    return view


class Spread:
    """Gives every buffer of a plan pages of its own, and forbids those between them."""

    def __init__(self, at_end: bool) -> None:
        self.at_end = at_end
        self.gaps: list[tuple[int, bool]] = []
        self.plan: Plan | None = None

    def place(self, plan: Plan) -> Plan:
        """Stand in for `plan.arena.place`: no two buffers share memory."""
        self.plan, self.gaps = plan, []
        batches = {
            id(b) for e in plan.inputs if e.node.shape[:1] == (None,) for b in (e.plain, e.packed)
        }
        ends = {True: 0, False: 0}
        for buffer in plan.buffers:
            if buffer.variable is not None:
                continue
            buffer.private = buffer.private or id(buffer) in batches
            size = buffer.size * ITEM[buffer.dtype]
            room, end = max(pages(size), PAGE), ends[buffer.private]
            self.gaps.append((end, buffer.private))
            buffer.offset = end + PAGE + (room - size if self.at_end else 0)
            ends[buffer.private] = end + PAGE + room
        for private in (True, False):
            self.gaps.append((ends[private], private))
        plan.private, plan.arena = ends[True] + PAGE, ends[False] + PAGE
        return plan

    def close(self, program: Any, threads: int) -> None:
        """Forbid the pages between the buffers of a program made from the last plan."""
        assert self.plan is not None
        arena = program._arenas.take()
        program._arenas.give(arena)
        base = arena.address
        assert base % PAGE == 0
        for start, private in self.gaps:
            if not private:
                forbid(base + start, PAGE)
                continue
            step = apart(self.plan.private)
            for thread in range(threads):
                forbid(base + self.plan.arena + thread * step + start, PAGE)
