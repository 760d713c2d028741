"""The record of one symbolic call of a layer: what went in, what came out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph.copied import Slotted
from ..graph.structure import flatten, mapped, packed
from .keras_tensor import KerasTensor


class Call(Slotted):
    """One call of a layer on KerasTensors; it signs its outputs with their history.

    Attributes:
        layer: what was called.
        args, kwargs: its arguments, KerasTensors among them.
        inputs: the KerasTensors among the arguments, in order.
        outputs: the KerasTensors that came out, in order.
    """

    __slots__ = ("layer", "args", "kwargs", "inputs", "outputs", "structure", "__weakref__")

    def __init__(
        self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], outputs: Any
    ) -> None:
        self.layer, self.args, self.kwargs = layer, args, kwargs
        self.inputs = [x for x in flatten([args, kwargs]) if isinstance(x, KerasTensor)]
        self.structure = outputs
        self.outputs = flatten(outputs)
        for index, tensor in enumerate(self.outputs):
            if isinstance(tensor, KerasTensor):
                tensor.history = (self, index)
        layer._calls.append(self)

    @property
    def is_input(self) -> bool:
        """Whether nothing goes in: the call of an InputLayer."""
        return not self.inputs

    def filled(self, read: Callable[[KerasTensor], Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the arguments with each KerasTensor replaced by what `read` returns for it."""

        def value(x: Any) -> Any:
            return read(x) if isinstance(x, KerasTensor) else x

        return mapped(value, self.args), mapped(value, self.kwargs)

    def input_struct(self) -> Any:
        """Return the one input tensor, or the tensors in the structure they were given in."""
        if len(self.args) == 1 and len(flatten(self.args)) == len(self.inputs):
            return self.args[0]
        return self.inputs[0] if len(self.inputs) == 1 else self.inputs

    def output_struct(self) -> Any:
        """Return the outputs in the structure they came in."""
        return packed(self.structure, self.outputs)

    def __repr__(self) -> str:
        return f"<Call of {self.layer.name}>"
