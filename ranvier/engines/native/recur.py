"""Writes Recur kernels: for each part of the rows, a loop over time around one step's kernels."""

from __future__ import annotations

from collections.abc import Callable

from ...graph.shape import is_open
from ...plan import Access, Recur
from ...plan.plan import Kernel, Plan
from .emit import SIZE, Function, Module
from .share import SHARE, share_of

#: Writes any kernel of a plan; returns its function and what that takes.
Write = Callable[[Plan, Kernel], tuple[str, list[Access]]]


def write_recur(module: Module, kernel: Recur, write: Write) -> tuple[str, list[Access]]:
    """Write a Recur; returns its function and the accesses whose pointers it takes."""
    module.inline = True  # turns are short, and there are many
    written = [write(kernel.plan, one) for one in kernel.plan.kernels]
    module.inline = False
    f = Function(module, [*(("ptr", f"p{i}") for i in range(len(kernel.accesses))), *SHARE])

    rows = kernel.plan.rows

    def pointer(access: Access, part: str, t: str) -> str:
        size, buffer = SIZE[access.buffer.dtype], access.buffer
        first = f.mul(part, rows * size) if is_open(buffer.shape) else "0"
        if buffer.turn is None:
            start = f.offset("%p1", buffer.offset + access.offset * size)
            return f.offset(start, first)
        operand, offset, step = buffer.turn
        start = f.offset(f"%p{operand}", (offset + access.offset) * size)
        return f.offset(f.offset(start, first), f.mul(t, step * size))

    def one(part: str, _: list[str]) -> None:
        mine = f.least(f.let(f"sub i64 %rows, {f.mul(part, rows)}"), rows)

        def turn(t: str, _: list[str]) -> None:
            for name, accesses in written:
                pointers = [f"ptr {pointer(a, part, t)}" for a in accesses]
                f.call("void", name, [*pointers, f"i64 {mine}", "i64 0", "i64 1"])

        f.loop(0, kernel.node.attrs["length"], turn)

    f.loop(*share_of(f, kernel.parts, kernel.shared), one)
    return module.share(f, "recur"), kernel.accesses
