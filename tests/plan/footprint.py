"""Which elements of which buffers a kernel touches, and which thread does, worked out slowly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ranvier.plan import Access, Buffer, Copy, Loop, Pack, Plan, Product, Special
from ranvier.plan.plan import Kernel


class Use(NamedTuple):
    """Elements of a buffer that one kernel reads or writes.

    Attributes:
        places: element numbers.    owners: which of `pieces` each belongs to.
        pieces: into how many pieces the kernel is cut; 1 where it is not shared.
        touched: `places`, and those that whole vectors touch beyond them.
    """

    buffer: Buffer
    write: bool
    places: np.ndarray
    owners: np.ndarray
    pieces: int
    touched: np.ndarray


def uses(plan: Plan, kernel: Kernel) -> Iterator[Use]:
    """Yield everything a kernel touches: reads, then writes."""
    form = {Loop: _loop, Product: _product, Pack: _pack, Copy: _copy, Special: _special}
    yield from form[type(kernel)](plan, kernel)  # type: ignore[operator]


def grid(offset: int, sizes: Sequence[int], strides: Sequence[int]) -> np.ndarray:
    """Return offset + sum(index * stride) for all indices."""
    places = np.full(tuple(sizes), offset, np.int64)
    for axis, (size, stride) in enumerate(zip(sizes, strides, strict=True)):
        shape = [1] * len(sizes)
        shape[axis] = size
        places = places + np.arange(size).reshape(shape) * stride
    return places


class _Walk:
    """A space of axes; the lanes run along one of them, pieces along another."""

    def __init__(self, plan: Plan, sizes: Sequence[int | None], lane: int | None,
                 cut: int | None) -> None:  # fmt: skip
        self.plan, self.lane, self.cut = plan, lane, cut
        self.open = [s is None for s in sizes]
        self.sizes = [plan.capacity if s is None else s for s in sizes]

    def use(self, buffer: Buffer, offset: int, strides: Sequence[int], write: bool,
            masked: bool = False, vector: bool = True) -> Use:  # fmt: skip
        # What a write repeats along an axis it does not have is one place.
        sizes = [1 if t == 0 and i != self.cut else s
                 for i, (s, t) in enumerate(zip(self.sizes, strides, strict=True))]  # fmt: skip
        places = grid(offset, sizes, strides)
        wide = list(sizes)
        for axis, is_open in enumerate(self.open):
            if is_open and strides[axis]:
                wide[axis] = self.plan.rows
        lanes = self.plan.lanes
        if vector and not masked and self.lane is not None and strides[self.lane] == 1:
            wide[self.lane] = -(-wide[self.lane] // lanes) * lanes
        touched = grid(offset, wide, strides)
        if write and vector and self.lane is None:
            touched = touched.reshape(-1, 1) + np.arange(lanes)
        owners = np.zeros(places.shape, np.int64)
        pieces = 1
        if self.cut is not None:
            count = self.sizes[self.cut]
            unit = self.plan.lanes if self.cut == self.lane else 1
            pieces = -(-count // unit)
            shape = [1] * len(sizes)
            shape[self.cut] = count
            owners = owners + (np.arange(count) // unit).reshape(shape)
        return Use(buffer, write, places.ravel(), owners.ravel(), pieces, touched.ravel())


def _loop(plan: Plan, kernel: Loop) -> Iterator[Use]:
    open_ = kernel.shape[:1] == (None,)
    lane = 0 if open_ else (kernel.order[-1] if kernel.order else None)
    walk = _Walk(plan, kernel.shape, lane, kernel.cut if kernel.shared else None)
    for access in kernel.reads.values():
        yield walk.use(access.buffer, access.offset, access.strides, False)
    for node, access in kernel.writes:
        single = node in set(kernel.reductions) and lane in kernel.reduced
        yield walk.use(access.buffer, access.offset, access.strides, True,
                       masked=not access.padded, vector=not single)  # fmt: skip


def _product(plan: Plan, kernel: Product) -> Iterator[Use]:
    letters = list(kernel.sizes)
    walk = _Walk(plan, [kernel.sizes[c] for c in letters], letters.index(kernel.vector),
                 letters.index(kernel.cut) if kernel.shared else None)  # fmt: skip
    if kernel.scratch is not None:
        buffer, by_letter = kernel.scratch
        for write in (True, False):
            yield walk.use(buffer, 0, [by_letter.get(c, 0) for c in letters], write)
    for buffer, offset, strides in (kernel.left, kernel.right):
        yield walk.use(buffer, offset, [strides.get(c, 0) for c in letters], False)
    for accesses, write in ((kernel.reads.values(), False), ([a for _, a in kernel.writes], True)):
        for access in accesses:
            by_letter = dict(zip(kernel.out, access.strides, strict=True))
            strides_ = [by_letter.get(c, 0) for c in letters]
            yield walk.use(access.buffer, access.offset, strides_, write)


def _pack(plan: Plan, kernel: Pack) -> Iterator[Use]:
    counts, here, there = zip(*kernel.lead, strict=True) if kernel.lead else ((), (), ())
    cut = len(kernel.lead) if kernel.shared else None
    walk = _Walk(plan, [*counts, None, kernel.features], None, cut)
    strides = [*here, 1, kernel.stride]
    yield walk.use(kernel.source.buffer, kernel.source.offset, strides, False)
    whole = -(-kernel.features // plan.lanes) * plan.lanes
    target = _Walk(plan, [*counts, None, whole], None, cut)
    yield target.use(kernel.target, 0, [*there, kernel.width, 1], True, vector=False)


def _copy(plan: Plan, kernel: Copy) -> Iterator[Use]:
    lane = 0 if kernel.shape[:1] == (None,) else kernel.order[-1] if kernel.shape else None
    walk = _Walk(plan, kernel.shape, lane, kernel.cut if kernel.shared else None)
    if isinstance(kernel.source, Access):
        yield walk.use(kernel.source.buffer, kernel.source.offset, kernel.source.strides, False)
    target = kernel.target
    if kernel.adds:
        yield walk.use(target.buffer, target.offset, target.strides, False)
    yield walk.use(target.buffer, target.offset, target.strides, True, masked=not target.padded)


def _special(plan: Plan, kernel: Special) -> Iterator[Use]:
    cut = kernel.cut if kernel.shared else None
    for n, (access, node) in enumerate(zip(kernel.operands, kernel.node.inputs, strict=True)):
        walk = _Walk(plan, node.shape, None, cut if n == 1 else None)
        yield walk.use(access.buffer, access.offset, access.strides, False, vector=False)
    walk = _Walk(plan, kernel.node.shape, None, cut)
    target = kernel.target
    yield walk.use(target.buffer, target.offset, target.strides, True, vector=False)
