"""Writes Copy kernels: one array, or one number, into another place."""

from __future__ import annotations

from ...plan import Access, Copy, Plan
from .emit import Module
from .nest import Nest, Space


def write_copy(plan: Plan, module: Module, kernel: Copy) -> tuple[str, list[Access]]:
    """Write a Copy; returns its function and the accesses whose pointers it takes."""
    space, source = Space(plan, kernel.shape, kernel.order), kernel.source
    dtype, cut = kernel.target.buffer.dtype, kernel.cut if kernel.shared else None
    accesses = [kernel.target, *([source] if isinstance(source, Access) else [])]
    w = Nest(plan, module, space, accesses, [dtype] * len(accesses), cut)

    def body(first: str | int, _: list[str]) -> list[str]:
        value = w.load(1, first) if isinstance(source, Access) else w.f.constant(source, dtype)
        if kernel.adds:
            value = w.words.add(w.load(0, first), value)
        w.store(0, first, value)
        return []

    w.nest(space.plain, lambda: w.vectors(body, []))
    return module.share(w.f, "copy"), accesses
