"""Runs a plan on tags instead of numbers: bounds, lifetimes and races, byte by byte."""

from __future__ import annotations

import numpy as np

from ranvier.graph.node import INPUT
from ranvier.plan import Plan
from ranvier.plan.arena import ITEM
from ranvier.plan.plan import Kernel
from tests.plan.footprint import Use, uses


def check_plan(plan: Plan) -> None:
    """Check one step of a plan, at several numbers of threads."""
    held = [(kernel, list(uses(plan, kernel))) for kernel in plan.kernels]
    for kernel, touched in held:
        for use in (u for u in touched if u.touched.size):
            assert use.touched.min() >= 0, (type(kernel), use.buffer)
            assert use.touched.max() < use.buffer.size, (type(kernel), use.buffer)
    _check_places(plan)
    _check_lifetimes(plan, held)
    if plan.shared:
        for threads in (2, 3, 16):
            _check_races(plan, held, threads)


def _check_places(plan: Plan) -> None:
    for buffer in plan.buffers:
        if buffer.variable is None:
            end = buffer.offset + buffer.size * ITEM[buffer.dtype]
            assert buffer.offset >= 0 and end <= (plan.private if buffer.private else plan.arena)


def _bytes(use: Use) -> np.ndarray:
    """Return the arena's bytes that a use covers, one row an element."""
    item = ITEM[use.buffer.dtype]
    return use.buffer.offset + use.places[:, None] * item + np.arange(item)


def _check_lifetimes(plan: Plan, held: list[tuple[Kernel, list[Use]]]) -> None:
    """Every byte read is one that the same buffer wrote, and nothing has taken since."""
    tags = {True: np.full(plan.private, -1), False: np.full(plan.arena, -1)}
    number = {id(b): i for i, b in enumerate(plan.buffers)}
    ready = [b for b in plan.buffers if b.value is not None]
    ready += [b for e in plan.inputs for b in (e.plain, e.packed) if b is not None]
    for buffer in ready:
        size = buffer.size * ITEM[buffer.dtype]
        tags[buffer.private][buffer.offset : buffer.offset + size] = number[id(buffer)]
    kept = {id(b) for _, b in plan.outputs} | {id(b) for b in ready if not b.private}
    for step in range(2):
        last: dict[int, list[np.ndarray]] = {}
        for kernel, touched in held:
            for use in touched:
                if use.buffer.variable is not None:
                    continue
                place, tag = _bytes(use), number[id(use.buffer)]
                if use.write:
                    tags[use.buffer.private][place] = tag
                    last.setdefault(tag, []).append(place)
                else:
                    assert (tags[use.buffer.private][place] == tag).all(), (step, type(kernel))
        for buffer in plan.buffers:
            if id(buffer) in kept:
                for place in last.get(number[id(buffer)], ()):
                    assert (tags[False][place] == number[id(buffer)]).all(), (step, buffer)


def _check_races(plan: Plan, held: list[tuple[Kernel, list[Use]]], threads: int) -> None:
    """No byte that one thread writes is touched by another before all meet."""
    room = {None: plan.arena}
    for buffer in plan.buffers:
        if buffer.variable is not None:
            room[id(buffer)] = buffer.size * ITEM[buffer.dtype]
    fresh = {k: (np.full(n, -1), np.full((threads, n), False)) for k, n in room.items()}
    state = {k: (w.copy(), r.copy()) for k, (w, r) in fresh.items()}
    here = np.full((threads, plan.private), -1)
    number = {id(b): i for i, b in enumerate(plan.buffers)}
    for entry in plan.inputs:
        for b in (entry.plain, entry.packed, entry.ahead):
            if b is not None and b.private:
                here[:, b.offset : b.offset + b.size * ITEM[b.dtype]] = number[id(b)]
    for kernel, touched in held:
        if kernel.meet:
            state = {k: (w.copy(), r.copy()) for k, (w, r) in fresh.items()}
        for use in touched:
            if use.buffer.private:
                _check_own(kernel, use, here, number[id(use.buffer)])
                continue
            own = use.buffer.variable is not None
            writer, readers = state[id(use.buffer) if own else None]
            place = _bytes(use) - (use.buffer.offset if own else 0)
            if kernel.repeated:
                assert not use.write, (type(kernel), "every thread writes to the same place")
                assert (writer[place] < 0).all(), (type(kernel), "reads before all have met")
                readers[:, place] = True
                continue
            who = np.repeat(_threads(kernel, use, threads)[:, None], place.shape[1], 1)
            others = (writer[place] >= 0) & (writer[place] != who)
            assert not others.any(), (threads, type(kernel), "touches what another thread wrote")
            if not use.write:
                readers[who, place] = True
                continue
            count = readers[:, place].sum(0) - readers[who, place]
            assert not count.any(), (threads, type(kernel), "overwrites what another thread read")
            writer[place] = who


def _threads(kernel: Kernel, use: Use, threads: int) -> np.ndarray:
    """Return which thread touches each place of a kernel that is not repeated."""
    # sdiv(thread * pieces, threads) in machine code; one piece runs on the first thread.
    if not kernel.shared:
        return np.zeros(len(use.owners), np.int64)
    ends = np.arange(1, threads + 1) * use.pieces // threads
    return np.searchsorted(ends, use.owners, side="right")


def _check_own(kernel: Kernel, use: Use, here: np.ndarray, tag: int) -> None:
    """Each thread reads of its own memory only what it has written there itself."""
    place = _bytes(use)
    who = slice(None) if kernel.repeated else _threads(kernel, use, len(here))[:, None]
    if use.write:
        here[who, place] = tag
    else:
        assert (here[who, place] == tag).all(), (type(kernel), "reads what another thread made")


def inputs_are_fed(plan: Plan) -> bool:
    """Tell whether every input has a place."""
    return all(e.plain or e.packed for e in plan.inputs if e.node.op is INPUT)
