"""Front: the layers at a model's beginning that run in NumPy, before the compiled steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..graph.errors import DataError, nearest
from ..graph.structure import flatten
from ..layers.function import Function
from ..layers.keras_tensor import KerasTensor
from ..layers.preparation import Preparation, is_text


class Front:
    """The calls of `Preparation` layers that depend on inputs alone.

    Attributes:
        tensors: where the compiled part begins: outputs of these calls, and the inputs that other
            layers take.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        ready: dict[KerasTensor, None] = dict.fromkeys(function.inputs)
        self._calls = []
        used: dict[KerasTensor, None] = {}
        for call in function.calls:
            sources = [function.source(x) for x in call.inputs]
            if call.is_input:
                continue
            if isinstance(call.layer, Preparation) and all(x in ready for x in sources):
                self._calls.append(call)
                ready.update(dict.fromkeys(call.outputs))
            else:
                used.update((x, None) for x in sources if x in ready)
        used.update((y, None) for y in function.outputs if y in ready)
        self.tensors = [x for x in ready if x in used]

    @staticmethod
    def of(function: Function) -> Front | None:
        """Return the front of a function, or None if all of it can be compiled."""
        front = Front(function)
        return front if front._calls else None

    def prepared(self, x: Any, place: str) -> list[Any]:
        """Return the values of `tensors` for what a user passed as inputs.

        Raises:
            DataError: if there are too few or too many inputs, or a name is unknown.
        """
        values = self._arranged(x, place)
        known: dict[KerasTensor, Any] = dict(zip(self.function.inputs, values, strict=True))
        for call in self._calls:
            args, kwargs = call.filled(lambda t: known[self.function.source(t)])
            known[call.outputs[0]] = np.asarray(call.layer(*args, **kwargs))
        return [known[tensor] for tensor in self.tensors]

    def is_prepared(self, x: Any) -> bool:
        """Tell whether these are values of `tensors` already: no text where text belongs."""
        leaves = flatten(x)
        texts = any(tensor.dtype == "string" for tensor in self.function.inputs)
        return texts and len(leaves) == len(self.tensors) and not any(map(is_text, leaves))

    def run(self, values: Any, training: bool | None, mask: Any) -> Any:
        """Return the outputs of the function for values of `tensors`."""
        return self.function.run(values, training, mask, at=self.tensors)

    def _arranged(self, x: Any, place: str) -> list[Any]:
        """Return one value for each input of the model."""
        tensors = self.function.inputs
        if isinstance(x, Mapping):
            form = self.function.input_struct
            names = list(form) if isinstance(form, dict) else [t.name for t in tensors]
            missing = [name for name in names if name not in x]
            if missing:
                raise DataError(
                    f"{place}: the input '{missing[0]}' is missing. {nearest(missing[0], x)}"
                )
            order = sorted(names) if isinstance(form, dict) else names
            return [x[name] for name in order]
        if len(tensors) == 1:
            alone = isinstance(x, (list, tuple)) and len(x) == 1 and np.ndim(x[0]) > 0
            return [x[0] if alone and hasattr(x[0], "shape") else x]
        if not isinstance(x, (list, tuple)) or len(x) != len(tensors):
            got = len(x) if isinstance(x, (list, tuple)) else 1
            raise DataError(
                f"{place}: got {got} inputs, expected {len(tensors)}: {[t.name for t in tensors]}."
            )
        return list(x)


def row_shape(x: Any) -> tuple[int | None, ...]:
    """Return the shape of texts or keys with the batch axis open."""
    array = np.asarray(x.to_numpy() if hasattr(x, "to_numpy") else x, dtype=object)
    return (None, *array.shape[1:])
