"""Writes Loop kernels: maps and reductions over one space, vector by vector."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from ...graph.node import Node
from ...plan import Access, Loop, Plan
from .body import constant_or_rows, write_body
from .emit import Module, Value
from .nest import Nest, Space
from .reduction import Reduction
from .share import share_of

#: Elements of a reduced axis that are written out instead of looped over: the window of a pool.
_WRITTEN_OUT = 3
#: Neighbouring results whose sums run side by side, and the most maps on what is summed: each sum
#: alone would step through memory in strides as wide as all results together.
_ABREAST, _SIMPLE = 8, 2


def write_loop(plan: Plan, module: Module, kernel: Loop) -> tuple[str, list[Access]]:
    """Write a Loop; returns its function and the accesses whose pointers it takes."""
    return _LoopWriter(plan, module, kernel).write()


class _LoopWriter(Nest):
    """The loops over axes that are kept, around those over axes that are reduced."""

    def __init__(self, plan: Plan, module: Module, kernel: Loop) -> None:
        space = Space(plan, kernel.shape, kernel.order)
        reads = list(kernel.reads.items())
        accesses = [a for _, a in reads] + [a for _, a in kernel.writes]
        dtypes = [_node(k).dtype for k, _ in reads] + [n.dtype for n, _ in kernel.writes]
        fast = not space.open and any(a.buffer.variable is not None for _, a in kernel.writes)
        cut = kernel.cut if kernel.shared else None
        super().__init__(plan, module, space, accesses, dtypes, cut, fast)
        self.module, self.kernel = module, kernel
        self.place = {key: n for n, (key, _) in enumerate(reads)}
        self.target = {node: len(reads) + n for n, (node, _) in enumerate(kernel.writes)}
        self.sums = [Reduction(self, node) for node in kernel.reductions]
        #: The state with which all of them begin: LLVM's type and the value.
        self.starts = [s for r in self.sums for s in r.starts]
        self.kept = [a for a in space.plain if a not in kernel.reduced]
        self.inner = [a for a in space.plain if a in kernel.reduced]
        #: Whether lanes run along an axis that is reduced.
        self.across = space.axis in kernel.reduced

    def write(self) -> tuple[str, list[Access]]:
        """Write the loops in the order in which memory is best walked."""
        space, simple = self.space, len(self.kernel.body) <= _SIMPLE
        both = bool(self.kept and self.inner)
        far = both and space.plain.index(self.kept[-1]) > space.plain.index(self.inner[-1])
        many = not space.open and space.vectors >= _ABREAST
        if not self.sums:
            self.nest(self.kept, lambda: self.vectors(self._body, []))
        elif self.across and far and simple:
            self.nest(self.kept[:-1], self._abreast)
        elif self.across:
            self.nest(self.kept, self._whole)
        elif self.inner and many and simple:
            self.nest(self.kept, self._strips)
        else:
            self.nest(self.kept, lambda: self.vectors(lambda v, _: self._strip(v, 1), []))
        return self.module.share(self.f, "loop"), self.accesses

    # --- how sums of neighbours go together -----------------------------------------------------
    def _whole(self) -> None:
        """Write the sums of one place, across all lanes."""
        state = self._carry(self.inner, lambda c: self.vectors(self._body, _typed(self.starts, c)),
                            self.starts)  # fmt: skip
        self._finish(0, state, True)

    def _strips(self) -> None:
        """Write sums of neighbouring vectors side by side."""
        f, size = self.f, self.space.lanes
        low, high = share_of(f, self.space.vectors, self.cuts_lanes)
        middle = f.whole(low, high, _ABREAST)
        f.loop(low, middle, lambda v, _: self._strip(f.mul(v, size), _ABREAST), step=_ABREAST)
        f.loop(middle, high, lambda v, _: self._strip(f.mul(v, size), 1))

    def _strip(self, first: str | int, count: int) -> list[str]:
        """Write the sums of so many neighbouring vectors."""
        places = [first, *(self.f.add(first, j * self.space.lanes) for j in range(1, count))]

        def bodies(carried: list[str]) -> list[str]:
            parts = zip(places, _parts(carried, count), strict=True)
            return [x for place, part in parts for x in self._body(place, part)]

        state = self._carry(self.inner, bodies, self.starts * count)
        for place, part in zip(places, _parts(state, count), strict=True):
            self._finish(place, part, False)
        return []

    def _abreast(self) -> None:
        """Write sums across lanes of neighbouring places side by side."""
        axis, outer, f = self.kept[-1], list(self.pointers), self.f
        low, high = share_of(f, self.space.shape[axis], axis == self.cut)
        sizes = [self.space.shape[a] for a in self.inner if self.space.shape[a] <= _WRITTEN_OUT]
        many = max(_ABREAST // math.prod(sizes), 2)
        middle = f.whole(low, high, many)
        f.loop(low, middle, lambda i, _: self._block(axis, outer, i, many), step=many)
        f.loop(middle, high, lambda i, _: self._block(axis, outer, i, 1))
        self.pointers = outer

    def _block(self, axis: int, outer: list[str], start: str, count: int) -> None:
        """Write the sums of so many neighbouring places along an axis."""

        def along(pointers: list[str], j: int) -> None:
            self.index[axis] = self.f.add(start, j)
            self.pointers = [self.moved(p, n, axis, str(j)) for n, p in enumerate(pointers)]

        def bodies(first: str | int, carried: list[str]) -> list[str]:
            base, result = list(self.pointers), []
            for j, part in enumerate(_parts(carried, count)):
                along(base, j)
                result += self._body(first, part)
            self.pointers = base
            return result

        here = self.pointers = [self.moved(p, n, axis, start) for n, p in enumerate(outer)]
        many = self.starts * count
        state = self._carry(self.inner, lambda c: self.vectors(bodies, _typed(many, c)), many)
        for j, part in enumerate(_parts(state, count)):
            along(here, j)
            self._finish(0, part, True)

    def _carry(self, axes: list[int], inside: Callable[[list[str]], list[str]],
               starts: list[tuple[str, str]]) -> list[str]:  # fmt: skip
        """Write loops over `axes` that carry the state of reductions."""
        if not axes:
            return inside([s for _, s in starts])
        axis, outer = axes[0], list(self.pointers)

        def body(i: str, carried: list[str]) -> list[str]:
            self.index[axis] = i
            self.pointers = [self.moved(p, n, axis, i) for n, p in enumerate(outer)]
            return self._carry(axes[1:], inside, _typed(starts, carried))

        size = self.space.shape[axis]
        if size <= _WRITTEN_OUT:
            result = [s for _, s in starts]
            for i in range(size):
                result = body(str(i), result)
        else:
            result = self.f.loop(0, size, body, starts)
        self.pointers = outer
        return result

    # --- one vector -----------------------------------------------------------------------------
    def _body(self, first: str | int, carried: list[str]) -> list[str]:
        """Write all maps on a vector, and what it adds to the state of reductions."""
        space, body = self.space, self.kernel.body
        values = write_body(self.f, self.words, body, {}, lambda x: self.load(self.place[x], first),
                            lambda node: self.counter(node, first))  # fmt: skip
        # Read before anything is written: a map may overwrite the variable that a sum reads.
        reduced = [self._reduced(r.node, values, first) for r in self.sums]
        for node in body:
            if node in self.target:
                self.store(self.target[node], first, values[node])
        mask = None
        if self.across and (space.open or space.extent % space.lanes):
            mask = self.f.below(first, "%rows" if space.open else space.extent)
        return [
            s for (reduction, state), x in zip(self._states(carried), reduced, strict=True)
            for s in reduction.step(state, x, mask, first, self.kernel.reduced)
        ]  # fmt: skip

    def _reduced(self, node: Node, values: dict[Node, Value], first: str | int) -> Value:
        """Return the vector that a reduction takes in."""
        if node.op.kind == "contract":
            x, y = (
                constant_or_rows(self.f, n) or self.load(self.place[n, side], first)
                for side, n in enumerate(node.inputs)
            )
            return self.words.mul(x, y)
        given = node.inputs[0]
        if given not in values:
            known = constant_or_rows(self.f, given)
            values[given] = known or self.load(self.place[given], first)
        return values[given]

    def _finish(self, first: str | int, state: list[str], across: bool) -> None:
        """Write the results of all reductions."""
        for reduction, own in self._states(state):
            value = reduction.result(own, across)
            if reduction.node in self.target and across:
                self.f.store_first(value, self.pointers[self.target[reduction.node]])
            elif reduction.node in self.target:
                self.store(self.target[reduction.node], first, value)

    def _states(self, state: list[str]) -> Iterator[tuple[Reduction, list[str]]]:
        """Yield each reduction with its part of the state."""
        at = 0
        for reduction in self.sums:
            end = at + len(reduction.starts)
            yield reduction, state[at:end]
            at = end


def _node(key: Any) -> Node:
    return key[0] if isinstance(key, tuple) else key


def _typed(starts: list[tuple[str, str]], values: list[str]) -> list[tuple[str, str]]:
    return [(kind, v) for (kind, _), v in zip(starts, values, strict=True)]


def _parts(state: list[str], count: int) -> list[list[str]]:
    """Return the state of reductions at each of so many neighbours."""
    size = len(state) // count
    return [state[j * size : (j + 1) * size] for j in range(count)]
