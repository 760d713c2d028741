"""Writes Loop and Copy kernels: nested loops whose innermost body works on vectors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...graph.node import Node
from ...plan import Access, Copy, Loop, Plan
from .body import constant_or_rows, write_body
from .emit import REGISTER, SIZE, Function, Module, Value
from .share import SHARE, share_of
from .words import Words

_LOWEST = {"float32": -math.inf, "float64": -math.inf, "int32": -(2**31), "int64": -(2**63),
           "uint32": 0, "bool": 0}  # fmt: skip
_HIGHEST = {"float32": math.inf, "float64": math.inf, "int32": 2**31 - 1, "int64": 2**63 - 1,
            "uint32": 2**32 - 1, "bool": 1}  # fmt: skip
#: How many vectors of the innermost axis are written out instead of looped over.
_UNROLLED = 2
#: Elements of a reduced axis that are written out instead of looped over: the window of a pool.
_WRITTEN_OUT = 3
#: Neighbouring results whose sums run side by side, and the most maps on what is summed: each sum
#: alone would step through memory in strides as wide as all results together.
_ABREAST, _SIMPLE = 8, 2


class _Space:
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


class _Writer:
    """Writes one kernel as a function of its pointers and the row count."""

    def __init__(self, plan: Plan, module: Module, space: _Space, accesses: list[Access],
                 dtypes: list[str], fast: bool) -> None:  # fmt: skip
        arguments = [("ptr", f"p{i}") for i in range(len(accesses))]
        self.f = Function(module, [*arguments, *SHARE])
        self.words = Words(self.f, fast)
        self.cut: int | None = None
        self.space, self.accesses, self.dtypes = space, accesses, dtypes
        self.index: dict[int, str | int] = {}
        self.pointers = [f"%p{i}" for i in range(len(accesses))]

    def nest(self, axes: list[int], inside: Callable[[], None]) -> None:
        """Write loops over plain axes around `inside`."""
        if not axes:
            inside()
            return
        axis = axes[0]
        outer = list(self.pointers)

        def body(i: str, _: list[str]) -> None:
            self.index[axis] = i
            self.pointers = [self._moved(p, n, axis, i) for n, p in enumerate(outer)]
            self.nest(axes[1:], inside)

        low, high = share_of(self.f, self.space.shape[axis], axis == self.cut)
        self.f.loop(low, high, body)
        self.pointers = outer

    def _moved(self, pointer: str, n: int, axis: int, i: str) -> str:
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
        pointer, stride, dtype = self.at(n, first), self._stride(n), self.dtypes[n]
        if stride == 1:
            return self.f.load(pointer, dtype)
        if stride == 0:
            return self.f.load_splat(pointer, dtype)
        mask = self.f.below(first, self.space.extent)
        return self.f.gather(self.f.addresses(pointer, stride, SIZE[dtype]), dtype, mask)

    def store(self, n: int, first: str | int, value: Value) -> None:
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


def write_loop(plan: Plan, module: Module, kernel: Loop) -> tuple[str, list[Access]]:
    """Write a Loop; returns its function and the accesses whose pointers it takes."""
    order = kernel.order
    space = _Space(plan, kernel.shape, order)
    reads = list(kernel.reads.items())
    accesses = [a for _, a in reads] + [a for _, a in kernel.writes]
    dtypes = [_node(k).dtype for k, _ in reads] + [n.dtype for n, _ in kernel.writes]
    fast = not space.open and any(a.buffer.variable is not None for _, a in kernel.writes)
    w = _Writer(plan, module, space, accesses, dtypes, fast)
    w.cut = kernel.cut if kernel.shared else None
    place = {key: n for n, (key, _) in enumerate(reads)}
    target = {node: len(reads) + n for n, (node, _) in enumerate(kernel.writes)}
    sums = [_Reduction(w, node) for node in kernel.reductions]
    lanes_reduced = space.axis in kernel.reduced

    def body(first: str | int, carried: list[str]) -> list[str]:
        values = write_body(w.f, w.words, kernel.body, {}, lambda x: w.load(place[x], first),
                            lambda node: w.counter(node, first))  # fmt: skip
        # Read before anything is written: a map may overwrite the variable that a sum reads.
        reduced = [_reduced_value(w, r.node, values, place, first) for r in sums]
        for node in kernel.body:
            if node in target:
                w.store(target[node], first, values[node])
        mask = None
        if lanes_reduced and (space.open or space.extent % space.lanes):
            mask = w.f.below(first, "%rows" if space.open else space.extent)
        result: list[str] = []
        for reduction, x in zip(sums, reduced, strict=True):
            n = len(reduction.starts)
            state = carried[len(result) : len(result) + n]
            result.extend(reduction.step(state, x, mask, first, kernel.reduced))
        return result

    starts = [s for r in sums for s in r.starts]
    kept = [a for a in space.plain if a not in kernel.reduced]
    inner = [a for a in space.plain if a in kernel.reduced]

    def finish(first: str | int, state: list[str], across: bool) -> None:
        at = 0
        for reduction in sums:
            n = len(reduction.starts)
            value = reduction.result(state[at : at + n], across)
            at += n
            if reduction.node in target:
                if across:
                    w.f.store_first(value, w.pointers[target[reduction.node]])
                else:
                    w.store(target[reduction.node], first, value)

    def inside() -> None:
        if not sums:
            w.vectors(lambda first, c: body(first, []), [])
        elif abreast:
            side_by_side()
        elif neighbours:
            vectors_side_by_side()
        elif lanes_reduced:
            state = _carry(w, inner, lambda c: w.vectors(body, _typed(starts, c)), starts)
            finish(0, state, True)
        else:
            w.vectors(lambda first, c: strip(first, 1), [])

    def vectors_side_by_side() -> None:
        low, high = share_of(w.f, space.vectors, w.cuts_lanes)
        middle = w.f.whole(low, high, _ABREAST)
        size = space.lanes
        w.f.loop(low, middle, lambda v, _: strip(w.f.mul(v, size), _ABREAST), step=_ABREAST)
        w.f.loop(middle, high, lambda v, _: strip(w.f.mul(v, size), 1))

    def strip(first: str | int, count: int) -> list[str]:
        own = len(starts)
        places = [first, *(w.f.add(first, j * space.lanes) for j in range(1, count))]

        def bodies(carried: list[str]) -> list[str]:
            parts = (carried[j * own : (j + 1) * own] for j in range(count))
            return [x for place, part in zip(places, parts, strict=True) for x in body(place, part)]

        state = _carry(w, inner, bodies, starts * count)
        for j, place in enumerate(places):
            finish(place, state[j * own : (j + 1) * own], False)
        return []

    def side_by_side() -> None:
        axis, outer = kept[-1], list(w.pointers)
        low, high = share_of(w.f, space.shape[axis], axis == w.cut)
        sizes = [space.shape[a] for a in inner if space.shape[a] <= _WRITTEN_OUT]
        many = max(_ABREAST // math.prod(sizes), 2)
        middle = w.f.whole(low, high, many)
        w.f.loop(low, middle, lambda i, _: block(axis, outer, i, many), step=many)
        w.f.loop(middle, high, lambda i, _: block(axis, outer, i, 1))
        w.pointers = outer

    def block(axis: int, outer: list[str], start: str, count: int) -> None:
        def along(pointers: list[str], j: int) -> None:
            w.index[axis] = w.f.add(start, j)
            w.pointers = [w._moved(p, n, axis, str(j)) for n, p in enumerate(pointers)]

        def bodies(first: str | int, carried: list[str]) -> list[str]:
            base, result, own = list(w.pointers), [], len(starts)
            for j in range(count):
                along(base, j)
                result += body(first, carried[j * own : (j + 1) * own])
            w.pointers = base
            return result

        here = w.pointers = [w._moved(p, n, axis, start) for n, p in enumerate(outer)]
        many = starts * count
        state = _carry(w, inner, lambda c: w.vectors(bodies, _typed(many, c)), many)
        for j in range(count):
            along(here, j)
            finish(0, state[j * len(starts) : (j + 1) * len(starts)], True)

    far = bool(kept and inner) and space.plain.index(kept[-1]) > space.plain.index(inner[-1])
    abreast = far and lanes_reduced and len(kernel.body) <= _SIMPLE
    neighbours = (not space.open and not lanes_reduced and bool(sums and inner)
                  and space.vectors >= _ABREAST and len(kernel.body) <= _SIMPLE)  # fmt: skip
    w.nest(kept[:-1] if abreast else kept, inside)
    return module.share(w.f, "loop"), accesses


def _node(key: Any) -> Node:
    return key[0] if isinstance(key, tuple) else key


def _typed(starts: list[tuple[str, str]], values: list[str]) -> list[tuple[str, str]]:
    return [(kind, v) for (kind, _), v in zip(starts, values, strict=True)]


def _carry(w: _Writer, axes: list[int], inside: Callable[[list[str]], list[str]],
           starts: list[tuple[str, str]]) -> list[str]:  # fmt: skip
    """Write loops over `axes` that carry the state of reductions."""
    if not axes:
        return inside([s for _, s in starts])
    axis, outer = axes[0], list(w.pointers)

    def body(i: str, carried: list[str]) -> list[str]:
        w.index[axis] = i
        w.pointers = [w._moved(p, n, axis, i) for n, p in enumerate(outer)]
        return _carry(w, axes[1:], inside, _typed(starts, carried))

    size = w.space.shape[axis]
    if size <= _WRITTEN_OUT:
        result = [s for _, s in starts]
        for i in range(size):
            result = body(str(i), result)
    else:
        result = w.f.loop(0, size, body, starts)
    w.pointers = outer
    return result


def _reduced_value(w: _Writer, node: Node, values: dict[Node, Value], place: dict,
                   first: str | int) -> Value:  # fmt: skip
    if node.op.kind == "contract":
        x, y = (
            constant_or_rows(w.f, n) or w.load(place[n, side], first)
            for side, n in enumerate(node.inputs)
        )
        return w.words.mul(x, y)
    given = node.inputs[0]
    if given not in values:
        values[given] = constant_or_rows(w.f, given) or w.load(place[given], first)
    return values[given]


class _Reduction:
    """The state of one reduction: one vector, or for argmax a value and an index."""

    def __init__(self, w: _Writer, node: Node) -> None:
        self.w, self.node, self.name = w, node, node.op.name
        dtype = node.inputs[0].dtype
        self.dtype = dtype
        kind = w.f.vector(REGISTER[dtype])
        neutral: float = {
            "prod": 1,
            "max": _LOWEST[dtype],
            "peak": _LOWEST[dtype],
            "argmax": _LOWEST[dtype],
            "min": _HIGHEST[dtype],
            "argmin": _HIGHEST[dtype],
        }.get(self.name, 0)
        self.neutral = w.f.constant(neutral, dtype)
        self.starts = [(kind, self.neutral.name)]
        if self.name in ("argmax", "argmin"):
            self.starts.append((w.f.vector("i32"), "zeroinitializer"))

    def step(self, state: list[str], x: Value, mask: str | None, first: str | int,
             reduced: tuple[int, ...]) -> list[str]:  # fmt: skip
        """Take one more vector into the state."""
        words, held = self.w.words, Value(state[0], self.dtype)
        if mask is not None:
            x = words.select(Value(mask, "bool"), x, self.neutral)
        if self.name in ("argmax", "argmin"):
            place = self._number(first, reduced)
            wins = words.lt(held, x) if self.name == "argmax" else words.lt(x, held)
            if self.dtype.startswith("float"):
                wins = words.or_(wins, words.and_(words.isnan(x), words.not_(words.isnan(held))))
            index = words.select(wins, words.cast(place, "int32"), Value(state[1], "int32"))
            return [words.select(wins, x, held).name, index.name]
        return [self._combine(held, x).name]

    def _number(self, first: str | int, reduced: tuple[int, ...]) -> Value:
        """Return the number of the running element among those reduced, in the order of axes."""
        f, space = self.w.f, self.w.space
        number: str | int = 0
        for axis in reduced:
            at = first if axis == space.axis else self.w.index[axis]
            number = f.add(f.mul(number, space.shape[axis] or 0), at)
        place = f.splat(str(number), "i64")
        if space.axis in reduced:  # lanes run along the last axis, whose elements are neighbours
            place = f.let(f"add {f.vector('i64')} {place}, {f.lane_numbers()}")
        return Value(place, "int64")

    def _combine(self, x: Value, y: Value) -> Value:
        words = self.w.words
        if self.name in ("max", "peak", "min"):
            return words.min(x, y) if self.name == "min" else words.max(x, y)
        return words.mul(x, y) if self.name == "prod" else words.add(x, y)

    def result(self, state: list[str], across: bool) -> Value:
        """Return the reduced value, lanes folded together in a fixed order if `across`."""
        f, held = self.w.f, Value(state[0], self.dtype)
        index = Value(state[1], "int32") if len(state) > 1 else None
        width = f.lanes
        while across and width > 1:
            width //= 2
            other = self._upper(held, width)
            if index is None:
                held = self._combine(held, other)
                continue
            words, place = self.w.words, self._upper(index, width)
            better = words.lt(held, other) if self.name == "argmax" else words.lt(other, held)
            if self.dtype.startswith("float"):
                better = words.and_(words.or_(better, words.isnan(other)),
                                    words.not_(words.isnan(held)))  # fmt: skip
                tie = words.or_(words.eq(held, other),
                                words.and_(words.isnan(held), words.isnan(other)))  # fmt: skip
            else:
                tie = words.eq(held, other)
            better = words.or_(better, words.and_(tie, words.lt(place, index)))
            held = words.select(better, other, held)
            index = words.select(better, place, index)
        return held if index is None else index

    def _upper(self, x: Value, width: int) -> Value:
        f, kind = self.w.f, self.w.f.vector(REGISTER[x.dtype])
        numbers = ", ".join(f"i32 {(i + width) % f.lanes}" for i in range(f.lanes))
        return Value(f.let(f"shufflevector {kind} {x.name}, {kind} poison, "
                           f"<{f.lanes} x i32> <{numbers}>"), x.dtype)  # fmt: skip


def write_copy(plan: Plan, module: Module, kernel: Copy) -> tuple[str, list[Access]]:
    """Write a Copy; returns its function and the accesses whose pointers it takes."""
    space = _Space(plan, kernel.shape, kernel.order)
    dtype = kernel.target.buffer.dtype
    source = kernel.source
    accesses = [kernel.target, *([source] if isinstance(source, Access) else [])]
    w = _Writer(plan, module, space, accesses, [dtype] * len(accesses), False)
    w.cut = kernel.cut if kernel.shared else None

    def body(first: str | int, _: list[str]) -> list[str]:
        value = w.load(1, first) if isinstance(source, Access) else w.f.constant(source, dtype)
        if kernel.adds:
            value = w.words.add(w.load(0, first), value)
        w.store(0, first, value)
        return []

    def inside() -> None:
        w.vectors(body, [])

    w.nest(space.plain, inside)
    return module.share(w.f, "copy"), accesses
