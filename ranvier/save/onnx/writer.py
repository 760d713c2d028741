"""What an ONNX graph is made of before it becomes bytes: lines, numbers, and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ...graph.node import Value as Held
from ...graph.shape import Shape


class Value(NamedTuple):
    """One value of an ONNX graph."""

    name: str
    dtype: str


class Port(NamedTuple):
    """What goes into a graph or comes out of it; None in the shape is the size of the batch."""

    name: str
    dtype: str
    shape: Shape


@dataclass
class Line:
    """One node of an ONNX graph."""

    op: str
    inputs: list[str]
    outputs: list[str]
    attrs: dict[str, Any] = field(default_factory=dict)

    def used(self) -> Iterator[str]:
        """Yield the names that the line reads, those that a graph inside it reads among them."""
        yield from self.inputs
        for attr in self.attrs.values():
            if isinstance(attr, Part):
                for line in attr.lines:
                    yield from line.used()
                yield from (port.name for port in attr.outputs)

    def rename(self, names: Mapping[str, str]) -> None:
        """Give values other names, also where a graph inside the line reads them."""
        self.inputs = [names.get(x, x) for x in self.inputs]
        self.outputs = [names.get(y, y) for y in self.outputs]
        for attr in self.attrs.values():
            if isinstance(attr, Part):
                for line in attr.lines:
                    line.rename(names)


@dataclass
class Part:
    """A graph: lines between what goes in and what comes out."""

    name: str
    inputs: list[Port]
    outputs: list[Port]
    lines: list[Line]


class Writer:
    """Collects the lines of one graph.

    Args:
        outer: the writer of the graph around it, whose names and numbers it shares.

    Attributes:
        numbers: arrays by name: weights and constants, kept in the outermost graph.
    """

    def __init__(self, outer: Writer | None = None) -> None:
        self.lines: list[Line] = []
        self._makers: dict[str, Line] = {}
        self.numbers: dict[str, np.ndarray] = {} if outer is None else outer.numbers
        self._known: dict[Any, Value] = {} if outer is None else outer._known
        self._taken: dict[str, int] = {} if outer is None else outer._taken

    def unique(self, name: str) -> str:
        """Return a name that no other value has: this one, numbered where it is taken."""
        count, free = self._taken.get(name, 0), name
        while free in self._taken:
            count += 1
            free = f"{name}_{count}"
        self._taken[name] = count
        self._taken.setdefault(free, 0)
        return free

    def emit(self, op: str, inputs: Iterable[Value], dtype: str = "", **attrs: Any) -> Value:
        """Write a line with one result, of the type of its first input unless said."""
        given = list(inputs)
        return self.emit_all(op, given, [dtype or given[0].dtype], **attrs)[0]

    def emit_all(
        self, op: str, inputs: Iterable[Value], dtypes: Sequence[str], **attrs: Any
    ) -> list[Value]:
        """Write a line with several results."""
        results = [Value(self.unique(op.lower()), dtype) for dtype in dtypes]
        line = Line(op, [x.name for x in inputs], [y.name for y in results], attrs)
        self.lines.append(line)
        self._makers.update((y.name, line) for y in results)
        return results

    def maker(self, x: Value, op: str) -> Line | None:
        """Return the line that makes a value, None where that is no line of this op."""
        line = self._makers.get(x.name)
        return line if line is not None and line.op == op else None

    def number(self, value: Any, dtype: str) -> Value:
        """Return a constant, one for all equal ones."""
        array = np.asarray(value, dtype)
        key = Held(array, dtype).content
        if key not in self._known:
            self._known[key] = self.weight("const", array)
        return self._known[key]

    def derived(self, x: Value, how: str, array: np.ndarray) -> Value:
        """Return a number that is another one in another form, under a name that says so."""
        key = (x.name, array.shape, array.strides)
        if key not in self._known:
            self._known[key] = self.weight(f"{x.name}_{how}", np.array(array, order="C"))
        return self._known[key]

    def weight(self, name: str, array: np.ndarray) -> Value:
        """Return an array that the file keeps under its name."""
        value = Value(self.unique(name), str(array.dtype))
        self.numbers[value.name] = array
        return value

    def sizes(self, values: Iterable[int]) -> Value:
        """Return whole numbers as ONNX takes shapes, axes and places."""
        return self.number(list(values), "int64")

    def kept(self, outputs: Iterable[str]) -> list[Line]:
        """Return the lines that these outputs need."""
        needed, found = set(outputs), []
        for line in reversed(self.lines):
            if not needed.isdisjoint(line.outputs):
                needed.update(line.used())
                found.append(line)
        return found[::-1]
