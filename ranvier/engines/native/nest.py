"""Nested loops whose innermost body works on vectors of neighbours."""

from __future__ import annotations

from collections.abc import Callable

from ...graph.node import Node
from ...plan import Access, Plan
from .emit import SIZE, Function, Module, Value
from .share import SHARE, share_of
from .words import Words

#: How many vectors of the innermost axis are written out instead of looped over.
_UNROLLED = 2


class Space:
    """The loop nest: plain axes from outer to inner, then vectors of lanes."""

    def __init__(self, plan: Plan, shape: tuple, order: tuple[int, ...]) -> None:
        self.lanes = plan.lanes
        self.open = bool(shape) and shape[0] is None
        self.axis = (0 if self.open else order[-1]) if shape else None
        self.plain = [a for a in (order or ()) if a != self.axis]
        self.shape = shape
        if self.axis is None:
            self.extent = 1
        else:
            self.extent = plan.rows if self.open else shape[self.axis]
        self.vectors = -(-self.extent // self.lanes)


class Nest:
    """Writes one kernel as nested loops: a function of its pointers and the row count."""

    def __init__(self, plan: Plan, module: Module, space: Space, accesses: list[Access],
                 dtypes: list[str], cut: int | None, fast: bool = False) -> None:  # fmt: skip
        arguments = [("ptr", f"p{i}") for i in range(len(accesses))]
        self.f = Function(module, [*arguments, *SHARE])
        self.words = Words(self.f, fast)
        self.cut = cut
        self.space, self.accesses, self.dtypes = space, accesses, dtypes
        self.index: dict[int, str | int] = {}
        self.pointers = [f"%p{i}" for i in range(len(accesses))]

    def nest(self, axes: list[int], inside: Callable[[], object]) -> None:
        """Write loops over plain axes around `inside`."""
        if not axes:
            inside()
            return
        axis = axes[0]
        outer = list(self.pointers)

        def body(i: str, _: list[str]) -> None:
            self.index[axis] = i
            self.pointers = [self.moved(p, n, axis, i) for n, p in enumerate(outer)]
            self.nest(axes[1:], inside)

        low, high = share_of(self.f, self.space.shape[axis], axis == self.cut)
        self.f.loop(low, high, body)
        self.pointers = outer

    def moved(self, pointer: str, n: int, axis: int, i: str) -> str:
        """Return the n-th pointer moved by `i` elements along an axis."""
        step = self.accesses[n].strides[axis] * SIZE[self.dtypes[n]]
        return self.f.offset(pointer, self.f.mul(i, step)) if step else pointer

    def vectors(self, inside: Callable[[str | int, list[str]], list[str]],
                carried: list[tuple[str, str]]) -> list[str]:  # fmt: skip
        """Write the innermost loop over vectors of lanes; `inside` gets the first element."""
        lanes, count = self.space.lanes, self.space.vectors
        if count <= _UNROLLED and not self.cuts_lanes:
            values = [start for _, start in carried]
            for v in range(count):
                values = inside(v * lanes, values)
            return values
        low, high = share_of(self.f, count, self.cuts_lanes)
        return self.f.loop(low, high, lambda v, c: inside(self.f.mul(v, lanes), c), carried)

    @property
    def cuts_lanes(self) -> bool:
        """Whether threads share the vectors of lanes out."""
        return self.cut is not None and self.cut == self.space.axis

    def at(self, n: int, first: str | int) -> str:
        """Return where the vector that begins at element `first` lies."""
        step = self._stride(n) * SIZE[self.dtypes[n]]
        return self.f.offset(self.pointers[n], self.f.mul(first, step))

    def _stride(self, n: int) -> int:
        return 0 if self.space.axis is None else self.accesses[n].strides[self.space.axis]

    def load(self, n: int, first: str | int) -> Value:
        """Load the vector of the n-th access that begins at element `first`."""
        pointer, stride, dtype = self.at(n, first), self._stride(n), self.dtypes[n]
        if stride == 1:
            return self.f.load(pointer, dtype)
        if stride == 0:
            return self.f.load_splat(pointer, dtype)
        mask = self.f.below(first, self.space.extent)
        return self.f.gather(self.f.addresses(pointer, stride, SIZE[dtype]), dtype, mask)

    def store(self, n: int, first: str | int, value: Value) -> None:
        """Store a vector likewise; what lies beyond the end is left as it is."""
        pointer, stride = self.at(n, first), self._stride(n)
        if stride == 1 or self.space.axis is None:
            whole = self.accesses[n].padded or self.space.extent % self.space.lanes == 0
            mask = None if whole else self.f.below(first, self.space.extent)
            self.f.store(value, pointer, mask)
            return
        mask = self.f.below(first, self.space.extent)
        self.f.scatter(value, self.f.addresses(pointer, stride, SIZE[value.dtype]), mask)

    def counter(self, node: Node, first: str | int) -> Value:
        """Return the value of an `iota` at the running place."""
        axis = node.attrs["axis"] + len(self.space.shape) - len(node.shape)
        if axis == self.space.axis:
            start = self.f.splat(str(first), "i64")
            numbers = self.f.lane_numbers()
            wide = self.f.let(f"add {self.f.vector('i64')} {start}, {numbers}")
        else:
            wide = self.f.splat(str(self.index[axis]), "i64")
        return self.words.cast(Value(wide, "int64"), node.dtype)
