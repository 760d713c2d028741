"""Writes Products whose lanes run along a sum: both operands have what is summed as neighbours.

Two kinds do. One row times weights that lie as training wants them, [outputs][inputs]: lanes along
the inputs. And long sums over rows and places with few results, as the gradients of a small filter
or of a recurrent kernel: lanes along the rows, without a batch-major copy of either side.

A vector waits in memory for each sum; tiles of them add up products in registers. At the end each
is added up across its lanes: as many as a vector has lanes make one vector of results, and maps
follow on it as in any product. Every sum runs in one order whatever the tile.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ...plan import Access, Plan, Product
from .emit import SIZE, Function, Module, Value
from .machine import Machine
from .product import Inside, ProductWriter, Tile, choose_tile, cut
from .share import SHARE, share_of
from .words import Words


def write_across(plan: Plan, module: Module, kernel: Product,
                 machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product whose lanes run along its sum; as `write_product`."""
    return _AcrossWriter(plan, module, kernel, machine).write()


class _AcrossWriter(ProductWriter):
    def write(self) -> tuple[str, list[Access]]:
        """Write the loop over vectors of results, the last of which may be a part of one."""
        k = self.kernel
        f = Function(self.module, [*self.pointers, *SHARE])
        whole, rest = divmod(k.sizes[k.vector] or 1, self.lanes)

        def unit(u: str, _: list[str]) -> None:
            here = self._moved(f, self.start, k.vector, f.mul(u, self.lanes), 1)
            if not (whole and rest):
                self._results(f, here, self.lanes if whole else rest)
                return
            for word, count in (("slt", self.lanes), ("sge", rest)):
                mine = f.let(f"icmp {word} i64 {u}, {whole}")
                f.branch(mine, partial(self._results, f, here, count))

        f.loop(*share_of(f, whole + (rest > 0), k.shared), unit)
        return self._written(f)

    def _results(self, f: Function, start: list[str], count: int) -> None:
        """Write all results of up to a vector along the result's lanes."""
        k, steps = self.kernel, 1
        for letter in k.sums:
            steps *= self.plan.rows if k.sizes[letter] is None else k.sizes[letter] or 1
        tile = choose_tile(count, self.rows, steps // self.lanes, self.registers)

        every = [(c, 0, 1, k.sizes[c] or 1) for c in k.outer]
        row = (k.row, 0, 1, self.rows)
        parts = [(k.part, 0, 1, k.sizes[k.part] or 0)] if k.part else []

        def call(name: str, place: list[str]) -> None:
            self._call(f, name, place, "%rows")

        def tiles(pointers: list[str]) -> None:
            for column, width, times in cut(count, tile.rows):
                for first, height, down in cut(self.rows, tile.vectors):
                    pieces = [(k.vector, column, width, times), (k.row, first, height, down)]
                    self._nest(f, pointers, pieces, partial(call, self._part(width, height)))

        self._nest(f, start, [*every, row], partial(call, self._clear(count)))
        self._nest(f, start, [*parts, *every], tiles)
        self._nest(f, start, [*every, row], partial(call, self._end(count)))

    def _nest(self, f: Function, pointers: list[str], pieces: Sequence[tuple[str, int, int, int]],
              inside: Inside) -> None:  # fmt: skip
        """Write loops over pieces along letters, each (letter, first, size, how many)."""
        if not pieces:
            inside(pointers)
            return
        (letter, first, size, times), *rest = pieces
        f.loop(0, times, lambda n, _: self._nest(
            f, self._moved(f, pointers, letter, f.add(f.mul(n, size), first), 1), rest, inside
        ))  # fmt: skip

    def _clear(self, count: int) -> str:
        """Write the function that sets the sums of up to a vector of results to zero."""
        f, zero = self._function(), Value("zeroinitializer", self.kernel.node.dtype)
        for i in range(count):
            f.store(zero, self._waiting(f, i, 0))
        return self.module.share(f, f"clear_{count}")

    def _end(self, count: int) -> str:
        """Write the function that makes results of as many sums, and what follows on them."""
        f, dtype = self._function(), self.kernel.node.dtype
        totals = [f.load(self._waiting(f, i, 0), dtype).name for i in range(count)]
        totals += ["zeroinitializer"] * (self.lanes - count)
        self._epilogue(f, Tile(1, 1), [_added_up(f, totals, dtype)], self.start)
        return self.module.share(f, f"end_{count}")

    def _part(self, width: int, height: int) -> str:
        """Write the function that adds all products (of a part) to a tile of sums."""
        k, dtype, f = self.kernel, self.kernel.node.dtype, self._function()
        unit, places = SIZE[dtype], [(i, j) for i in range(width) for j in range(height)]
        words, kind = Words(f), f.vector("float" if dtype == "float32" else "double")
        totals = [f.load(self._waiting(f, i, j), dtype).name for i, j in places]
        sums = self._merged_sums()

        def products(at: list[str], held: list[str], mask: str | None) -> list[str]:
            loaded: dict[tuple[int, int, int], Value] = {}

            def operand(side: int, i: int, j: int) -> Value:
                strides = self.slots[side][1]
                steps = (i * strides.get(k.vector, 0), j * strides.get(k.row, 0))
                if (side, *steps) not in loaded:
                    place = f.offset(at[side], sum(steps) * unit)
                    loaded[side, *steps] = f.load(place, dtype, mask)
                return loaded[side, *steps]

            return [
                words.sum_of_product(operand(0, i, j), operand(1, i, j), Value(t, dtype)).name
                for (i, j), t in zip(places, held, strict=True)
            ]

        def nest(depth: int, at: list[str], held: list[str], tail: bool) -> list[str]:
            state = [(kind, t) for t in held]
            if depth == len(sums):
                return lanes(at, state, tail)
            length, *steps = sums[depth]
            return f.loop(0, length or 0, lambda n, values: nest(depth + 1, [
                f.offset(p, f.mul(n, s)) for p, s in zip(at, steps, strict=True)
            ], values, tail), state)  # fmt: skip

        def lanes(at: list[str], state: list[tuple[str, str]], tail: bool) -> list[str]:
            def vector(n: str, held: list[str]) -> list[str]:
                mask = f.below(int(n) if n.isdigit() else n, size) if tail else None
                return products([f.offset(p, f.mul(n, unit)) for p in at], held, mask)

            ends = (whole, size) if tail else (0, whole)
            return f.loop(*ends, vector, state, self.lanes)

        extent = k.sizes[k.across]
        size: int | str = "%rows" if extent is None else extent
        whole = f.whole(0, size, self.lanes)
        # Whole vectors of all places, then what is left at the end of each.
        totals = nest(0, ["%p0", "%p1"], totals, tail=False)
        if whole != size:
            totals = nest(0, ["%p0", "%p1"], totals, tail=True)
        for total, (i, j) in zip(totals, places, strict=True):
            f.store(Value(total, dtype), self._waiting(f, i, j))
        return self.module.share(f, f"part_{width}x{height}")

    def _waiting(self, f: Function, i: int, j: int) -> str:
        """Return where the sum of one result waits: i along the lanes, j along the rows."""
        _, strides, dtype = self.slots[-1]
        step = i * strides.get(self.kernel.vector, 0) + j * strides.get(self.kernel.row, 0)
        return f.offset(self.start[-1], step * SIZE[dtype])


def _added_up(f: Function, vectors: list[str], dtype: str) -> str:
    """Return a vector: in lane i the sum of all lanes of vector i, in one order for all."""
    words, kind, width = Words(f), f.vector("float" if dtype == "float32" else "double"), 1
    while width < f.lanes:
        # Lanes whose number has this bit take from the second of two, the others from the first.
        own = [i + f.lanes if i & width else i for i in range(f.lanes)]
        other = [i - width + f.lanes if i & width else i + width for i in range(f.lanes)]
        picks = ["<" + ", ".join(f"i32 {i}" for i in lanes) + ">" for lanes in (own, other)]
        vectors = [
            words.add(*(
                Value(f.let(f"shufflevector {kind} {a}, {kind} {b}, <{f.lanes} x i32> {pick}"),
                      dtype)
                for pick in picks
            )).name
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]  # fmt: skip
        width *= 2
    return vectors[0]
