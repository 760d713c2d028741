"""A trace: while one runs, variables stand for nodes and assignments become updates."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .node import VARIABLE, Node, const_node
from .op import Aval

if TYPE_CHECKING:
    from .variable import Variable

_LOCAL = threading.local()


class Trace:
    """Collects what a step reads and writes. Used as a context, one a thread, nested if need be.

    Example:
        >>> with Trace() as trace:
        ...     pass
        >>> trace.updates
        {}
    """

    def __init__(self) -> None:
        self._leaves: dict[Variable, Node] = {}
        self.updates: dict[Variable, Node] = {}
        #: Arrays that gradients are wanted of, with the nodes that stand for them; see live.py.
        self.watched: dict[int, tuple[Any, Node]] = {}
        #: Layers with a table, each with the node of the numbers that it looks up.
        self.lookups: list[tuple[Any, Node]] = []

    def read(self, variable: Variable) -> Node:
        """Return the variable's value at this point of the step."""
        if variable in self.updates:
            return self.updates[variable]
        return self.leaf(variable)

    def leaf(self, variable: Variable) -> Node:
        """Return the variable's value at the start of the step."""
        if variable not in self._leaves:
            attrs = {"variable": variable, "shape": variable.shape, "dtype": variable.dtype}
            aval = Aval(variable.shape, variable.dtype)
            self._leaves[variable] = Node(VARIABLE, (), attrs, aval)
        return self._leaves[variable]

    def assign(self, variable: Variable, value: object) -> None:
        """Record that the step ends with `value` in the variable."""
        node = value if isinstance(value, Node) else const_node(value, variable.dtype)
        self.updates[variable] = node

    def __enter__(self) -> Trace:
        stack = _LOCAL.__dict__.setdefault("stack", [])
        stack.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        _LOCAL.stack.pop()


def current() -> Trace | None:
    """Return the running trace of this thread, or None."""
    stack = getattr(_LOCAL, "stack", None)
    return stack[-1] if stack else None


@contextmanager
def untraced() -> Iterator[None]:
    """Let ops and variables work on numbers inside a trace: weights are made while one runs."""
    stack = _LOCAL.__dict__.setdefault("stack", [])
    stack.append(None)
    try:
        yield
    finally:
        stack.pop()
