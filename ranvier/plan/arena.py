"""Lifetimes -> offsets: buffers that never live at once share memory in one arena.

Threads come to a kernel at different times, so what several of them touch lives from the meeting
before until the meeting after: memory that is used again never makes them meet once more.
"""

from __future__ import annotations

from ..graph.shape import round_up
from .plan import Buffer, Plan

#: Bytes of a cache line.
LINE = 64
#: Bytes of an element in memory.
ITEM = {"bool": 1, "uint32": 4, "int32": 4, "int64": 8, "float32": 4, "float64": 8}


def place(plan: Plan) -> Plan:
    """Give every arena buffer its offset; returns the plan."""
    born: dict[int, int] = {}
    last: dict[int, int] = {}
    end = len(plan.kernels)
    for i, (kernel, (low, high)) in enumerate(zip(plan.kernels, _times(plan), strict=True)):
        for buffer in [*kernel.read_buffers(), *kernel.written_buffers()]:
            wide = kernel.by_all and not buffer.private
            first, final = (low, high) if wide else (i, i)
            born[id(buffer)] = min(born.get(id(buffer), end), first)
            last[id(buffer)] = max(last.get(id(buffer), 0), final)
    for entry in plan.inputs:
        for held in (entry.plain, entry.packed, entry.ahead):
            if held is not None and entry.node.shape[:1] == (None,):
                held.private, held.offset = True, plan.private
                plan.private += _lines(held)
            elif held is not None:  # filled once, read in every step
                born[id(held)], last[id(held)] = -1, end
    for _, buffer in plan.outputs:
        last[id(buffer)] = end
    for buffer in plan.buffers:
        if buffer.value is not None:
            born[id(buffer)], last[id(buffer)] = -1, end
    pieces = [b for b in plan.buffers if b.variable is None and b.turn is None and b.offset < 0]
    lives = [(b, born.get(id(b), -1), last.get(id(b), end)) for b in pieces]
    plan.arena = _placed([x for x in lives if not x[0].private], 0)
    plan.private = _placed([x for x in lives if x[0].private], plan.private)
    return plan


def _times(plan: Plan) -> list[tuple[int, int]]:
    """Return for each kernel the first and the last that may run at the same time."""
    starts = [i for i, kernel in enumerate(plan.kernels) if kernel.meet or not i]
    ends = [*starts[1:], len(plan.kernels)]
    return [
        (low, high - 1) for low, high in zip(starts, ends, strict=True) for _ in range(low, high)
    ]


def _placed(lives: list[tuple[Buffer, int, int]], low: int) -> int:
    """Give buffers that live from one kernel to another places from `low` on; return the end."""
    taken: list[tuple[int, int, int, int]] = []
    end = low
    for buffer, first, final in sorted(lives, key=lambda x: -x[0].size * ITEM[x[0].dtype]):
        size, offset = _lines(buffer), low
        for begin, high, start, stop in sorted(taken):
            if start <= final and first <= stop and begin < offset + size:
                offset = max(offset, high)
        buffer.offset = offset
        taken.append((offset, offset + size, first, final))
        end = max(end, offset + size)
    return end


def _lines(buffer: Buffer) -> int:
    """Return the bytes of a buffer, rounded up to whole cache lines."""
    return round_up(buffer.size * ITEM[buffer.dtype], LINE)
