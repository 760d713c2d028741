"""Writes one reduction of a loop: its state, a step of it, and its result."""

from __future__ import annotations

import math

from ...graph.node import Node
from .emit import REGISTER, Value
from .nest import Nest

_LOWEST = {"float32": -math.inf, "float64": -math.inf, "int32": -(2**31), "int64": -(2**63),
           "uint32": 0, "bool": 0}  # fmt: skip
_HIGHEST = {"float32": math.inf, "float64": math.inf, "int32": 2**31 - 1, "int64": 2**63 - 1,
            "uint32": 2**32 - 1, "bool": 1}  # fmt: skip


class Reduction:
    """The state of one reduction: one vector, or for argmax a value and an index."""

    def __init__(self, w: Nest, node: Node) -> None:
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
