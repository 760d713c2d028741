"""Writes transposition of blocks in registers, and Pack kernels made of them."""

from __future__ import annotations

from ...plan import Access, Pack, Plan
from .emit import MEMORY, SIZE, WIDTH, Function, Module
from .share import SHARE, share_of


def transposed(f: Function, rows: list[str], kind: str) -> list[str]:
    """Return the columns of a square of vectors: numbers within 16 bytes first, then 16 bytes."""
    near = _near(f.lanes, kind)
    return _parted(f, _parted(f, rows, kind, near, 1), kind, f.lanes, near)


def _near(lanes: int, kind: str) -> int:
    """Return how many numbers of a vector lie within 16 bytes."""
    return min(lanes, 16 // WIDTH[kind])


def _parted(f: Function, rows: list[str], kind: str, group: int, unit: int) -> list[str]:
    """Part even from odd units of each group, by as many rounds as it takes.

    Processors have an instruction for each such shuffle, and LLVM finds it soon.
    """
    n, v = f.lanes, f.vector(kind)
    for _ in range((group // unit).bit_length() - 1):
        rows = [
            f.let(f"shufflevector {v} {a}, {v} {b}, <{n} x i32> <{numbers}>")
            for numbers in (_numbers(n, group, unit, odd) for odd in (0, 1))
            for a, b in zip(rows[::2], rows[1::2], strict=True)
        ]
    return rows


def _numbers(n: int, group: int, unit: int, odd: int) -> str:
    """Return the numbers of the even or odd units of each group, of a first and a second vector."""
    return ", ".join(
        f"i32 {vector + start + i}"
        for start in range(0, n, group)
        for vector in (0, n)
        for i in range(group)
        if i // unit % 2 == odd
    )


def block_function(module: Module, dtype: str, rows: int, columns: int) -> str:
    """Return a function (source, step, target, step) that transposes one block.

    Only the first `rows` source vectors exist, others count as zeros; so many `columns` are
    written. It loads 16 bytes of each row at a time, which spares half of the shuffles.
    """
    f = Function(module, [("ptr", "s"), ("i64", "ss"), ("ptr", "d"), ("i64", "ds")])
    kind, size = MEMORY[dtype], SIZE[dtype]
    near = _near(f.lanes, kind)

    def piece(first: str, row: int) -> str:
        if row >= rows:
            return "zeroinitializer"
        place = f.offset(f.offset("%s", f.mul("%ss", row)), f.mul(first, size))
        return f.let(f"load <{near} x {kind}>, ptr {place}, align {size}")

    def part(group: str, count: int) -> None:
        first = f.mul(group, near)
        vectors = [
            _joined(f, [piece(first, row) for row in range(start, f.lanes, near)], kind, near)
            for start in range(near)
        ]
        for i, column in enumerate(_parted(f, vectors, kind, near, 1)[:count]):
            place = f.offset("%d", f.mul(f.add(first, i), "%ds"))
            f.do(f"store {f.vector(kind)} {column}, ptr {place}, align {size}")

    whole, rest = divmod(columns, near)
    f.loop(0, whole, lambda group, _: part(group, near))
    if rest:
        part(str(whole), rest)
    return module.share(f, "block")


def _joined(f: Function, pieces: list[str], kind: str, count: int) -> str:
    """Return the vector of all pieces, each of `count` numbers, one after the other."""
    while len(pieces) > 1:
        v, both = f"<{count} x {kind}>", ", ".join(f"i32 {i}" for i in range(2 * count))
        pieces = [
            f.let(f"shufflevector {v} {a}, {v} {b}, <{2 * count} x i32> <{both}>")
            for a, b in zip(pieces[::2], pieces[1::2], strict=True)
        ]
        count *= 2
    return pieces[0]


def write_turned(f: Function, dtype: str, count: int, source: str, step: int, target: str,
                 width: int) -> None:  # fmt: skip
    """Write the transposition of `count` vectors: lane n of them goes to the n-th row.

    Args:
        f, dtype, count: the function, of what type vectors are, and how many. A row's rest to
            whole vectors is filled with zeros.
        source, step: the first vector, and elements from one to the next.
        target, width: the first row, and elements from one to the next.
    """
    size, lanes = SIZE[dtype], f.lanes
    whole, rest = divmod(count, lanes)

    def block(b: str, name: str) -> None:
        s = f.offset(source, f.mul(b, lanes * step * size))
        d = f.offset(target, f.mul(b, lanes * size))
        f.call("void", name, [f"ptr {s}", f"i64 {step * size}", f"ptr {d}", f"i64 {width * size}"])

    if whole:
        name = block_function(f.module, dtype, lanes, lanes)
        f.loop(0, whole, lambda b, _: block(b, name))
    if rest:
        block(str(whole), block_function(f.module, dtype, rest, lanes))


def write_pack(plan: Plan, module: Module, kernel: Pack) -> tuple[str, list[Access]]:
    """Write a Pack; returns its function and the accesses whose pointers it takes."""
    f = Function(module, [("ptr", "p0"), ("ptr", "p1"), *SHARE])
    dtype, lanes = kernel.target.dtype, plan.lanes
    size = SIZE[dtype]

    def lead(sizes: tuple[tuple[int, int, int], ...], source: str, target: str) -> None:
        if sizes:
            (count, here, there), inner = sizes[0], sizes[1:]
            f.loop(0, count, lambda i, _: lead(
                inner, f.offset(source, f.mul(i, here * size)),
                f.offset(target, f.mul(i, there * size))))  # fmt: skip
            return
        low, high = share_of(f, plan.rows // lanes, kernel.shared)
        f.loop(low, high, lambda v, _: write_turned(
            f, dtype, kernel.features, f.offset(source, f.mul(v, lanes * size)), kernel.stride,
            f.offset(target, f.mul(v, lanes * kernel.width * size)), kernel.width))  # fmt: skip

    lead(kernel.lead, "%p0", "%p1")
    return module.share(f, "pack"), [kernel.source, Access(kernel.target, 0, ())]
