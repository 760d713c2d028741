"""Writes Products over windows that pass over the zeros of a slope; see `plan/slopes.py`.

Each number of the slope that is not zero meets whole vectors, of a filter or of a window, while the
sums of a place or of a filter are in registers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from operator import mul

from ...graph.shape import round_up
from ...plan import Access, Plan, Product
from ...plan.slopes import GROUP
from ...plan.view import dense
from ...plan.zeros import BITS
from .emit import MEMORY, SIZE, Function, Module, Value
from .machine import Machine
from .product import Inside, Tile, cut
from .share import SHARE, share_of
from .transpose import write_turned
from .zeros import PassingWriter, evenly

#: Where in a window, and which vector of channels: one sum of a place or of a filter.
_Sum = tuple[tuple[int, ...], int]


def write_slopes(plan: Plan, module: Module, kernel: Product,
                 machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product that passes over a slope's zeros; as `write_product`."""
    assert kernel.slopes is not None
    writer = _Inputs if kernel.slopes.ahead else _Filters
    return writer(plan, module, kernel, machine).write()


class _SlopesWriter(PassingWriter):
    """What both kinds share: sums in registers while a slope's numbers are looked through."""

    def __init__(self, plan: Plan, module: Module, kernel: Product, machine: Machine) -> None:
        super().__init__(plan, module, kernel, machine)
        assert kernel.slopes is not None
        self.about = kernel.slopes
        self.f = Function(module, [*self.pointers, *SHARE])
        #: Where the turned part of the slope lies, and where the sums do.
        self.turned = self.start[-1]
        self.sums = self.f.offset(self.turned, self.about.room * self.unit)
        #: Bytes from one row of the batch to the next in the former; there, one vector's lanes lie.
        self.row_bytes = self.about.turned * self.unit
        #: Bytes of the sums of one row, or of one filter.
        self.sum_bytes = self.about.sums * self.unit

    def _bytes(self, side: int, letter: str) -> int:
        """Return bytes from an element of an operand to the next along a letter."""
        return self.slots[side][1].get(letter, 0) * self.unit

    def _along(self, letter: str, count: int, last: int) -> tuple[int, ...]:
        """Return the bytes by which all pointers move so far along a letter, but for the last."""
        moves = (strides.get(letter, 0) * SIZE[dtype] for _, strides, dtype in self.slots[:-1])
        return (*(count * move for move in moves), last)

    def _every(self) -> list[_Sum]:
        """Return all sums of a place, or of a filter."""
        vectors = range(self.about.width // self.lanes)
        return [*product(product(*map(range, self.about.edges)), vectors)]

    def _far(self, side: int) -> Callable[[_Sum], int]:
        """Return what tells how far the factor of a sum is from that of the first."""
        steps = [self._bytes(side, c) for c in self.about.steps]
        return lambda s: sum(map(mul, steps, s[0])) + s[1] * self.vector_bytes

    def _nested(self, counts: Sequence[int], steps: Sequence[Sequence[int]], pointers: list[str],
                inside: Inside) -> None:  # fmt: skip
        """Write loops, each with the bytes by which the pointers move at each of its turns."""
        if not counts:
            inside(pointers)
            return
        f = self.f
        f.loop(0, counts[0], lambda i, _: self._nested(
            counts[1:], steps[1:],
            [f.offset(p, f.mul(i, step)) for p, step in zip(pointers, steps[0], strict=True)],
            inside))  # fmt: skip

    def _turn(self, side: int, slope: str, target: str, lead: Sequence[tuple[str, int]],
              last: tuple[str, int]) -> None:  # fmt: skip
        """Write the copy of a part of the slope, each row for itself: so many of these letters."""
        counts = [count for _, count in lead]
        letter, count = last
        there = dense(tuple(counts), round_up(count, self.lanes) * self.unit)
        steps = [(self._bytes(side, c), to) for (c, _), to in zip(lead, there, strict=True)]
        step = self.slots[side][1][letter]
        self._nested(counts, steps, [slope, target], lambda p: write_turned(
            self.f, self.dtype, count, p[0], step, p[1], self.about.turned))  # fmt: skip

    def _rows(self, first: str) -> str:
        """Return how many rows of a vector the batch has, of those from the first on."""
        left = self.f.let(f"sub i64 %rows, {first}")
        return self.f.most(self.f.least(left, self.lanes), 0)

    def _add(self, slope: str, sums: Callable[[_Sum], str], factors: Callable[[str], str],
             far: Callable[[_Sum], int]) -> None:  # fmt: skip
        """Write the products of `numbers` of a slope, added to sums that wait in memory.

        Args:
            slope: the first number.
            sums: where a sum waits.
            factors: where the factors of the n-th number lie.
            far: bytes from there to the factor of a sum.
        """
        f, kind = self.f, self.f.vector(MEMORY[self.dtype])
        count = self.about.numbers
        every = self._every()
        size = evenly(len(every), self.registers - 3)

        def some(part: list[_Sum], bits: str) -> None:
            def add(n: str, held: list[str]) -> list[str]:
                x = f.load_splat(f.offset(slope, f.mul(n, self.unit)), self.dtype)
                return self._met(f, x, factors(n), [far(s) for s in part], held)

            def word(w: str, held: list[str]) -> list[str]:
                first = f.mul(w, BITS)
                found = self._bits(f, [f.offset(slope, f.mul(first, self.unit))], BITS)
                left = f.least(f.let(f"sub i64 {count}, {first}"), BITS)
                keep = f.let(f"lshr i64 -1, {f.let(f'sub i64 {BITS}, {left}')}")
                found = f.let(f"and i64 {found}, {keep}")
                return self._each(f, found, lambda n, h: add(f.add(first, n), h), typed(held))

            def typed(held: list[str]) -> list[tuple[str, str]]:
                return [(kind, name) for name in held]

            places = [sums(s) for s in part]
            totals = [f.load(place, self.dtype).name for place in places]
            if bits:
                totals = self._each(f, bits, add, typed(totals))
            else:
                totals = f.loop(0, -(-count // BITS), word, typed(totals))
            for place, total in zip(places, totals, strict=True):
                f.store(Value(total, self.dtype), place)

        def each(bits: str) -> None:
            for start in range(0, len(every), size):
                some(every[start : start + size], bits)

        if count > BITS:
            each("")
            return
        bits = self._bits(f, [slope], count)
        f.branch(f.let(f"icmp ne i64 {bits}, 0"), partial(each, bits))


class _Inputs(_SlopesWriter):
    """The gradient of a convolution's input: a number is spread over the places that it came of.

    Threads share rows of the batch by vectors, and lines of places where there are more threads. A
    ring holds the sums of as many lines, of all rows of a vector, as a window is high. As the
    window slides on, its last line is complete, and its results are turned, since everything else
    has the rows of the batch along its lanes.
    """

    def write(self) -> tuple[str, list[Access]]:
        """Write the loops over vectors of rows, lines of the slope, rows, and numbers."""
        f, about = self.f, self.about
        lines, height = about.counts[0], about.edges[0]
        groups, strips = self.plan.rows // self.lanes, "1"
        if self.kernel.shared:
            strips = f.let(f"sdiv i64 {f.add('%threads', groups - 1)}, {groups}")
            strips = f.least(strips, lines)

        def strip(u: str, _: list[str]) -> None:
            row = f.mul(f.let(f"sdiv i64 {u}, {strips}"), self.lanes)
            number = f.let(f"srem i64 {u}, {strips}")
            first, last = (
                f.let(f"sdiv i64 {f.mul(n, lines)}, {strips}") for n in (number, f.add(number, 1))
            )
            here = self._moved(f, self.start, self.batch, row, 1)
            self._clear(f, self.sums, about.sums)
            f.loop(first, f.add(last, height - 1), partial(line, here, self._rows(row), first))

        def line(here: list[str], rows: str, first: str, q: str, _: list[str]) -> None:
            slope = f.offset(here[0], f.mul(q, self._bytes(0, about.places[0])))
            lead = [*zip(about.places[1:], about.seen, strict=True)]
            self._turn(0, slope, self.turned, lead, (about.unit, about.units))
            # Windows that hold this line begin as far above it as it lies in them.
            above = [self._ring(f.add(q, height - i)) for i in range(height)]
            f.loop(0, rows, lambda n, _: self._spread(
                f.offset(self.turned, f.mul(n, self.row_bytes)),
                [f.offset(sums, f.mul(n, self.sum_bytes)) for sums in above]))  # fmt: skip
            done = f.add(q, 1 - height)
            complete = f.let(f"icmp sge i64 {done}, {first}")
            f.branch(complete, lambda: self._finish(here, done, above[-1]))
            vectors = about.line // self.lanes
            f.loop(0, self.lanes, lambda n, _: self._clear(f,
                f.offset(above[-1], f.mul(n, self.sum_bytes)), vectors))  # fmt: skip

        f.loop(*share_of(f, f.mul(strips, groups), self.kernel.shared), strip)
        return self._written(self.f)

    @property
    def _steps(self) -> tuple[int, ...]:
        """Bytes from a sum to that of the next place, along each axis but the first."""
        return dense(self.about.span, self.about.width * self.unit)

    def _ring(self, line: str) -> str:
        """Return where the first row's sums of a line of places lie."""
        at = self.f.let(f"srem i64 {line}, {self.about.edges[0]}")
        return self.f.offset(self.sums, self.f.mul(at, self.about.line * self.unit))

    def _spread(self, slope: str, sums: list[str]) -> None:
        """Write what a line of the slope adds to the sums of one row of the batch."""
        f, about = self.f, self.about
        factor = self._bytes(1, about.unit)

        def where(sums: list[str], one: _Sum) -> str:
            (first, *inner), v = one
            back = zip(about.edges[1:], inner, self._steps, strict=True)
            place = sum((edge - 1 - i) * step for edge, i, step in back)
            return f.offset(sums[first], place + v * self.vector_bytes)

        def filters(n: str) -> str:
            return f.offset(self.start[1], f.mul(n, factor))

        def inside(here: list[str]) -> None:
            slope, *sums = here
            self._add(slope, partial(where, sums), filters, self._far(1))

        there = zip(dense(about.seen, about.numbers * self.unit), self._steps, strict=True)
        steps = [(step, *[to] * len(sums)) for step, to in there]
        self._nested(about.seen, steps, [slope, *sums], inside)

    def _finish(self, pointers: list[str], line: str, sums: str) -> None:
        """Write the results of a line of places."""
        f, about, channel = self.f, self.about, self.kernel.row
        here = self._moved(f, pointers, about.places[0], line, 1)
        edges = [(k - 1) * step for k, step in zip(about.edges[1:], self._steps, strict=True)]
        here[-1] = f.offset(sums, sum(edges))

        def block(name: str, here: list[str], first: int, b: str, _: list[str]) -> None:
            at = f.add(f.mul(b, self.lanes), first)
            here = [*self._moved(f, here, channel, at, 1)[:-1],
                    f.offset(here[-1], f.mul(at, self.unit))]  # fmt: skip
            self._call(f, name, here, "%rows")

        def inside(here: list[str]) -> None:
            for first, count, times in cut(self.rows, self.lanes):
                f.loop(0, times, partial(block, self._end(count), here, first))

        inner = zip(about.places[1:], self._steps, strict=True)
        steps = [self._along(letter, 1, step) for letter, step in inner]
        self._nested(about.counts[1:], steps, here, inside)

    def _end(self, count: int) -> str:
        """Write the function that turns a square of sums, of which so many channels count."""

        def sums(f: Function, n: int) -> str:
            return f.load(f.offset(self.start[-1], n * self.sum_bytes), self.dtype).name

        return self._square(count, sums)


class _Filters(_SlopesWriter):
    """The gradient of filters: threads share them; each meets every row of the batch in turn."""

    def write(self) -> tuple[str, list[Access]]:
        """Write sums at zero, then the products of every row, then results."""
        f, about = self.f, self.about
        low, high = (str(end) for end in share_of(f, self.rows, self.kernel.shared))
        own = f.let(f"sub i64 {high}, {low}")
        self._clear(f, f.offset(self.sums, f.mul(low, self.sum_bytes)),
                    f.mul(own, about.sums // self.lanes))  # fmt: skip

        def vector(v: str, _: list[str]) -> None:
            row = f.mul(v, self.lanes)
            here = self._moved(f, self.start, self.batch, row, 1)
            f.loop(low, high, partial(group, here, self._rows(row)), step=GROUP)

        def group(here: list[str], rows: str, u: str, _: list[str]) -> None:
            here = self._moved(f, here, about.unit, u, 1)
            count = f.least(f.let(f"sub i64 {high}, {u}"), GROUP)
            sums = f.offset(self.sums, f.mul(u, self.sum_bytes))
            size = about.numbers * self.unit
            *lead, last = zip(about.places, about.counts, strict=True)
            f.loop(0, count, lambda i, _: self._turn(
                1, f.offset(here[1], f.mul(i, self._bytes(1, about.unit))),
                f.offset(self.turned, f.mul(i, size)), lead, last))  # fmt: skip
            f.loop(0, rows, lambda n, _: f.loop(0, count, partial(one, here, sums, n)) and None)

        def one(here: list[str], sums: str, n: str, i: str, _: list[str]) -> None:
            slope = f.offset(self.turned, f.mul(n, self.row_bytes))
            slope = f.offset(slope, f.mul(i, about.numbers * self.unit))
            windows = f.offset(here[0], f.mul(n, self._bytes(0, self.batch)))
            mine = f.offset(sums, f.mul(i, self.sum_bytes))
            self._add(slope, lambda s: f.offset(mine, self._place_of(s)),
                      lambda n: f.offset(windows, self._window(n)), self._far(0))  # fmt: skip

        f.loop(0, self.plan.rows // self.lanes, vector)
        self._finish(low, high)
        return self._written(self.f)

    def _place_of(self, one: _Sum) -> int:
        """Return where one of the sums of a filter waits."""
        step, v = one
        steps = dense(self.about.edges, self.about.width * self.unit)
        return sum(map(mul, steps, step)) + v * self.vector_bytes

    def _window(self, n: str) -> str:
        """Return the bytes from the first window to that of the n-th number of a filter's slope.

        Numbers have a vector's rest of zeros behind each line, windows what lies around them.
        """
        f, offset, about = self.f, "0", self.about
        widths = (*about.counts[:-1], round_up(about.counts[-1], self.lanes))
        sizes = (*dense(widths)[:-1], 1)
        axes = [*zip(sizes, (self._bytes(0, c) for c in about.places), strict=True)]
        for (size, step), inner in zip(axes, [*axes[1:], None], strict=True):
            if inner is not None and step * inner[0] == size * inner[1]:
                continue  # one number goes on from line to line
            index = n if size == 1 else f.let(f"udiv i64 {n}, {size}")
            n = n if size == 1 else f.let(f"urem i64 {n}, {size}")
            offset = f.add(offset, f.mul(index, step))
        return offset

    def _finish(self, low: str, high: str) -> None:
        """Write the results of filters from low to high, one vector after the other."""
        f, about = self.f, self.about
        end = self._function()
        total = end.load(self.start[-1], self.dtype)
        self._epilogue(end, Tile(1, 1), [total.name], self.start)
        name = self.module.share(end, "end")
        counts = (*about.edges, about.width // self.lanes)
        there = dense((*about.edges, about.width), self.unit)
        steps = [self._along(c, 1, to) for c, to in zip(about.steps, there, strict=False)]
        steps.append(self._along(self.kernel.vector, self.lanes, self.vector_bytes))

        def one(u: str, _: list[str]) -> None:
            here = self._moved(f, self.start, about.unit, u, 1)
            here[-1] = f.offset(self.sums, f.mul(u, self.sum_bytes))
            self._nested(counts, steps, here, lambda at: self._call(f, name, at, "%rows"))

        f.loop(low, high, one)
