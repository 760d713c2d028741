"""Writes transposition of blocks in registers, and Pack kernels made of them."""

from __future__ import annotations

from ...plan import Access, Pack, Plan
from .emit import MEMORY, SIZE, WIDTH, Function, Module
from .share import SHARE, share_of


def transposed(f: Function, rows: list[str], kind: str) -> list[str]:
    """Return the columns of a square of vectors, by rounds that part even from odd.

    First the numbers within 16 bytes, then pieces of 16 bytes: processors have an instruction for
    each, and LLVM finds it soon, while an interleaving of whole vectors takes it some ms a square.
    """
    n, v = f.lanes, f.vector(kind)
    near = min(n, 16 // WIDTH[kind])
    for group, unit in ((near, 1), (n, near)):
        for _ in range((group // unit).bit_length() - 1):
            rows = [
                f.let(f"shufflevector {v} {a}, {v} {b}, <{n} x i32> <{numbers}>")
                for numbers in (_parted(n, group, unit, odd) for odd in (0, 1))
                for a, b in zip(rows[::2], rows[1::2], strict=True)
            ]
    return rows


def _parted(n: int, group: int, unit: int, odd: int) -> str:
    """Return the numbers of the even or odd units of each group, of a first and a second vector."""
    return ", ".join(
        f"i32 {vector + start + i}"
        for start in range(0, n, group)
        for vector in (0, n)
        for i in range(group)
        if i // unit % 2 == odd
    )


def block_function(module: Module, dtype: str, valid: int) -> str:
    """Return a function (source, step, target, step) that transposes one block.

    Only the first `valid` source vectors exist; the others count as zeros.
    """
    f = Function(module, [("ptr", "s"), ("i64", "ss"), ("ptr", "d"), ("i64", "ds")])
    kind, lanes = MEMORY[dtype], module.lanes
    rows = []
    for r in range(lanes):
        if r >= valid:
            rows.append("zeroinitializer")
            continue
        p = f.offset("%s", f.mul("%ss", r))
        rows.append(f.let(f"load {f.vector(kind)}, ptr {p}, align {SIZE[dtype]}"))
    for r, column in enumerate(transposed(f, rows, kind)):
        p = f.offset("%d", f.mul("%ds", r))
        f.do(f"store {f.vector(kind)} {column}, ptr {p}, align {SIZE[dtype]}")
    return module.share(f, "block")


def write_pack(plan: Plan, module: Module, kernel: Pack) -> tuple[str, list[Access]]:
    """Write a Pack; returns its function and the accesses whose pointers it takes."""
    f = Function(module, [("ptr", "p0"), ("ptr", "p1"), *SHARE])
    dtype, lanes = kernel.target.dtype, plan.lanes
    size = SIZE[dtype]
    whole, rest = divmod(kernel.features, lanes)
    step = kernel.width * plan.rows * size

    def lead(sizes: tuple[tuple[int, int], ...], source: str, place: str) -> None:
        if sizes:
            (count, stride), inner = sizes[0], sizes[1:]
            f.loop(0, count, lambda i, _: lead(
                inner, f.offset(source, f.mul(i, stride * size)),
                f.add(f.mul(place, count), i)))  # fmt: skip
            return
        target = f.offset("%p1", f.mul(place, step))
        low, high = share_of(f, plan.rows // lanes, kernel.shared)
        f.loop(low, high, lambda v, _: rows(source, target, v))

    def rows(source: str, target: str, v: str) -> None:
        here = f.offset(source, f.mul(v, lanes * size))
        there = f.offset(target, f.mul(v, lanes * kernel.width * size))

        def block(b: str, name: str) -> None:
            s = f.offset(here, f.mul(b, lanes * kernel.stride * size))
            d = f.offset(there, f.mul(b, lanes * size))
            f.call("void", name, [f"ptr {s}", f"i64 {kernel.stride * size}", f"ptr {d}",
                                  f"i64 {kernel.width * size}"])  # fmt: skip

        if whole:
            name = block_function(module, dtype, lanes)
            f.loop(0, whole, lambda b, _: block(b, name))
        if rest:
            block(str(whole), block_function(module, dtype, rest))

    lead(kernel.lead, "%p0", "0")
    return module.share(f, "pack"), [kernel.source, Access(kernel.target, 0, ())]
