"""Steps run one by one with values at hand, so that prints and breakpoints in user code work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph import Aval, Node, Op, Trace, Variable
from ..graph import dtype as dt
from ..graph.array import Array
from ..graph.node import CONST, INPUT, VARIABLE, as_value, promoted, typed
from .step import BODIES, Specs


class LiveNode(Node):
    """A node that already knows its value: a graph for gradients, an array for the user."""

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
        values = [as_value(x) for x in inputs]
        target = None
        if op.operands != "free":
            target = promoted(values, True)
            if op.operands == "float" and target is not None and not dt.is_float(target):
                target = dt.floatx()
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

    def read(self, variable: Variable) -> Node:
        """Return the variable's value at this point of the step."""
        if variable not in self.updates and variable not in self._leaves:
            aval = Aval(variable.shape, variable.dtype)
            attrs = {"variable": variable, "shape": variable.shape, "dtype": variable.dtype}
            self._leaves[variable] = LiveNode(VARIABLE, (), attrs, aval, variable.numpy())
        return super().read(variable)


def value_of(node: Node) -> np.ndarray:
    """Return the value of a node; one made of variables alone is computed now."""
    if isinstance(node, LiveNode):
        return node.value
    if node.op is CONST:
        return node.attrs["value"].array
    if node.op is VARIABLE:
        return node.attrs["variable"].numpy()
    return np.asarray(node.op.eval(*(value_of(x) for x in node.inputs), **node.attrs))


class EagerProgram:
    """A step without compiled code: each op computes as Python reaches it.

    Args:
        model: the model.
        kind: "train", "test" or "predict".
        specs: what data the step takes.
    """

    def __init__(self, model: Any, kind: str, specs: Specs) -> None:
        self.model, self.kind, self.specs = model, kind, specs
        self.outputs = [
            ((None, *t.shape[1:]), str(t.dtype)) for t in model.known_outputs()
        ] if kind == "predict" else []  # fmt: skip

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run the steps; see `engines.api.Program.run`."""
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            outputs = self._step([array[rows] for array in data])
            for target, node in zip(out, outputs, strict=bool(out)):
                target[start : start + len(rows)] = value_of(node)

    def _step(self, arrays: list[np.ndarray]) -> list[Any]:
        taken = iter(arrays)

        def live(specs: Sequence[Any], kind: str) -> list[Any]:
            return [None if s is None else _entered(next(taken), s.dtype, f"{kind}{i}")
                    for i, s in enumerate(specs)]  # fmt: skip

        x, y, w = live(self.specs.x, "x"), live(self.specs.y, "y"), live(self.specs.weights, "w")
        with LiveTrace() as trace:
            outputs = BODIES[self.kind](self.model, trace, x, y, w)
        values = [(variable, value_of(node)) for variable, node in trace.updates.items()]
        for variable, value in values:
            variable.assign(value)
        return outputs


def _entered(array: np.ndarray, dtype: str, name: str) -> LiveNode:
    value = np.ascontiguousarray(array, dtype)
    attrs = {"name": name, "shape": value.shape, "dtype": dtype}
    return LiveNode(INPUT, (), attrs, Aval(value.shape, dtype), value)
