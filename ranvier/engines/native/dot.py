"""Writes Products of one row: each result is the dot product of that row with a row of weights.

Weights lie as training wants them, [outputs][inputs], so the lanes run along the inputs. As many
sums as a vector has lanes are held at a time; at their end they are added up across lanes, which
gives one vector of results, and maps follow on it as in any product.
"""

from __future__ import annotations

from ...plan import Access, Plan, Product
from .emit import SIZE, Function, Module, Value
from .machine import Machine
from .product import ProductWriter, Tile, cut
from .share import SHARE
from .words import Words


def write_dot(plan: Plan, module: Module, kernel: Product,
              machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write a Product whose lanes run along its sum; as `write_product`."""
    return _DotWriter(plan, module, kernel, machine).write()


class _DotWriter(ProductWriter):
    def write(self) -> tuple[str, list[Access]]:
        """Write the loop over vectors of results."""
        k = self.kernel
        f = Function(self.module, [*self.pointers, *SHARE])
        start = [name for _, name in self.pointers]
        for first, count, times in cut(k.sizes[k.vector] or 1, self.lanes):
            name = self._results(count)

            def one(i: str, _: list[str], first: int = first, name: str = name) -> None:
                at = f.add(f.mul(i, self.lanes), first)
                here = self._moved(f, [f"%{p}" for p in start], k.vector, at, 1)
                f.call("void", name, [*(f"ptr {p}" for p in here), "i64 %rows"])

            f.loop(0, times, one)
        return self.module.share(f, "product"), [a for a, _, _ in self.slots]

    def _results(self, count: int) -> str:
        """Write the function of up to a vector of results."""
        k, dtype = self.kernel, self.kernel.node.dtype
        f = Function(self.module, [*self.pointers, ("i64", "rows")])
        words = Words(f)
        side = next(i for i in (0, 1) if k.vector in self.slots[i][1])
        step = self.slots[side][1][k.vector]
        width = self.lanes * SIZE[dtype]

        def add(place: str | int, totals: list[str], mask: str | None = None) -> list[str]:
            x = f.load(f.offset(f"%p{1 - side}", place), dtype, mask)
            here = f.offset(f"%p{side}", place)
            weights = [f.load(f.offset(here, i * step * SIZE[dtype]), dtype, mask)
                       for i in range(count)]  # fmt: skip
            return [words.sum_of_product(x, w, Value(t, dtype)).name
                    for w, t in zip(weights, totals, strict=True)]  # fmt: skip

        whole, rest = divmod(k.sizes[k.across] or 1, self.lanes)
        kind = f.vector("float" if dtype == "float32" else "double")
        totals = f.loop(0, whole, lambda i, t: add(f.mul(i, width), t),
                        [(kind, "zeroinitializer")] * count)  # fmt: skip
        if rest:
            totals = add(whole * width, totals, f.below(0, rest))
        totals += ["zeroinitializer"] * (self.lanes - count)
        self._epilogue(f, Tile(1, 1), [_added_up(f, words, totals, dtype)])
        return self.module.share(f, f"dots_{count}")


def _added_up(f: Function, words: Words, vectors: list[str], dtype: str) -> str:
    """Return a vector: in lane i the sum of all lanes of vector i, in one order for all."""
    kind, width = f.vector("float" if dtype == "float32" else "double"), 1
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
