"""Writes Special kernels, one element at a time: scans and indices.

Rows of a table taken for a batch, and their gradient, go by vectors: see `table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...plan import Access, Plan, Special
from .emit import MEMORY, SIZE, Function, Module
from .share import SHARE, share_of
from .table import fits_table, write_rows_add, write_take


class _Scalars:
    """Writes scalar code on the arrays of one kernel."""

    def __init__(self, plan: Plan, module: Module, kernel: Special) -> None:
        self.plan, self.kernel, self.node = plan, kernel, kernel.node
        self.accesses = [*kernel.operands, kernel.target]
        self.dtypes = [x.dtype for x in kernel.node.inputs] + [kernel.node.dtype]
        arguments = [("ptr", f"p{i}") for i in range(len(self.accesses))]
        self.f = Function(module, [*arguments, *SHARE])

    def sizes(self, shape: Sequence[int | None]) -> list[int | str]:
        return ["%rows" if s is None else s for s in shape]

    def each(self, sizes: Sequence[int | str], body: Callable[[list[str]], None],
             cut: bool = False) -> None:  # fmt: skip
        """Write loops over all places of a shape; rows of the batch, neighbours in memory, last.

        With `cut`, the outermost is shared out where the kernel is.
        """
        open_ = bool(sizes) and sizes[0] == "%rows"
        order = [*range(1, len(sizes)), 0] if open_ else list(range(len(sizes)))

        def nest(at: list[str]) -> None:
            if len(at) == len(sizes):
                body([at[order.index(axis)] for axis in range(len(sizes))])
            else:
                count = sizes[order[len(at)]]
                ends = share_of(self.f, count, cut and not at and self.kernel.shared)
                self.f.loop(*ends, lambda i, _: nest([*at, i]))

        nest([])

    def place(self, n: int, index: Sequence[str | int]) -> str:
        offset: str | int = 0
        for i, stride in zip(index, self.accesses[n].strides, strict=True):
            offset = self.f.add(offset, self.f.mul(i, stride))
        return self.f.offset(f"%p{n}", self.f.mul(offset, SIZE[self.dtypes[n]]))

    def load(self, n: int, index: Sequence[str | int]) -> str:
        dtype = self.dtypes[n]
        kind = MEMORY[dtype]
        return self.f.let(f"load {kind}, ptr {self.place(n, index)}, align {SIZE[dtype]}")

    def store(self, n: int, index: Sequence[str | int], value: str) -> None:
        dtype = self.dtypes[n]
        self.f.do(f"store {MEMORY[dtype]} {value}, ptr {self.place(n, index)}, "
                  f"align {SIZE[dtype]}")  # fmt: skip

    def add(self, n: int, x: str, y: str) -> str:
        dtype = self.dtypes[n]
        name = "fadd" if dtype.startswith("float") else "add"
        return self.f.let(f"{name} {MEMORY[dtype]} {x}, {y}")

    def index(self, n: int, at: Sequence[str | int], size: int | str) -> str:
        """Return an index operand as i64, from the end where negative, held within the table."""
        f = self.f
        raw = self.load(n, at)
        if MEMORY[self.dtypes[n]] != "i64":
            raw = f.let(f"sext {MEMORY[self.dtypes[n]]} {raw} to i64")
        negative = f.let(f"icmp slt i64 {raw}, 0")
        wrapped = f.let(f"select i1 {negative}, i64 {f.add(raw, size)}, i64 {raw}")
        below = f.let(f"icmp slt i64 {wrapped}, 0")
        wrapped = f.let(f"select i1 {below}, i64 0, i64 {wrapped}")
        top = f.let(f"sub i64 {size}, 1")
        above = f.let(f"icmp sgt i64 {wrapped}, {top}")
        return f.let(f"select i1 {above}, i64 {top}, i64 {wrapped}")

    def clear(self) -> None:
        """Fill the target with zeros."""
        zero = "0.0" if self.node.dtype.startswith("float") else "0"
        sizes = [self.plan.rows if s is None else s for s in self.node.shape]
        self.each(sizes, lambda at: self.store(len(self.accesses) - 1, at, zero))


def write_special(plan: Plan, module: Module, kernel: Special) -> tuple[str, list[Access]]:
    """Write a Special; returns its function and the accesses whose pointers it takes."""
    if fits_table(kernel):
        write = write_take if kernel.node.op.name == "take" else write_rows_add
        return write(plan, module, kernel)
    w = _Scalars(plan, module, kernel)
    if 0 not in kernel.node.shape:  # a table without rows takes none
        ROUTINES[kernel.node.op.name](w)
    return module.share(w.f, kernel.node.op.name), w.accesses


def _cumsum(w: _Scalars) -> None:
    shape, axis = w.node.shape, w.node.attrs["axis"]
    kind = MEMORY[w.node.dtype]
    zero = "-0.0" if w.node.dtype.startswith("float") else "0"  # the sum of none that -0.0 keeps
    others = w.sizes([s for i, s in enumerate(shape) if i != axis])

    def line(at: list[str]) -> None:
        def one(i: str, carried: list[str]) -> list[str]:
            place = [*at[:axis], i, *at[axis:]]
            total = w.add(0, carried[0], w.load(0, place))
            w.store(1, place, total)
            return [total]

        w.f.loop(0, w.sizes(shape)[axis], one, [(kind, zero)])

    w.each(others, line)


def _argsort(w: _Scalars) -> None:
    """Counts, for each element, how many come before it: its place in the sorted line."""
    shape, axis = w.node.shape, w.node.attrs["axis"]
    sizes = w.sizes(shape)
    dtype = w.dtypes[0]
    kind, f = MEMORY[dtype], w.f

    def before(x: str, y: str) -> str:
        if not dtype.startswith("float"):
            return f.let(f"icmp {'ult' if dtype in ('uint32', 'bool') else 'slt'} {kind} {x}, {y}")
        less = f.let(f"fcmp olt {kind} {x}, {y}")
        x_real = f.let(f"fcmp ord {kind} {x}, {x}")
        y_nan = f.let(f"fcmp uno {kind} {y}, {y}")
        return f.let(f"or i1 {less}, {f.let(f'and i1 {x_real}, {y_nan}')}")

    def one(at: list[str]) -> None:
        mine = w.load(0, at)

        def count(j: str, carried: list[str]) -> list[str]:
            other = w.load(0, [*at[:axis], j, *at[axis + 1 :]])
            less, more = before(other, mine), before(mine, other)
            tie = f.let(f"xor i1 {f.let(f'or i1 {less}, {more}')}, true")
            earlier = f.let(f"icmp slt i64 {j}, {at[axis]}")
            counts = f.let(f"or i1 {less}, {f.let(f'and i1 {tie}, {earlier}')}")
            return [f.add(carried[0], f.let(f"zext i1 {counts} to i64"))]

        rank = f.loop(0, sizes[axis], count, [("i64", "0")])[0]
        w.store(1, [*at[:axis], rank, *at[axis + 1 :]], f.let(f"trunc i64 {at[axis]} to i32"))

    w.each(sizes, one)


def _take(w: _Scalars) -> None:
    table, index = w.node.inputs
    rest = w.sizes(table.shape[1:])

    def one(at: list[str]) -> None:
        row = w.index(1, at, w.sizes(table.shape)[0])
        w.each(rest, lambda inner: w.store(2, [*at, *inner], w.load(0, [row, *inner])))

    w.each(w.sizes(index.shape), one, cut=True)


def _rows_add(w: _Scalars) -> None:
    g, index = w.node.inputs
    w.clear()

    def one(at: list[str]) -> None:
        row = w.index(1, at, w.sizes(w.node.shape)[0])

        def cell(inner: list[str]) -> None:
            place = [row, *inner]
            w.store(2, place, w.add(2, w.load(2, place), w.load(0, [*at, *inner])))

        w.each(w.sizes(g.shape[len(index.shape) :]), cell)

    w.each(w.sizes(index.shape), one)


def _take_along(w: _Scalars) -> None:
    x, index = w.node.inputs
    axis = w.node.attrs["axis"]

    def one(at: list[str]) -> None:
        i = w.index(1, at, w.sizes(x.shape)[axis])
        w.store(2, at, w.load(0, [*at[:axis], i, *at[axis + 1 :]]))

    w.each(w.sizes(index.shape), one)


def _put_along(w: _Scalars) -> None:
    index, axis = w.node.inputs[1], w.node.attrs["axis"]
    w.clear()

    def one(at: list[str]) -> None:
        i = w.index(1, at, w.sizes(w.node.shape)[axis])
        place = [*at[:axis], i, *at[axis + 1 :]]
        w.store(2, place, w.add(2, w.load(2, place), w.load(0, at)))

    w.each(w.sizes(index.shape), one)


#: The routine of every op of kind scan or index.
ROUTINES = {
    "cumsum": _cumsum, "argsort": _argsort, "take": _take, "rows_add": _rows_add,
    "take_along": _take_along, "put_along": _put_along,
}  # fmt: skip
