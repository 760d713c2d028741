"""Writes Products over 3x3 windows: 16 matrix products instead of 36 at every four places.

A thread works on four neighbouring places of up to 32 rows of the batch at a time. In memory of
its own, which stays in its cache, it makes 16 matrices of each operand (`winograd.py`), multiplies
them, and makes results of the products. Where many channels meet, what comes before and after the
products is small beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product

from ...plan import Access, Plan, Product
from ...plan.windows import GROUP, PRODUCTS, ROWS
from .emit import Function, Module, Value
from .machine import Machine
from .product import ProductWriter, Tile, cut
from .share import SHARE, shares_of
from .winograd import Line, along_both, of_filter, of_inputs, of_results, to_filter, to_results
from .words import Words

#: How many numbers there are along an axis.
_Edge = tuple[int, int]


def write_windows(plan: Plan, module: Module, kernel: Product,
                  machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product over windows; as `write_product`."""
    assert kernel.windows is not None
    writer = _Ahead if kernel.windows.ahead else _Back
    return writer(plan, module, kernel, machine).write()


class _WindowsWriter(ProductWriter):
    """What both kinds share: loops over the batch and over places, and steps of the work there."""

    def __init__(self, plan: Plan, module: Module, kernel: Product, machine: Machine) -> None:
        super().__init__(plan, module, kernel, machine)
        assert kernel.windows is not None and kernel.scratch is not None
        self.machine, self.about, self.room = machine, kernel.windows, kernel.scratch[0]
        self.f = Function(module, [*self.pointers, *SHARE])
        #: Where the matrices of the left and the right operand begin, and those of the products.
        self.regions = [self.start[-1]]
        for plane in self.about.planes[:2]:
            here = self.f.offset(self.regions[-1], PRODUCTS * plane * self.unit)
            self.regions.append(here)

    def _each_piece(self, inside: Callable[[list[str], str, int], None]) -> None:
        """Write the loop over pieces of the batch: pointers there, its first row, its vectors."""
        most = min(self.plan.rows, ROWS) // self.lanes
        for first, width, count in cut(self.plan.rows // self.lanes, most):

            def one(n: str, _: list[str], first: int = first, width: int = width) -> None:
                row = self.f.mul(self.f.add(self.f.mul(n, width), first), self.lanes)
                inside(self._moved(self.f, self.start, self.batch, row, 1), row, width)

            self.f.loop(0, count, one)

    def _each_place(self, pointers: list[str], shared: bool,
                    inside: Callable[[list[str], _Edge], None]) -> None:  # fmt: skip
        """Write loops over squares of four places: pointers there, and how many there are of it.

        Where there is an odd number of places, one or two are left at the end of an axis.
        """
        f, letters = self.f, self.about.places
        runs = list(product(*(cut(self.kernel.sizes[c] or 0, 2) for c in letters)))
        shares = shares_of(f, [down * across for (*_, down), (*_, across) in runs], shared)
        for ((top, height, _), (left, width, across)), ends in zip(runs, shares, strict=True):

            def one(n: str, _: list[str], first: _Edge = (top, left), across: int = across,
                    edge: _Edge = (height, width)) -> None:  # fmt: skip
                here = pointers
                for letter, at, word in zip(letters, first, ("sdiv", "srem"), strict=True):
                    step = f.mul(f.let(f"{word} i64 {n}, {across}"), 2)
                    here = self._moved(f, here, letter, f.add(step, at), 1)
                inside(here, edge)

            f.loop(*ends, one)

    def _factor(self, side: int, line: Line, letters: tuple[str, str], edge: _Edge, along: str,
                vectors: int) -> str:  # fmt: skip
        """Write `(operand, matrices, count)`, which makes a line of all 16 matrices `count` times.

        Args:
            side: whose: 0 for the left operand, 1 for the right.
            line: what is made of a grid of its numbers.
            letters, edge: along which the grid lies, and how many numbers; there are zeros beyond.
            along: the letter that goes from one line to the next.
            vectors: of a line.
        """
        f = Function(self.module, [("ptr", "from"), ("ptr", "to"), ("i64", "count")])
        words, strides = Words(f), self.slots[side][1]
        plane, width = self.about.planes[side], self.about.shapes[side][1]
        size = {of_inputs: 4, of_filter: 3, of_results: 2}[line]  # type: ignore[index]
        zero = Value("zeroinitializer", self.dtype)

        def number(at: str, a: int, b: int) -> Value:
            if a >= edge[0] or b >= edge[1]:
                return zero
            place = a * strides[letters[0]] + b * strides[letters[1]]
            return f.load(f.offset(at, place * self.unit), self.dtype)

        def vector(n: str, v: str, _: list[str]) -> None:
            source, target = (
                f.offset(f.offset(p, f.mul(n, step * self.unit)), f.mul(v, self.lanes * self.unit))
                for p, step in (("%from", strides[along]), ("%to", width))
            )
            grid = [[number(source, a, b) for b in range(size)] for a in range(size)]
            made = [x for row in along_both(line, words, grid) for x in row]
            for k, x in enumerate(made):
                f.store(x, f.offset(target, k * plane * self.unit))

        f.loop(0, "%count", lambda n, _: f.loop(0, vectors, partial(vector, n)) and None)
        return self.module.share(f, "factor")

    def _results(self, line: Line, letters: tuple[str, str], edge: _Edge, vectors: int) -> str:
        """Write `(pointers..., products, count, rows)`, which makes results of `count` lines.

        `line` makes a grid of them, of which `edge` numbers lie along `letters`; then come maps.
        """
        more = [("ptr", "products"), ("i64", "count"), ("i64", "rows")]
        f = Function(self.module, [*self.pointers, *more])
        plane, width = self.about.planes[2], self.about.shapes[2][1]

        def vector(n: str, v: str, _: list[str]) -> None:
            at = f.offset("%products", f.mul(n, width * self.unit))
            at = f.offset(at, f.mul(v, self.lanes * self.unit))
            found = [
                f.load(f.offset(at, k * plane * self.unit), self.dtype) for k in range(PRODUCTS)
            ]
            grid = along_both(line, Words(f), [found[k : k + 4] for k in range(0, PRODUCTS, 4)])
            here = self._moved(f, self.start, self.kernel.row, n, 1)
            here = self._moved(f, here, self.kernel.vector, v, self.lanes)
            for a, b in product(*map(range, edge)):
                place = self._moved(f, here, letters[0], str(a), 1)
                place = self._moved(f, place, letters[1], str(b), 1)
                self._epilogue(f, Tile(1, 1), [grid[a][b].name], place)

        f.loop(0, "%count", lambda n, _: f.loop(0, vectors, partial(vector, n)) and None)
        return self.module.share(f, "results")


class _Ahead(_WindowsWriter):
    """A convolution, or the gradient of its input: threads share the places."""

    def write(self) -> tuple[str, list[Access]]:
        """Write the filters' matrices, then the work at every place."""
        k, about = self.kernel, self.about
        used = {*about.steps, *about.places, k.vector, k.row}
        summed = next(c for c in k.sums if c not in used and k.sizes[c] != 1)
        count, rows = k.sizes[summed] or 0, k.sizes[k.row] or 0
        far = next(c for c in (summed, k.row) if self.slots[1][1][c] != 1)
        near = about.shapes[1][1] // self.lanes
        name = self._factor(1, of_filter, about.steps, (3, 3), far, near)
        self._call(self.f, name, [self.start[1], self.regions[1]], k.sizes[far] or 0)

        def piece(pointers: list[str], _: str, vectors: int) -> None:
            products = self._products(count, rows, vectors, far == summed)

            def place(at: list[str], edge: _Edge) -> None:
                seen = (edge[0] + 2, edge[1] + 2)
                factor = self._factor(0, of_inputs, about.places, seen, summed, vectors)
                self._call(self.f, factor, [at[0], self.regions[0]], count)
                self._call(self.f, products, self.regions, "%rows", 0, 1)
                results = self._results(to_results, about.places, edge, vectors)
                self._call(self.f, results, [*at, self.regions[2]], rows, "%rows")

            self._each_place(pointers, k.shared, place)

        self._each_piece(piece)
        return self._written(self.f)

    def _products(self, count: int, rows: int, vectors: int, far: bool) -> str:
        """Write the 16 products: (rows x count) of the filters, (count x batch) of the inputs."""
        buffer = self.room
        (_, width), (_, line), _ = self.about.shapes
        planes = self.about.planes
        kernel = Product(
            node=self.kernel.node, out="krn", vector="n", row="r", outer=("k",), sums=("s",),
            sizes={"k": PRODUCTS, "r": rows, "n": vectors * self.lanes, "s": count},
            left=(buffer, 0, {"k": planes[0], "s": width, "n": 1}),
            right=(buffer, 0, {"k": planes[1], "s": line if far else 1, "r": 1 if far else line}),
            writes=[(self.kernel.node, Access(buffer, 0, (planes[2], width, 1)))],
        )  # fmt: skip
        return ProductWriter(self.plan, self.module, kernel, self.machine).write()[0]


class _Back(_WindowsWriter):
    """The gradient of a convolution's filters: threads share its rows, in groups.

    The lanes of one operand's matrices run along those of the results, of the other's along the
    batch: that one has the rows, and a group's matrices are made when their turn comes.
    """

    def write(self) -> tuple[str, list[Access]]:
        """Write sums at zero, then the products of every place, then results."""
        about, rows_side = self.about, 0 if self.kernel.row in self.slots[0][1] else 1
        letters = [self.batch, self.batch]
        letters[rows_side] = self.kernel.row
        near = about.shapes[2][1] // self.lanes

        def factor(side: int, at: str, edge: _Edge, count: str | int, vectors: int) -> None:
            line, seen = (of_results, edge) if side else (of_inputs, (edge[0] + 2, edge[1] + 2))
            name = self._factor(side, line, about.places, seen, letters[side], vectors)
            self._call(self.f, name, [at, self.regions[side]], count)

        def products(mode: str, height: int, here: str, rows: str) -> None:
            name = self._products(rows_side, height, mode)
            self._call(self.f, name, [*self.regions[:2], here], rows, 0, 1)

        def piece(pointers: list[str], first: str, vectors: int) -> None:
            rows = self.f.least(self.f.let(f"sub i64 %rows, {first}"), vectors * self.lanes)

            def place(at: list[str], edge: _Edge) -> None:
                factor(1 - rows_side, at[1 - rows_side], edge, rows, near)

                def group(at: list[str], here: str, height: int) -> None:
                    factor(rows_side, at[rows_side], edge, height, vectors)
                    products("part", height, here, rows)

                self._each_group(at, group)

            some = self.f.let(f"icmp sgt i64 {rows}, 0")
            self.f.branch(some, lambda: self._each_place(pointers, False, place))

        def end(at: list[str], here: str, height: int) -> None:
            name = self._results(to_filter, about.steps, (3, 3), near)
            self._call(self.f, name, [*at, here], height, "%rows")

        self._each_group(self.start, lambda _, here, height: products("zero", height, here, "0"))
        self._each_piece(piece)
        self._each_group(self.start, end)
        return self._written(self.f)

    def _each_group(self, pointers: list[str],
                    inside: Callable[[list[str], str, int], None]) -> None:  # fmt: skip
        """Write the loop over groups of rows: pointers there, its sums, how many rows."""
        f, (rows, line) = self.f, self.about.shapes[2]
        groups = cut(rows, GROUP)
        shares = shares_of(f, [count for *_, count in groups], self.kernel.shared)
        for (first, height, _), ends in zip(groups, shares, strict=True):

            def one(n: str, _: list[str], first: int = first, height: int = height) -> None:
                row = f.add(f.mul(n, GROUP), first)
                here = f.offset(self.regions[2], f.mul(row, line * self.unit))
                inside(self._moved(f, pointers, self.kernel.row, row, 1), here, height)

            f.loop(*ends, one)

    def _products(self, rows_side: int, height: int, mode: str) -> str:
        """Write the 16 products of a piece of the batch, or another `mode` of their sums."""
        buffer, planes = self.room, self.about.planes
        (_, line), (_, width) = self.about.shapes[1 - rows_side], self.about.shapes[rows_side]
        sides = [{"k": plane, "n": line, "v": 1} for plane in planes[:2]]
        sides[rows_side] = {"k": planes[rows_side], "r": width, "n": 1}
        kernel = Product(
            node=self.kernel.node, out="krv", vector="v", row="r", outer=("k",), sums=("n",),
            sizes={"k": PRODUCTS, "r": height, "v": line, "n": None},
            left=(buffer, 0, sides[0]), right=(buffer, 0, sides[1]),
            scratch=(buffer, {"k": planes[2], "r": line, "v": 1}),
        )  # fmt: skip
        return ProductWriter(self.plan, self.module, kernel, self.machine, mode).write()[0]
