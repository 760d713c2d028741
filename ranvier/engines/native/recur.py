"""Writes Recur kernels: a loop over time around the kernels of one step."""

from __future__ import annotations

from collections.abc import Callable

from ...plan import Access, Recur
from ...plan.plan import Kernel, Plan
from .emit import SIZE, Function, Module
from .share import SHARE

#: Writes any kernel of a plan; returns its function and what that takes.
Write = Callable[[Plan, Kernel], tuple[str, list[Access]]]


def write_recur(module: Module, kernel: Recur, write: Write) -> tuple[str, list[Access]]:
    """Write a Recur; returns its function and the accesses whose pointers it takes."""
    written = [write(kernel.plan, one) for one in kernel.plan.kernels]
    f = Function(module, [*(("ptr", f"p{i}") for i in range(len(kernel.accesses))), *SHARE])

    def pointer(access: Access, t: str) -> str:
        size, buffer = SIZE[access.buffer.dtype], access.buffer
        if buffer.turn is None:
            return f.offset("%p1", buffer.offset + access.offset * size)
        operand, offset, step = buffer.turn
        start = f.offset(f"%p{operand}", (offset + access.offset) * size)
        return f.offset(start, f.mul(t, step * size))

    def turn(t: str, _: list[str]) -> None:
        for name, accesses in written:
            f.call("void", name, [*(f"ptr {pointer(a, t)}" for a in accesses), "i64 %rows",
                                  "i64 0", "i64 1"])  # fmt: skip

    f.loop(0, kernel.node.attrs["length"], turn)
    return module.share(f, "recur"), kernel.accesses
