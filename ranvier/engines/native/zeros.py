"""Writes Products that pass over the zeros of one operand; `plan/zeros.py` says which do.

Zeros are found by vectors: each comparison gives a bit a number, and a loop over the bits that are
set does the multiply-adds. Forward, each row of the batch meets as many rows of weights as a core's
first cache holds, then the next, and its sums wait in memory in between. A kernel of its own adds
up their parts and turns them, since everything else has the rows of the batch along its lanes. In
the gradient of the weights, the bits are those rows of the batch of which any number of a tile is
not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ...plan import Access, Plan, Product
from ...plan.arena import LINE
from ...plan.zeros import BITS, PARTS, part_size
from .emit import MEMORY, SIZE, Function, Module, Value
from .machine import Machine
from .product import ProductWriter, Tile, cut, half_of
from .share import SHARE, share_of
from .transpose import transposed
from .words import Words

#: Bytes of weights that stay in a core's first cache, and vectors of sums that a row has in
#: registers: more of them leave room for fewer rows of weights.
_NEAR, _SUMS = 28 << 10, 10
#: Rows of the batch that a thread takes at least, and most that are done together.
_GROUP, _AT_ONCE = 8, 64


def write_passing(plan: Plan, module: Module, kernel: Product,
                  machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product that passes over zeros; as `write_product`."""
    writer = _Gradient if not kernel.by_row else _Ends if kernel.ends else _Sums
    return writer(plan, module, kernel, machine).write()


class PassingWriter(ProductWriter):
    """What all kinds share: bits of what is not zero, and the loop over them."""

    def _bits(self, f: Function, places: list[str], count: int) -> str:
        """Return the bits of `count` numbers from any of these places on that are not zero."""
        dtype, bits = self.dtype, ""
        kind, narrow = f.vector(MEMORY[dtype]), f"i{self.lanes}"
        for first in range(0, count, self.lanes):
            found = ""
            for place in places:
                x = f.load(f.offset(place, first * SIZE[dtype]), dtype).name
                test = f.let(f"fcmp une {kind} {x}, zeroinitializer")
                found = f.let(f"or {f.vector('i1')} {found}, {test}") if found else test
            found = f.let(f"bitcast {f.vector('i1')} {found} to {narrow}")
            found = found if narrow == "i64" else f.let(f"zext {narrow} {found} to i64")
            found = f.let(f"shl i64 {found}, {first}") if first else found
            bits = f.let(f"or i64 {bits}, {found}") if bits else found
        return bits

    def _each(self, f: Function, bits: str, body: Callable[[str, list[str]], list[str]],
              carried: list[tuple[str, str]]) -> list[str]:  # fmt: skip
        """Write the loop over the numbers of the bits that are set, from the lowest on."""
        f.module.declare("i64 @llvm.ctpop.i64(i64)")
        f.module.declare("i64 @llvm.cttz.i64(i64, i1)")
        count = f.call("i64", "llvm.ctpop.i64", [f"i64 {bits}"])

        def turn(_: str, values: list[str]) -> list[str]:
            left, *held = values
            number = f.call("i64", "llvm.cttz.i64", [f"i64 {left}", "i1 true"])
            rest = f.let(f"and i64 {left}, {f.add(left, -1)}")
            return [rest, *body(number, held)]

        return f.loop(0, count, turn, [("i64", bits), *carried])[1:]

    def _met(self, f: Function, x: Value, place: str, far: Sequence[int], held: list[str],
             half: int = 0) -> list[str]:  # fmt: skip
        """Return sums, to each of which x times the vector so `far` from a place is added.

        The last has `half` lanes, if that is given.
        """
        words, sums = Words(f), []
        for n, (step, total) in enumerate(zip(far, held, strict=True), 1):
            with f.narrowed(half if n == len(far) else 0):
                y = f.load(f.offset(place, step), self.dtype)
                x_here = f.resized(x, self.lanes)
                sums.append(words.sum_of_product(x_here, y, Value(total, self.dtype)).name)
        return sums

    def _clear(self, f: Function, place: str, count: str | int) -> None:
        """Write zeros to so many vectors."""
        zero = Value("zeroinitializer", self.dtype)

        def clear(v: str, _: list[str]) -> None:
            f.store(zero, f.offset(place, f.mul(v, self.vector_bytes)))

        f.loop(0, count, clear)

    def _square(self, count: int, sums: Callable[[Function, int], str]) -> str:
        """Write the function that turns a square of sums, a vector a row, and makes results.

        So many rows of what is turned count.
        """
        f = self._function()
        totals = transposed(f, [sums(f, n) for n in range(self.lanes)], MEMORY[self.dtype])
        self._epilogue(f, Tile(count, 1), totals[:count], self.start)
        return self.module.share(f, "end")


class _Gradient(PassingWriter):
    """Tiles of the gradient of weights, each summed over rows of the batch."""

    def _sum(self, f: Function, tile: Tile, sums: list, pointers: list[str],
             carried: list[tuple[str, str]]) -> list[str]:  # fmt: skip
        """Write the loop over blocks of rows, and over those of each that count."""
        ((_, left, right),) = sums
        side, unit = self.kernel.zeros, SIZE[self.kernel.node.dtype]
        step = self.slots[side][1].get(self.kernel.row, 0) * unit

        def block(start: int, count: int, n: str, totals: list[str]) -> list[str]:
            first = f.add(f.mul(n, count), start)
            a, b = (
                f.offset(p, f.mul(first, s)) for p, s in zip(pointers, (left, right), strict=True)
            )
            bits = self._bits(f, [f.offset((a, b)[side], i * step) for i in range(tile.rows)],
                              count)  # fmt: skip
            rows = f.least(f.most(f.let(f"sub i64 %rows, {first}"), 0), count)
            # Shifting by all bits there are is undefined: a block without rows has none set.
            shift = f.let(f"and i64 {f.let(f'sub i64 0, {rows}')}, {BITS - 1}")
            held = f.let(f"lshr i64 -1, {shift}")
            some = f.let(f"icmp sgt i64 {rows}, 0")
            bits = f.let(f"and i64 {bits}, {f.let(f'select i1 {some}, i64 {held}, i64 0')}")
            return self._each(f, bits, partial(product, a, b), state(totals))

        def product(a: str, b: str, row: str, totals: list[str]) -> list[str]:
            a, b = f.offset(a, f.mul(row, left)), f.offset(b, f.mul(row, right))
            return self._step(f, tile, a, b, 0, 0, totals)

        def state(totals: list[str]) -> list[tuple[str, str]]:
            return [(kind, t) for (kind, _), t in zip(carried, totals, strict=True)]

        totals = [t for _, t in carried]
        for start, size, count in cut(self.plan.rows, BITS):
            totals = f.loop(0, count, partial(block, start, size), state(totals))
        return totals


class _ByRow(PassingWriter):
    """The forward product: lanes run along the outputs, as weights lie."""

    @property
    def columns(self) -> int:
        """Vectors of sums that a row has."""
        return -(-self.rows // self.lanes)

    @property
    def row_bytes(self) -> int:
        """Bytes from the sums of a row to those of the next."""
        return self.columns * self.vector_bytes

    @property
    def part_bytes(self) -> int:
        """Bytes from one part of all sums to the next."""
        return self.plan.rows * self.row_bytes


class _Sums(_ByRow):
    """Sums of each row in parts, of which each thread has some, or some rows of one."""

    def write(self) -> tuple[str, list[Access]]:
        """Write the loops over parts, and over blocks of rows, of which threads have groups."""
        k, f = self.kernel, Function(self.module, [*self.pointers, *SHARE])
        size = k.sizes[k.sums[0]] or 1
        half = part_size(size)
        groups = self.plan.rows // _GROUP if self.plan.rows % _GROUP == 0 else 1
        group = self.plan.rows // groups
        low, high = (str(end) for end in share_of(f, PARTS * groups, k.shared))
        for part in range(PARTS):
            first = part * half
            numbers = first, (size if part == PARTS - 1 else first + half) - first
            begin, end = (
                f.least(f.most(f.let(f"sub i64 {end}, {part * groups}"), 0), groups)
                for end in (low, high)
            )
            sums = f.offset(self.start[-1], part * self.part_bytes)
            block = partial(self._block, f, sums, group, end, numbers)
            f.loop(begin, end, block, step=max(_AT_ONCE // group, 1))
        return self._written(f)

    def _following(self, f: Function) -> list[str]:
        """Return the words on the next batch, as `plan.Input` has them, if there are any."""
        kinds = ("ptr", "ptr", "i64", "i64") if self.kernel.ahead is not None else ()
        words = enumerate(kinds)
        return [f.let(f"load {t}, ptr {f.offset(self.start[2], 8 * i)}, align 8") for i, t in words]

    def _block(self, f: Function, sums: str, group: int, end: str, numbers: tuple[int, int],
               b: str, _: list[str]) -> None:  # fmt: skip
        """Write the sums of a block of rows over so many (first, count) numbers of each."""
        row = f.mul(b, group)
        count = f.mul(f.least(f.let(f"sub i64 {end}, {b}"), max(_AT_ONCE // group, 1)), group)
        here = f.offset(sums, f.mul(row, self.row_bytes))
        self._clear(f, here, f.mul(count, self.columns))
        place = self._moved(f, self.start, self.kernel.vector, row, 1)
        self._add(f, place, here, row, count, numbers)

    def _add(self, f: Function, place: list[str], sums: str, row: str, count: str,
             numbers: tuple[int, int]) -> None:  # fmt: skip
        """Add products to the sums of `count` rows: some weights at a time, for every row.

        The first columns ask for the next batch on the way.
        """
        k, unit, following = self.kernel, self.unit, self._following(f)
        weights, most = 1 - k.zeros, min(_SUMS, self.registers - 2)
        steps = [self.slots[side][1][k.sums[0]] * unit for side in range(2)]

        def piece(name: str, asks: bool, columns: tuple[int, int], part: tuple[int, int, int],
                  c: str, _: list[str]) -> None:  # fmt: skip
            first, vectors = columns
            start, length, turns = part
            column = f.mul(f.add(f.mul(c, vectors), first), self.vector_bytes)
            f.loop(0, turns, partial(turn, name, asks, column, numbers[0] + start, length))

        def turn(name: str, asks: bool, column: str, start: int, length: int, n: str,
                 _: list[str]) -> None:  # fmt: skip
            at = f.add(f.mul(n, length), start)
            here = [f.offset(p, f.mul(at, s)) for p, s in zip(place[:2], steps, strict=True)]
            here[weights] = f.offset(here[weights], column)
            pointers, words = [*here, f.offset(sums, column)], [count]
            if asks:
                order, data, row_step, step = following
                pointers += [f.offset(order, f.mul(row, 8)), f.offset(data, f.mul(at, step))]
                lines = f.let(f"add i64 {f.mul(length, step)}, {LINE - 1}")
                words += [row_step, f.let(f"udiv i64 {lines}, {LINE}")]
            self._call(f, name, pointers, *words)

        for first, vectors, times in cut(self.columns, evenly(self.columns, most)):
            asks = bool(following) and not first
            near = max(_NEAR // (vectors * self.vector_bytes), self.lanes)
            for part in cut(numbers[1], evenly(numbers[1], min(near, BITS))):
                half = half_of(self.rows, self.lanes) if first + vectors == self.columns else 0
                name = self._part(vectors, part[1], half, asks)
                f.loop(0, times, partial(piece, name, asks, (first, vectors), part))

    def _part(self, vectors: int, length: int, half: int, asks: bool) -> str:
        """Write the function that adds so many numbers of each row, times weights, to its sums.

        The last vector of sums has `half` lanes, if that is not 0. If it asks for the next batch,
        it does so for as many numbers of as many rows, a little with each.
        """
        k, dtype, unit = self.kernel, self.dtype, self.unit
        places = [("ptr", "order"), ("ptr", "data")] * asks
        words = [("i64", "row_step"), ("i64", "lines")] * asks
        f = Function(self.module, [*self.pointers[:2], ("ptr", "sums"), *places, ("i64", "count"),
                                   *words])  # fmt: skip
        far = [j * self.vector_bytes for j in range(vectors)]
        widths, weights = [0] * (vectors - 1) + [half], self.start[1 - k.zeros]
        step = self.slots[k.zeros][1][k.vector] * unit
        weight_step = self.slots[1 - k.zeros][1][k.sums[0]] * unit

        def ask(r: str) -> None:
            number = f.let(f"load i64, ptr {f.offset('%order', f.mul(r, 8))}, align 8")
            there = f.offset("%data", f.mul(number, "%row_step"))
            f.loop(0, "%lines", lambda i, _: f.prefetch(f.offset(there, f.mul(i, LINE)), level=2))

        def row(r: str, _: list[str]) -> None:
            if asks:
                f.branch(f.let("icmp sgt i64 %lines, 0"), lambda: ask(r))
            x = f.offset(self.start[k.zeros], f.mul(r, step))
            sums = f.offset("%sums", f.mul(r, self.row_bytes))
            held_at = [f.offset(sums, step) for step in far]
            bits = self._bits(f, [x], length)
            if length % self.lanes:
                bits = f.let(f"and i64 {bits}, {(1 << length) - 1}")

            def product(number: str, held: list[str]) -> list[str]:
                one = f.load_splat(f.offset(x, f.mul(number, unit)), dtype)
                w = f.offset(weights, f.mul(number, weight_step))
                return self._met(f, one, w, far, held, half)

            totals = []
            for place, lanes in zip(held_at, widths, strict=True):
                with f.narrowed(lanes):
                    totals.append((f.vector(MEMORY[dtype]), f.load(place, dtype).name))
            added_to = self._each(f, bits, product, totals)
            for place, lanes, total in zip(held_at, widths, added_to, strict=True):
                with f.narrowed(lanes):
                    f.store(Value(total, dtype), place)

        f.loop(0, "%count", row)
        return self.module.share(f, "part")


class _Ends(_ByRow):
    """Results: parts of sums added up and turned, as all else has the batch along its lanes."""

    def write(self) -> tuple[str, list[Access]]:
        """Write the loops over vectors of outputs, which threads share, and vectors of rows."""
        k, f = self.kernel, Function(self.module, [*self.pointers, *SHARE])
        low, high = (str(end) for end in share_of(f, self.columns, k.shared))

        def column(name: str, c: str, _: list[str]) -> None:
            f.loop(0, self.plan.rows // self.lanes, partial(block, name, c))

        def block(name: str, c: str, v: str, _: list[str]) -> None:
            place = self._moved(f, self.start, k.row, c, self.lanes)
            place = self._moved(f, place, k.vector, v, self.lanes)
            sums = f.add(f.mul(v, self.lanes * self.row_bytes), f.mul(c, self.vector_bytes))
            place[-1] = f.offset(self.start[-1], sums)
            self._call(f, name, place, "%rows")

        for first, count, times in cut(self.rows, self.lanes):
            start = first // self.lanes
            ends = f.most(low, start), f.least(high, start + times)
            f.loop(*ends, partial(column, self._end(count)))
        return self._written(f)

    def _end(self, count: int) -> str:
        """Write the function that does so for a square of sums, of which so many count."""

        def sums(f: Function, row: int) -> str:
            words = Words(f)
            at = f.offset(self.start[-1], row * self.row_bytes)
            total = f.load(at, self.dtype)
            for part in range(1, PARTS):
                total = words.add(total, f.load(f.offset(at, part * self.part_bytes), self.dtype))
            return total.name

        return self._square(count, sums)


def evenly(count: int, most: int) -> int:
    """Return the size of even pieces of at most so many."""
    return -(-count // max(-(-count // most), 1)) or 1
