"""Live values: nodes that already know their numbers, and the trace in which they are made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import dtype as dt
from .array import Array
from .errors import TraceError
from .node import (
    CONST,
    INPUT,
    OPERATORS,
    VARIABLE,
    Node,
    Operators,
    apply,
    as_value,
    const_node,
    operand_type,
    typed,
)  # fmt: skip
from .op import Aval, Op
from .trace import Trace, current
from .variable import Variable


class LiveNode(Node):
    """A node that already knows its value: a graph for gradients, an array for the user.

    Where no live trace runs (any more), it counts as its value alone.
    """

    __slots__ = ("value",)

    def __init__(
        self, op: Op, inputs: tuple[Node, ...], attrs: dict[str, Any], aval: Aval, value: Any
    ) -> None:
        super().__init__(op, inputs, attrs, aval)
        self.value = Array.of(value)

    __hash__ = object.__hash__

    @staticmethod
    def __ranvier_apply__(op: Op, inputs: Sequence[Any], attrs: dict[str, Any]) -> Any:
        """Apply an op to nodes and to their values."""
        if not isinstance(current(), LiveTrace):
            return apply(op, [x.value if isinstance(x, LiveNode) else x for x in inputs], attrs)
        values = [as_value(x) for x in inputs]
        target = operand_type(op, values, True)
        nodes = tuple(typed(v, target, True) for v in values)
        aval = op.infer(*nodes, **attrs)
        with np.errstate(all="ignore"):
            value = op.eval(*(value_of(node) for node in nodes), **attrs)
        return LiveNode(op, nodes, attrs, aval, value)

    def numpy(self) -> np.ndarray:
        """Return the value."""
        return self.value.numpy()

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return self.value.__array__(*args, **kwargs)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __format__(self, spec: str) -> str:
        return format(self.value.item() if self.value.ndim == 0 else self.value, spec)

    def __repr__(self) -> str:
        return repr(self.value)


class LiveTrace(Trace):
    """A trace in which variables are read as nodes with values."""

    def leaf(self, variable: Variable) -> Node:
        """Return the variable's value at the start of the step."""
        if variable not in self._leaves:
            self._leaves[variable] = alive(super().leaf(variable))
        return self._leaves[variable]


class Recording(LiveTrace):
    """A live trace outside of any step: what is assigned is in the variable at once.

    Attributes:
        reads: every node that stood for a variable; an assignment begins a new one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reads: dict[Variable, list[Node]] = {}

    def leaf(self, variable: Variable) -> Node:
        """Return the variable's value, as it was last assigned."""
        node = super().leaf(variable)
        seen = self.reads.setdefault(variable, [])
        if not any(node is one for one in seen):
            seen.append(node)
        return node

    def assign(self, variable: Variable, value: object) -> None:
        """Give the variable its new numbers."""
        number = value_of(value) if isinstance(value, Node) else np.asarray(value)
        variable.home.write(number.astype(variable.dtype))
        variable.version += 1
        self._leaves.pop(variable, None)


class Watched(Operators, Array):  # type: ignore[misc]  # operators of ops, not of NumPy
    """An array that a gradient is wanted of: while a trace watches it, it counts as its node."""

    @staticmethod
    def __ranvier_apply__(op: Op, inputs: Sequence[Any], attrs: dict[str, Any]) -> Any:
        """Apply an op to the node of each array that is watched, or to the array."""
        return apply(op, [watched(x) if isinstance(x, Watched) else x for x in inputs], attrs)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if current() is not None and ufunc.__name__ in OPERATORS and not kwargs:
            return OPERATORS[ufunc.__name__](*inputs)
        plain = [np.asarray(x) if isinstance(x, Array) else x for x in inputs]
        if "out" in kwargs:
            kwargs["out"] = tuple(np.asarray(x) for x in kwargs["out"])
        result = getattr(ufunc, method)(*plain, **kwargs)
        return result if isinstance(result, tuple) or result is None else Array.of(result)

    def __ranvier_value__(self) -> Any:
        return watched(self)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))


def watch(array: Any, trace: Trace) -> Node:
    """Let a trace take an array for a node from now on; return the node.

    Raises:
        TraceError: if it is no array of ours, which alone can tell what is done with it.
    """
    if not isinstance(array, Array):
        raise TraceError(
            f"watch: got {array!r:.60} of type {type(array).__name__}, whose use nothing tells. "
            "Watch a Variable, or what ranvier.ops.convert_to_tensor(x) returns."
        )
    array.__class__ = Watched
    if id(array) not in trace.watched:
        live = isinstance(trace, LiveTrace)
        node = live_input(array, "watched") if live else const_node(array)
        trace.watched[id(array)] = (array, node)
    return trace.watched[id(array)][1]


def watched(array: Watched) -> Any:
    """Return the node that stands for an array in the running trace, or the array as it is."""
    trace = current()
    held = None if trace is None else trace.watched.get(id(array))
    return np.asarray(array) if held is None else held[1]


def live_input(array: np.ndarray, name: str, dtype: str | None = None) -> LiveNode:
    """Return a node with the value of an array, in an element type or its own."""
    kind = dtype or dt.canonical(array.dtype)
    value = np.array(array, kind, order="C")
    attrs = {"name": name, "shape": value.shape, "dtype": kind}
    return LiveNode(INPUT, (), attrs, Aval(value.shape, kind), value)


def value_of(node: Node) -> np.ndarray:
    """Return the value of a node; one made of variables alone is computed now."""
    if isinstance(node, LiveNode):
        return node.value
    if node.op is CONST:
        return node.attrs["value"].array
    if node.op is VARIABLE:
        return node.attrs["variable"].numpy()
    return np.asarray(node.op.eval(*(value_of(x) for x in node.inputs), **node.attrs))


def alive(node: Node) -> LiveNode:
    """Return a node with its value at hand."""
    if isinstance(node, LiveNode):
        return node
    aval = Aval(node.shape, node.dtype)
    return LiveNode(node.op, node.inputs, node.attrs, aval, value_of(node))
