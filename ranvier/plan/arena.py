"""Lifetimes -> offsets: buffers that never live at once share memory in one arena."""

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
    for i, kernel in enumerate(plan.kernels):
        for buffer in [*kernel.read_buffers(), *kernel.written_buffers()]:
            born.setdefault(id(buffer), i)
            last[id(buffer)] = i
    for entry in plan.inputs:
        for held in (entry.plain, entry.packed, entry.ahead):
            if held is not None and entry.node.shape[:1] == (None,):
                held.private, held.offset = True, plan.private
                plan.private += _lines(held)
            elif held is not None:  # filled once, read in every step
                born[id(held)], last[id(held)] = -1, end
    own = plan.private
    for buffer in plan.buffers:
        if buffer.private and buffer.offset < 0:  # used by one kernel alone
            buffer.offset = own
            plan.private = max(plan.private, own + _lines(buffer))
    for _, buffer in plan.outputs:
        last[id(buffer)] = end
    for buffer in plan.buffers:
        if buffer.value is not None:
            born[id(buffer)], last[id(buffer)] = -1, end
    taken: list[tuple[int, int, int, int]] = []
    pieces = [b for b in plan.buffers if b.variable is None and not b.private and b.turn is None]
    for buffer in sorted(pieces, key=lambda b: -b.size * ITEM[b.dtype]):
        first, final = born.get(id(buffer), -1), last.get(id(buffer), end)
        size = _lines(buffer)
        offset = 0
        for low, high, start, stop in sorted(taken):
            if start <= final and first <= stop and low < offset + size:
                offset = max(offset, high)
        buffer.offset = offset
        taken.append((offset, offset + size, first, final))
        plan.arena = max(plan.arena, offset + size)
    return plan


def _lines(buffer: Buffer) -> int:
    """Return the bytes of a buffer, rounded up to whole cache lines."""
    return round_up(buffer.size * ITEM[buffer.dtype], LINE)
