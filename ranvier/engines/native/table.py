"""Writes `take` and `rows_add` for a batch: rows of a table, a vector of them at a time.

An embedding reads a row of its table for each word and writes it as a column, since lanes are rows
of the batch. So many rows are loaded whole and transposed in registers; the gradient goes the
other way. One element at a time, this was half of a small recurrent network's step.
"""

from __future__ import annotations

from collections.abc import Callable

from ...plan import Access, Plan, Special
from .emit import MEMORY, SIZE, Function, Module, Value
from .share import SHARE, share_of
from .transpose import transposed


def fits_table(kernel: Special) -> bool:
    """Tell whether rows of a float table stand beside each other, and rows of the batch too."""
    node = kernel.node
    if node.op.name not in ("take", "rows_add") or not node.dtype.startswith("float"):
        return False
    if 0 in node.shape:
        return False
    index, table, columns = kernel.operands[1], *_sides(kernel)
    return (
        node.inputs[1].shape[:1] == (None,)
        and len(table.strides) == 2
        and table.strides[1] == 1
        and columns.strides[0] == index.strides[0] == 1
    )


def _sides(kernel: Special) -> tuple[Access, Access]:
    """Return (the table, what lies feature by feature)."""
    if kernel.node.op.name == "take":
        return kernel.operands[0], kernel.target
    return kernel.target, kernel.operands[0]


class _Table:
    """What both directions share: where rows of the table are, for a vector of indices."""

    def __init__(self, plan: Plan, module: Module, kernel: Special) -> None:
        self.kernel, self.lanes, self.vectors = kernel, plan.lanes, plan.rows // plan.lanes
        self.accesses = [*kernel.operands, kernel.target]
        self.table, self.columns = _sides(kernel)
        self.index, self.index_dtype = kernel.operands[1], kernel.node.inputs[1].dtype
        node = kernel.node
        shape = node.inputs[0].shape if node.op.name == "take" else node.shape
        self.rows, self.features = shape[0] or 0, shape[1] or 0
        self.dtype, self.size = node.dtype, SIZE[node.dtype]
        self.f = Function(module, [*(("ptr", f"p{i}") for i in range(3)), *SHARE])
        self.places = self.f.let(f"alloca <{self.lanes} x i64>, align 64")

    def each_place(self, inside: Callable[[str, str, str], None]) -> None:
        """Write loops over all indices of a row, then over vectors of rows.

        `inside` gets the first row, and byte offsets of both in the index and in the columns.
        """
        f, axes = self.f, self.kernel.node.inputs[1].shape[1:]

        def nest(axis: int, at: str, to: str) -> None:
            count = self.vectors if axis > len(axes) else axes[axis - 1] or 0
            ends = share_of(f, count, self.kernel.shared and axis == 1)
            if axis > len(axes):
                f.loop(*ends, lambda v, _: rows(f.mul(v, self.lanes), at, to))
                return
            f.loop(*ends, lambda i, _: nest(
                axis + 1,
                f.add(at, f.mul(i, self.index.strides[axis] * SIZE[self.index_dtype])),
                f.add(to, f.mul(i, self.columns.strides[axis] * self.size))))  # fmt: skip

        def rows(first: str, at: str, to: str) -> None:
            at = f.add(at, f.mul(first, SIZE[self.index_dtype]))
            inside(first, f.offset("%p1", at), f.add(to, f.mul(first, self.size)))

        nest(1, "0", "0")

    def find(self, pointer: str) -> None:
        """Keep the byte offsets of a vector of rows: from the end where negative, held within."""
        f, v = self.f, f"<{self.lanes} x i64>"
        raw = f.load(pointer, self.index_dtype).name
        if MEMORY[self.index_dtype] != "i64":
            raw = f.let(f"sext {f.vector(MEMORY[self.index_dtype])} {raw} to {v}")
        negative = f.let(f"icmp slt {v} {raw}, zeroinitializer")
        from_end = f.let(f"add {v} {raw}, splat (i64 {self.rows})")
        at = f.let(f"select <{self.lanes} x i1> {negative}, {v} {from_end}, {v} {raw}")
        for name, bound in (("smax", "zeroinitializer"), ("smin", f"splat (i64 {self.rows - 1})")):
            intrinsic = f"llvm.{name}.v{self.lanes}i64"
            f.module.declare(f"{v} @{intrinsic}({v}, {v})")
            at = f.call(v, intrinsic, [f"{v} {at}", f"{v} {bound}"])
        at = f.let(f"mul {v} {at}, splat (i64 {self.table.strides[0] * self.size})")
        f.do(f"store {v} {at}, ptr {self.places}, align 64")

    def row(self, lane: str | int, block: int) -> str:
        """Return where a block of a lane's row is."""
        place = self.f.offset(self.places, self.f.mul(lane, 8))
        table = "%p0" if self.kernel.node.op.name == "take" else "%p2"
        offset = self.f.add(self.f.let(f"load i64, ptr {place}, align 8"),
                            block * self.lanes * self.size)  # fmt: skip
        return self.f.offset(table, offset)

    def blocks(self) -> list[tuple[int, int, str | None]]:
        """Return (number, features, mask) of each block of features."""
        count = -(-self.features // self.lanes)
        sizes = [min(self.lanes, self.features - b * self.lanes) for b in range(count)]
        return [
            (b, size, None if size == self.lanes else self.f.below(0, size))
            for b, size in enumerate(sizes)
        ]

    def column(self, start: str, block: int, feature: int) -> str:
        """Return where a feature of a vector of rows lies."""
        step = self.columns.strides[-1] * self.size
        base = "%p2" if self.kernel.node.op.name == "take" else "%p0"
        place = self.f.add(start, (block * self.lanes + feature) * step)
        return self.f.offset(base, place)


def write_take(plan: Plan, module: Module, kernel: Special) -> tuple[str, list[Access]]:
    """Write `take`; returns its function and the accesses whose pointers it takes."""
    w = _Table(plan, module, kernel)
    f = w.f

    def inside(_: str, index: str, columns: str) -> None:
        w.find(index)
        for block, size, mask in w.blocks():
            rows = [f.load(w.row(lane, block), w.dtype, mask).name for lane in range(w.lanes)]
            features = transposed(f, rows, MEMORY[w.dtype])[:size]
            for i, values in enumerate(features):
                f.store(Value(values, w.dtype), w.column(columns, block, i))

    w.each_place(inside)
    return module.share(f, "take"), w.accesses


def write_rows_add(plan: Plan, module: Module, kernel: Special) -> tuple[str, list[Access]]:
    """Write `rows_add`; returns its function and the accesses whose pointers it takes.

    Rows are added one after another, in the order of the batch at each place: a row that comes
    twice is summed in the same order always.
    """
    w = _Table(plan, module, kernel)
    f, kind = w.f, MEMORY[w.dtype]
    step = w.lanes * w.size
    held = f.let(f"alloca [{w.lanes} x {f.vector(kind)}], align 64")

    def clear(row: str, _: list[str]) -> None:
        start = f.offset("%p2", f.mul(row, w.table.strides[0] * w.size))
        for block, _size, mask in w.blocks():
            f.store(f.constant(0, w.dtype), f.offset(start, block * step), mask)

    def inside(first: str, index: str, columns: str) -> None:
        w.find(index)
        count = f.least(f.let(f"sub i64 %rows, {first}"), w.lanes)
        for block, size, mask in w.blocks():
            features = [f.load(w.column(columns, block, i), w.dtype).name for i in range(size)]
            features += ["zeroinitializer"] * (w.lanes - size)
            for lane, values in enumerate(transposed(f, features, kind)):
                f.store(Value(values, w.dtype), f.offset(held, lane * step))
            f.loop(0, count, lambda lane, _, b=block, m=mask: add(lane, b, m))  # type: ignore[misc]

    def add(lane: str, block: int, mask: str | None) -> None:
        mine = f.load(f.offset(held, f.mul(lane, step)), w.dtype)
        place = w.row(lane, block)
        total = f.let(f"fadd {f.vector(kind)} {f.load(place, w.dtype, mask).name}, {mine.name}")
        f.store(Value(total, w.dtype), place, mask)

    f.loop(0, w.rows, clear)
    w.each_place(inside)
    return module.share(f, "rows_add"), w.accesses
