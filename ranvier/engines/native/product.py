"""Writes Product kernels: register tiles of fused multiply-adds with maps as their epilogue.

A tile holds `row` x `vector` sums in registers. Every sum runs over its products in the same
order whatever the tile, so results do not depend on tiles or on threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from ...plan import Access, Plan, Product
from .body import write_body
from .emit import MEMORY, SIZE, Function, Module, Value
from .machine import Machine
from .share import SHARE, away_from_neighbours, share_of, shares_of
from .words import Words

#: Steps of the innermost sum that are written out in one turn of its loop.
_UNROLLED = 4


#: Writes what is done at a place: given pointers to all operands there.
Inside = Callable[[list[str]], None]

#: Threads for which tiles are shared out evenly: what evens out for two mostly does for more.
_THREADS = 2
#: Cycles a step that a line of code must save: it takes 65 microseconds to compile. And lines for
#: each sum of a tile: of the sum itself, and of every map on it.
_LINE, _SUM, _MAP = 3, 5, 3.5
#: Bytes of variables that are updated with their slots from which tiles ask for theirs ahead: more
#: than the second caches of two cores hold. 3136 x 100 weights take a fifth less with Adam then;
#: 784 x 300 took up to a tenth more.
_LARGE = 3 << 20


@dataclass(frozen=True)
class Tile:
    """Rows and vectors of one register tile; lanes of each row's last vector, 0 for all."""

    rows: int
    vectors: int
    last: int = 0

    def lanes(self, vector: int) -> int:
        """Return how many lanes one of its vectors has, 0 for all."""
        return self.last if vector == self.vectors - 1 else 0


def tile_cost(tile: Tile) -> float:
    """Return cycles a step of the sum: two fused multiply-adds or two loads each, latency 4."""
    return max(tile.rows * tile.vectors / 2, 5) + 0.15 * (tile.rows + tile.vectors) + 0.6


def choose_tile(
    rows: int, vectors: int, steps: int, registers: int, threads: int = 1, maps: int = 0,
    height: int = 0,
) -> Tile:  # fmt: skip
    """Return the tile that covers rows x vectors at least cost without spilling registers.

    Sums, the side that is held and one value of the side that streams must fit. Every size of
    tile is code of its own, which must save as much as it takes to compile. Where threads share
    tiles of rows out, the cost is that of the thread that has most.

    Args:
        rows, vectors, steps: of the whole product.
        registers: that hold vectors.
        threads: for how many the tiles should come out even.
        maps: that follow on every sum.
        height: the rows of a tile, where they are given.
    """

    def total(tile: Tile) -> float:
        widths, whole = cut(vectors, tile.vectors), rows // tile.rows
        heights = cut(rows, tile.rows)
        cost, *rest = (
            sum(n * tile_cost(Tile(height, width)) for _, width, n in widths)
            for _, height, _ in heights
        )
        # As `share_of` has it, the last thread takes the rest; where pieces are odd, it and
        # others take one more than the first.
        pieces = whole + len(rest)
        most = max(-(-pieces // threads) * cost - sum(cost - r for r in rest),
                   (pieces // threads) * cost)  # fmt: skip
        area = sum(height for _, height, _ in heights) * sum(width for _, width, _ in widths)
        return steps * threads * most + _LINE * (_SUM + _MAP * maps) * area

    fitting = [
        Tile(m, n)
        for m in ([min(rows, height)] if height else range(1, min(rows, 30) + 1))
        for n in range(1, min(vectors, 14) + 1)
        if m * n + min(m, n) + 1 <= registers
    ]
    return min(fitting, key=total)


def cut(count: int, size: int) -> list[tuple[int, int, int]]:
    """Return (start, size, how many): whole pieces, then the rest."""
    whole = [(0, size, count // size)] if count >= size else []
    rest = count % size
    return whole + ([(count - rest, rest, 1)] if rest else [])


def half_of(count: int, lanes: int) -> int:
    """Return half of the lanes where the last vector of so many numbers needs no more, else 0.

    A processor that takes a wide vector in two turns takes half of one in one: 100 numbers are 6.5
    vectors of 16 instead of 7.
    """
    return lanes // 2 if 0 < count % lanes <= lanes // 2 else 0


def write_product(plan: Plan, module: Module, kernel: Product,
                  machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product; returns its function and the accesses whose pointers it takes."""
    return ProductWriter(plan, module, kernel, machine).write()


class ProductWriter:
    """What every Product's function needs: where operands, reads and writes lie; the epilogue.

    With a `mode` of `_tile`, that part of the work alone is written.
    """

    def __init__(
        self, plan: Plan, module: Module, kernel: Product, machine: Machine, mode: str = ""
    ) -> None:
        self.plan, self.module, self.kernel, self.mode = plan, module, kernel, mode
        self.lanes = plan.lanes
        k = kernel
        self.dtype = dtype = k.node.dtype
        #: Bytes of a number, and of a vector of them.
        self.unit, self.vector_bytes = SIZE[dtype], SIZE[dtype] * plan.lanes
        self.batch = next((c for c, size in k.sizes.items() if size is None), "")
        wide = self.vector_bytes > machine.vector_bytes
        self.registers = machine.registers // (2 if wide else 1)
        #: (access, strides by letter, dtype): both operands, epilogue reads, writes.
        self.slots: list[tuple[Access, dict[str, int], str]] = [
            (Access(buffer, offset, ()), strides, dtype)
            for buffer, offset, strides in (k.left, k.right)
        ]
        for node, access in [*k.reads.items(), *k.writes, *k.added]:
            strides = dict(zip(k.out, access.strides, strict=True))
            self.slots.append((access, strides, node.dtype))
        if k.ahead is not None:
            self.slots.append((Access(k.ahead, 0, ()), {}, k.ahead.dtype))
        if k.scratch is not None:
            self.slots.append((Access(k.scratch[0], 0, ()), k.scratch[1], dtype))
        self.vectors = (
            plan.rows if k.sizes[k.vector] is None else k.sizes[k.vector] or 1
        )  # fmt: skip
        self.half = half_of(self.vectors, self.lanes)
        self.vectors = -(-self.vectors // self.lanes)
        self.rows = (k.sizes[k.row] or 1) if k.row else 1

        self.pointers = [("ptr", f"p{i}") for i in range(len(self.slots))]
        #: Where all of them point when a function begins.
        self.start = [f"%{name}" for _, name in self.pointers]

    def write(self) -> tuple[str, list[Access]]:
        """Write the loops over tiles."""
        k = self.kernel
        f = Function(self.module, [*self.pointers, *SHARE])
        steps = 1
        for letter in k.sums:
            steps *= self.plan.rows if k.sizes[letter] is None else k.sizes[letter] or 1
        by_rows = k.shared and k.cut == k.row
        threads = _THREADS if by_rows else 1
        tile = choose_tile(self.rows, self.vectors, steps, self.registers, threads, len(k.body),
                           k.height)  # fmt: skip
        start = self.start

        def outer(letters: tuple[str, ...], pointers: list[str], inside: Inside) -> None:
            if not letters:
                inside(pointers)
                return
            letter = letters[0]
            size = self.plan.rows if k.sizes[letter] is None else k.sizes[letter]
            ends = share_of(f, size or 0, k.shared and letter == k.cut)
            f.loop(*ends, lambda i, _: outer(
                letters[1:], self._moved(f, pointers, letter, i, 1), inside))  # fmt: skip

        def tiles(
            pointers: list[str], inside: Callable[[str, list[str]], None], mode: str = "whole"
        ) -> None:
            # All of a row before the next: weights and their slots then come and go in the order
            # in which they lie, which a core can fetch ahead.
            pieces = cut(self.rows, tile.rows)
            shares = shares_of(f, [count for *_, count in pieces], by_rows)
            for (row, height, _), ends in zip(pieces, shares, strict=True):
                f.loop(*ends, partial(line, pointers, inside, mode, row, height, ends))

        def line(
            pointers: list[str], inside: Callable[[str, list[str]], None], mode: str, row: int,
            height: int, ends: tuple[str | int, str | int], t: str, _: list[str],
        ) -> None:  # fmt: skip
            # Sums that wait are only touched, row by row: that needs no large tile. Threads
            # share them out as they share tiles, so that each touches but its own.
            single = mode in ("zero", "end")
            if by_rows:
                t = away_from_neighbours(f, t, *ends)
            row_of = f.add(f.mul(t, height), row)
            for first, width, across in cut(self.vectors, tile.vectors):
                last = self.half if mode == "whole" and first + width == self.vectors else 0
                name = self._tile(Tile(1 if single else height, width, last), mode)

                def one(p: str, _: list[str], first: int = first, width: int = width,
                        name: str = name) -> None:  # fmt: skip
                    column = f.add(f.mul(p, width), first)
                    here = self._moved(f, pointers, k.vector, column, self.lanes)
                    f.loop(0, height if single else 1, lambda r, _: inside(
                        name, self._moved(f, here, k.row, f.add(row_of, r), 1)))  # fmt: skip

                f.loop(0, across, one)

        def turn(mode: str, pointers: list[str]) -> None:
            tiles(pointers, lambda name, place: outer(k.outer, place, partial(call, name)), mode)

        def part(i: str, _: list[str]) -> None:
            turn("part", self._moved(f, start, k.part, i, 1))

        def call(name: str, place: list[str]) -> None:
            self._call(f, name, place, "%rows")

        if self.mode:
            turn(self.mode, start)
        elif k.part:
            # All sums take one part of the operands while it is near, then the next: a filter's
            # gradient would else read 2.6 MB once for each of its 45 tiles.
            turn("zero", start)
            f.loop(0, k.sizes[k.part] or 0, part)
            turn("end", start)
        elif any(k.sizes[c] is None for c in k.sums):
            turn("whole", start)
        else:
            outer(k.outer, start, lambda place: tiles(place, call))
        return self._written(f)

    def _written(self, f: Function) -> tuple[str, list[Access]]:
        """Return the name of the whole product's function, and whose pointers it takes."""
        return self.module.share(f, "product"), [a for a, _, _ in self.slots]

    def _function(self) -> Function:
        """Return a new function for a part of the work, at pointers to all operands there."""
        return Function(self.module, [*self.pointers, ("i64", "rows")])

    def _call(self, f: Function, name: str, pointers: Sequence[str], *numbers: str | int) -> None:
        f.call("void", name, [*(f"ptr {p}" for p in pointers), *(f"i64 {n}" for n in numbers)])

    def _moved(self, f: Function, pointers: list[str], letter: str, index: str,
               unit: int) -> list[str]:  # fmt: skip
        """Return all pointers moved by `index` units along a letter."""
        return [
            f.offset(p, f.mul(index, strides.get(letter, 0) * unit * SIZE[dtype]))
            for p, (_, strides, dtype) in zip(pointers, self.slots, strict=True)
        ]

    # --- one tile -------------------------------------------------------------------------------
    def _tile(self, tile: Tile, mode: str) -> str:
        """Write one tile: its whole sum; or sums set to zero, one part added, and their end."""
        f, last, dtype = self._function(), len(self.slots) - 1, self.kernel.node.dtype
        totals = ["zeroinitializer"] * (tile.rows * tile.vectors)
        scratch = self.start[-1]
        waiting = [(i, j) for i in range(tile.rows) for j in range(tile.vectors)]
        if mode in ("part", "end"):
            totals = [f.load(self._place(f, scratch, last, i, j), dtype).name for i, j in waiting]
        if mode == "whole":
            self._ask_for(f, tile)
        if mode in ("part", "whole"):
            sums = list(self._merged_sums())
            carried = []
            for total, (_, j) in zip(totals, waiting, strict=True):
                with f.narrowed(tile.lanes(j)):
                    carried.append((f.vector(MEMORY[dtype]), total))
            totals = self._sum(f, tile, sums, ["%p0", "%p1"], carried)
            totals = [
                f.resized(Value(total, dtype), tile.lanes(j)).name
                for total, (_, j) in zip(totals, waiting, strict=True)
            ]
        if mode in ("part", "zero"):
            for total, (i, j) in zip(totals, waiting, strict=True):
                f.store(Value(total, dtype), self._place(f, scratch, last, i, j))
        else:
            self._epilogue(f, tile, totals, self.start)
        return self.module.share(f, f"tile_{tile.rows}x{tile.vectors}")

    def _ask_for(self, f: Function, tile: Tile) -> None:
        """Ask for what the maps of a large update will read, while the sum runs."""
        k = self.kernel
        held = [n for n, a in enumerate(k.reads.values(), 2) if a.buffer.variable is not None]
        if sum(self.slots[n][0].buffer.size * SIZE[self.slots[n][2]] for n in held) < _LARGE:
            return
        for n in held:
            rows = range(tile.rows if self.slots[n][1].get(k.row) else 1)
            for i, j in product(rows, range(tile.vectors)):
                f.prefetch(self._place(f, self.start[n], n, i, j), written=True)

    def _merged_sums(self) -> list[tuple[int | None, int, int]]:
        """Return (size, left stride, right stride) of each sum in bytes, neighbours merged.

        The batch comes last: its length is known only when the step runs.
        """
        k = self.kernel
        unit = SIZE[k.node.dtype]
        sums = [
            (k.sizes[c], k.left[2].get(c, 0) * unit, k.right[2].get(c, 0) * unit)
            for c in sorted(k.sums, key=lambda c: k.sizes[c] is None)
            if k.sizes[c] != 1 and c not in (k.part, k.across)
        ]
        merged: list[tuple[int | None, int, int]] = []
        for size, left, right in sums:
            if merged and size is not None and merged[-1][1:] == (size * left, size * right):
                size *= merged.pop()[0] or 1
            merged.append((size, left, right))
        return merged or [(1, 0, 0)]

    def _sum(self, f: Function, tile: Tile, sums: list, pointers: list[str],
             carried: list[tuple[str, str]]) -> list[str]:  # fmt: skip
        """Write the loops of the sum around the multiply-adds; returns the totals."""
        (size, left, right), rest = sums[0], sums[1:]
        types = [kind for kind, _ in carried]

        def steps(count: int) -> Callable[[str, list[str]], list[str]]:
            def body(_: str, values: list[str]) -> list[str]:
                a, b, totals = values[0], values[1], values[2:]
                for u in range(count):
                    totals = self._step(f, tile, a, b, u * left, u * right, totals)
                return [f.offset(a, count * left), f.offset(b, count * right), *totals]

            return body

        def nested(_: str, values: list[str]) -> list[str]:
            totals = self._sum(f, tile, rest, values[:2], list(zip(types, values[2:], strict=True)))
            return [f.offset(values[0], left), f.offset(values[1], right), *totals]

        state = [("ptr", pointers[0]), ("ptr", pointers[1]), *carried]
        if rest:
            return f.loop(0, size or 0, nested, state)[2:]
        if size is None:
            whole = f.let(f"and i64 %rows, -{_UNROLLED}")
            values = f.loop(0, whole, steps(_UNROLLED), state, step=_UNROLLED)
            state = [(kind, v) for (kind, _), v in zip(state, values, strict=True)]
            return f.loop(whole, "%rows", steps(1), state)[2:]
        turns = size // _UNROLLED
        values = [v for _, v in state]
        if turns:
            values = f.loop(0, turns * _UNROLLED, steps(_UNROLLED), state, step=_UNROLLED)
        if size % _UNROLLED:
            values = steps(size % _UNROLLED)("", values)
        return values[2:]

    def _step(self, f: Function, tile: Tile, a: str, b: str, left: int, right: int,
              totals: list[str]) -> list[str]:  # fmt: skip
        """Add one product to every sum of the tile; each operand is loaded once."""
        loaded: dict[tuple[int, int, int], Value] = {}

        def operand(side: int, i: int, j: int) -> Value:
            _, strides, dtype = self.slots[side]
            step, lane = strides.get(self.kernel.row, 0), strides.get(self.kernel.vector, 0)
            key = (side, i if step else 0, j if lane else 0)
            if key not in loaded:
                place = (left, right)[side] + (
                    key[1] * step + key[2] * lane * self.lanes) * SIZE[dtype]  # fmt: skip
                pointer = f.offset((a, b)[side], place)
                with f.narrowed(tile.lanes(j) if lane else self.lanes):
                    loaded[key] = f.load(pointer, dtype) if lane else f.load_splat(pointer, dtype)
            return loaded[key] if lane else f.resized(loaded[key], self.lanes)

        words = Words(f)
        result = list(totals)
        dtype = self.kernel.node.dtype
        by_rows = tile.vectors <= tile.rows
        places = [(i, j) for i in range(tile.rows) for j in range(tile.vectors)]
        for i, j in places if by_rows else sorted(places, key=lambda p: p[::-1]):
            n = i * tile.vectors + j
            total = Value(result[n], dtype)
            with f.narrowed(tile.lanes(j)):
                x, y = operand(0, i, j), operand(1, i, j)
                if dtype in ("float32", "float64"):
                    result[n] = words.sum_of_product(x, y, total).name
                else:
                    result[n] = words.add(words.mul(x, y), total).name
        return result

    def _epilogue(self, f: Function, tile: Tile, totals: list[str], at: list[str]) -> None:
        """Write the maps on the finished sums of the tile `at` pointers and store what is kept."""
        k = self.kernel
        fast = any(a.buffer.variable is not None for _, a in k.writes)
        words = Words(f, fast)
        place = {node: 2 + n for n, node in enumerate(k.reads)}
        first_write = 2 + len(k.reads)
        first_sum = first_write + len(k.writes)
        sums: dict[tuple[int, int], Value] = {}
        shared: dict[tuple, Value] = {}
        for i in range(tile.rows):
            for j in range(tile.vectors):

                def read(x, i=i, j=j) -> Value:  # type: ignore[no-untyped-def]
                    return self._load(f, at[place[x]], place[x], i, j, shared)

                known = {k.node: Value(totals[i * tile.vectors + j], k.node.dtype)}
                values = write_body(f, words, k.body, known, read, _no_counter)
                for n, (node, _) in enumerate(k.writes):
                    f.store(
                        values[node], self._place(f, at[first_write + n], first_write + n, i, j)
                    )
                for n, (node, _) in enumerate(k.added, first_sum):
                    sums[n, j] = words.add(sums[n, j], values[node]) if i else values[node]
        for (n, j), total in sums.items():
            f.store(total, self._place(f, at[n], n, 0, j))

    def _place(self, f: Function, at: str, slot: int, i: int, j: int) -> str:
        _, strides, dtype = self.slots[slot]
        row, lane = strides.get(self.kernel.row, 0), strides.get(self.kernel.vector, 0)
        return f.offset(at, (i * row + j * lane * self.lanes) * SIZE[dtype])

    def _load(self, f: Function, at: str, slot: int, i: int, j: int, shared: dict) -> Value:
        _, strides, dtype = self.slots[slot]
        row, lane = strides.get(self.kernel.row, 0), strides.get(self.kernel.vector, 0)
        key = (slot, i if row else 0, j if lane else 0)
        if key not in shared:
            pointer = self._place(f, at, slot, key[1], key[2])
            value = f.load(pointer, dtype) if lane else f.load_splat(pointer, dtype)
            shared[key] = value
        return shared[key]


def _no_counter(node: object) -> Value:
    raise AssertionError("counters do not join products")
