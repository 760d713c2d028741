"""The Op record: what one operation means, said once for every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple

from .errors import ArgumentTypeError
from .shape import Shape

#: leaf: no inputs. map: element by element. reduce: over axes. contract: products summed.
#: move: the same numbers elsewhere. index: positions taken from data. scan: in order along an axis.
#: loop: a graph of its own, step after step.
Kind = Literal["leaf", "map", "reduce", "contract", "move", "index", "scan", "loop"]

#: How `apply` prepares inputs: "same": promoted to one type; "number": the same, and bools become
#: int32; "float": promoted to one float type; "free": left as they are.
Operands = Literal["same", "number", "float", "free"]


class Aval(NamedTuple):
    """What is known of a value before it exists: its shape and dtype."""

    shape: Shape
    dtype: str


def _counted(n: int) -> str:
    return f"{n} operand{'s' if n != 1 else ''}"


@cache
def _apply() -> Callable[..., Any]:
    from .node import apply  # node.py needs Op to say its own leaves

    return apply


@dataclass(frozen=True, eq=False)
class Op:
    """One operation.

    Attributes:
        name: its name in graphs and messages.
        kind: which mechanism of an engine carries it out.
        infer: `(*inputs, **attrs) -> Aval`, or raises; inputs have `.shape` and `.dtype`.
        eval: `(*arrays, **attrs) -> array` in NumPy: the definition of correct.
        vjp: `(g, out, *inputs, **attrs) -> one gradient (or None) an input`, made of other ops.
        no_gradient: why there is no vjp; the gradient is then zero.
        scalar: for maps: `(words, *values, **attrs) -> value` in an engine's words.
        operands: how inputs are prepared.
        doc: the public docstring.
    """

    name: str
    kind: Kind
    infer: Callable[..., Aval]
    eval: Callable[..., Any]
    vjp: Callable[..., tuple[Any, ...]] | None = None
    no_gradient: str = ""
    scalar: Callable[..., Any] | None = None
    operands: Operands = "free"
    doc: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "__module__", "ranvier.ops")  # where pickle looks for it by name

    def __reduce__(self) -> str:
        return self.name

    def __call__(self, *inputs: Any, **attrs: Any) -> Any:
        """Apply the op: a Node where an input is symbolic, an Array otherwise."""
        if attrs:
            for name in ("x", "x1", "x2", "y"):  # as functions of Keras call their operands
                if name in attrs:
                    inputs = (*inputs, attrs.pop(name))
        if self.scalar is not None and (len(inputs), *attrs) != self._form:
            if len(inputs) != self._form[0] or sorted(attrs) != sorted(self._form[1:]):
                raise ArgumentTypeError(
                    f"{self.name}: got {_counted(len(inputs))} and the options {sorted(attrs)}, "
                    f"expected {_counted(self._form[0])} and the options {list(self._form[1:])}."
                )
        return _apply()(self, inputs, attrs)

    @cached_property
    def _form(self) -> tuple[Any, ...]:
        """How many operands a map takes, and the names of its attributes."""
        code = self.scalar.__code__  # type: ignore[union-attr]
        names = code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount]
        return (code.co_argcount - 1, *names)

    @property
    def __name__(self) -> str:
        """The name, as a function has one: layers and metrics name themselves after it."""
        return self.name

    def __repr__(self) -> str:
        return f"<Op {self.name}>"
