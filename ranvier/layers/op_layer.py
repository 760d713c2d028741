"""OpLayer: a function of `ranvier.ops`, or an operator, applied to KerasTensors."""

from __future__ import annotations

from typing import Any

from ..graph.naming import auto_name
from ..graph.op import Op
from ..graph.structure import flatten
from .call import Call
from .infer import infer
from .keras_tensor import KerasTensor
from .layer import Layer


class OpLayer(Layer):
    """A layer without weights around one function; `model.layers` leaves it out, as in Keras.

    Args:
        function: an Op or a function of ops.
        name: default the function's name, numbered.
    """

    def __init__(self, function: Any, name: str | None = None) -> None:
        word = function.name if isinstance(function, Op) else function.__name__
        super().__init__(name=name or auto_name(word))
        self.function, self.op_name = function, word
        self.built = True

    @property
    def class_name(self) -> str:
        """What Keras calls the operation: "Softmax", "FloorDivide"."""
        return "".join(part.capitalize() for part in self.op_name.split("_"))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any(isinstance(x, KerasTensor) for x in flatten([args, kwargs])):
            outputs = infer(self.function, args, kwargs, self.name)
            Call(self, args, kwargs, outputs)
            return outputs
        return self.function(*args, **kwargs)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Apply the function."""
        return self.function(*args, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the name and the function's name."""
        return {"name": self.name, "op": self.op_name}
