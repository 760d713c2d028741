"""What each thread does: kernels that are shared out or repeated, and where threads must meet.

Work is cut along rows of results, never along a sum, so results have the same bits at any number
of threads. Small kernels run on the first thread alone: meeting costs more than they do. Where all
threads need what a small kernel makes, each makes it for itself in memory of its own, see
`docs/decisions/threads.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import prod

from ..graph.shape import size
from .arena import ITEM
from .plan import Access, Buffer, Copy, Kernel, Loop, Pack, Plan, Product, Recur, Special

#: Multiply-adds, or elements times maps, from which sharing a kernel pays. A meeting of two
#: threads costs about 0.6 microseconds, in which one core does about 60,000 multiply-adds.
_PRODUCT = 1 << 17
_ELEMENTS = 1 << 14
#: Multiply-adds a turn from which sharing a loop pays: it is cut by rows and its neighbours by
#: steps, so that all it reads comes from the other core.
_TURN = 3 << 17
#: Bytes below which repeating a kernel pays: at 64 KB a step of two dense layers took 0.9 of the
#: time, at 128 KB 1.02. Maps for each element count like bytes.
_SMALL = 1 << 17


def split(plan: Plan) -> Plan:
    """Mark kernels to share out and those that every thread repeats, and put last what may wait.

    Returns the plan.
    """
    for kernel in plan.kernels:
        kernel.shared = _worth(kernel, plan)
    plan.shared = any(k.shared for k in plan.kernels)
    if plan.shared:
        _move_last(plan)
        _repeat(plan)
    return plan


def _move_last(plan: Plan) -> None:
    """Put what the first thread makes alone and no other kernel needs behind all others.

    New weights of small layers and sums of metrics, for instance: no thread waits for them then.
    """
    read: set[Buffer] = set()
    written: set[Buffer] = set()
    kept: list[Kernel] = []
    last: list[Kernel] = []
    for kernel in reversed(plan.kernels):
        reads, writes = kernel.read_buffers(), kernel.written_buffers()
        free = read.isdisjoint(writes) and written.isdisjoint([*reads, *writes])
        if free and not kernel.shared:
            last.append(kernel)
            continue
        kept.append(kernel)
        read.update(reads)
        written.update(writes)
    plan.kernels = [*reversed(kept), *reversed(last)]


def _repeat(plan: Plan) -> None:
    """Mark small kernels of whose results all threads have need, and let each have its own.

    Threads meet before they read what the first one has made alone. So what is repeated reads
    nothing of the kind, or else stands after the last of it that the next shared kernel waits for.
    """
    writers: dict[Buffer, list[Kernel]] = defaultdict(list)
    readers: dict[Buffer, list[Kernel]] = defaultdict(list)
    for kernel in plan.kernels:
        for buffer in kernel.written_buffers():
            writers[buffer].append(kernel)
        for buffer in kernel.read_buffers():
            readers[buffer].append(kernel)
    kept = [b for _, b in plan.outputs]
    able: dict[Kernel, bool] = {}  # and whether it reads nothing that one thread has made
    alone: set[Buffer] = set()
    for kernel in plan.kernels:
        targets = kernel.written_buffers()
        free = alone.isdisjoint(kernel.read_buffers())
        if _is_small(kernel, plan) and all(
            b.variable is None and b not in kept and writers[b] == [kernel] for b in targets
        ):
            able[kernel] = free
        if not (kernel.shared or able.get(kernel)):
            alone.update(targets)
    last = True  # whether nothing that one thread makes is needed between here and what is shared
    for kernel in reversed(plan.kernels):
        targets = kernel.written_buffers()
        needed = any(reader.by_all for b in targets for reader in readers[b])
        if needed and kernel in able and (able[kernel] or last):
            kernel.shared, kernel.repeated = False, True
            for buffer in targets:
                buffer.private = True
        elif kernel.shared:
            last = True
        elif needed:
            last = False


def _is_small(kernel: Kernel, plan: Plan) -> bool:
    """Tell whether repeating a kernel takes less time than reading what others have made."""
    if isinstance(kernel, Pack):
        return kernel.target.size * ITEM[kernel.target.dtype] < _SMALL
    if isinstance(kernel, Loop):
        buffers = [*kernel.read_buffers(), *kernel.written_buffers()]
        width = max(ITEM[b.dtype] for b in buffers)
        return _elements(kernel, plan) * max(width, _maps(kernel)) < _SMALL
    return False


def meet(plan: Plan) -> Plan:
    """Mark meetings before kernels; returns the plan."""
    touched: list[tuple[Kernel, _Use]] = []
    shared: list[tuple[Kernel, _Use]] = []
    for kernel in plan.kernels:
        mine = [(kernel, use) for use in _uses(kernel)]
        # What the first thread does alone, it does in order.
        others = touched if kernel.by_all else shared
        if any(_conflict(old, new) for old in others for new in mine):
            kernel.meet = True
            touched, shared = [], []
        touched.extend(mine)
        shared.extend(mine if kernel.by_all else ())
    for entry in plan.inputs:
        readers = [
            (k, b) for k in plan.kernels for b in k.read_buffers()
            if b is entry.plain or b is entry.packed
        ]  # fmt: skip
        entry.parted = bool(readers) and all(_in_parts(k, b) for k, b in readers)
    return plan


def _in_parts(kernel: Kernel, buffer: Buffer) -> bool:
    """Tell whether each thread reads only its own parts of the rows in a buffer."""
    if not (isinstance(kernel, Product) and kernel.shared and kernel.zeros >= 0):
        return False
    sides = kernel.left, kernel.right
    (rows, _, strides), (other, *_) = sides[kernel.zeros], sides[1 - kernel.zeros]
    return rows is buffer is not other and bool(strides.get(kernel.cut))


def _worth(kernel: Kernel, plan: Plan) -> bool:
    if isinstance(kernel, Product) and kernel.ends:
        return size(kernel.node.shape) * plan.rows * (len(kernel.body) + 2) >= _ELEMENTS
    if isinstance(kernel, Product):
        return bool(kernel.cut) and _count(kernel, plan) >= _PRODUCT
    if isinstance(kernel, Loop):
        return kernel.cut is not None and _elements(kernel, plan) * _maps(kernel) >= _ELEMENTS
    if isinstance(kernel, Pack):
        return kernel.target.size >= _ELEMENTS
    if isinstance(kernel, Copy):
        return kernel.cut is not None and _elements(kernel, plan) >= _ELEMENTS
    if isinstance(kernel, Recur):
        return kernel.parts > 1 and is_long(kernel.plan.kernels, plan)
    if isinstance(kernel, Special):
        return kernel.cut is not None and kernel.target.buffer.size >= _ELEMENTS
    return False


def _elements(kernel: Loop | Copy, plan: Plan) -> int:
    """Return how many elements the space of a kernel has."""
    rows = plan.rows if kernel.shape[:1] == (None,) else 1
    return size(kernel.shape) * rows


def _maps(kernel: Loop) -> int:
    """Return how many maps and reductions a loop does for each element."""
    return len(kernel.body) + len(kernel.reductions)


def is_long(step: Sequence[Kernel], plan: Plan) -> bool:
    """Tell whether a loop of such steps, for all rows of a plan, has enough to do for threads."""
    return sum(_count(k, plan) for k in step if isinstance(k, Product)) >= _TURN


def _count(kernel: Product, plan: Plan) -> int:
    """Return the multiply-adds of a product."""
    return prod(plan.rows if s is None else s for s in kernel.sizes.values())


#: A buffer in use: written or read, and where the elements lie of which each thread touches
#: only those of its own rows. None where a thread may touch what is another's.
_Use = tuple[Buffer, bool, "tuple[int, tuple[int, ...]] | None"]


def _uses(kernel: Kernel) -> list[_Use]:
    """Return everything a kernel touches."""
    buffers = [*((b, False) for b in kernel.read_buffers()),
               *((b, True) for b in kernel.written_buffers())]  # fmt: skip
    return [(b, written, _own_place(kernel, b)) for b, written in buffers]


def _own_place(kernel: Kernel, buffer: Buffer) -> tuple[int, tuple[int, ...]] | None:
    """Return the one way in which a loop walks over a buffer, row by row of what it owns."""
    axis = kernel.cut if isinstance(kernel, Loop) else None
    accesses: list[Access] = [*kernel.reads.values(), *(a for _, a in kernel.writes)]
    places = {(a.offset, a.strides) for a in accesses if a.buffer is buffer}
    if axis is None or len(places) != 1:
        return None
    (place,) = places
    return place if place[1][axis] else None


def _conflict(old: tuple[Kernel, _Use], new: tuple[Kernel, _Use]) -> bool:
    """Tell whether two threads could meet the same memory in the wrong order."""
    (first, (a, wrote, place)), (second, (b, writes, other)) = old, new
    if a is not b or a.private or not (wrote or writes):
        return False
    if _fills(first) is not None and _fills(first) == _fills(second):
        return False  # strips around what is put among zeros
    return not (place is not None and place == other and _same_cut(first, second))


def _fills(kernel: Kernel) -> float | None:
    """Return the number that a kernel writes to all places it touches; None for other kernels."""
    number = kernel.source if isinstance(kernel, Copy) and not kernel.adds else None
    return None if isinstance(number, Access) else number


def _same_cut(first: Kernel, second: Kernel) -> bool:
    if not (isinstance(first, Loop) and isinstance(second, Loop)):
        return False
    return first.shared and second.shared and (first.shape, first.order, first.cut) == (
        second.shape, second.order, second.cut)  # fmt: skip
