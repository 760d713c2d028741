"""Functional: a model made of KerasTensors, with several inputs and outputs if need be."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import DataError, nearest, warn
from ..graph.naming import auto_name
from ..graph.node import Node, cast
from ..graph.structure import flatten, numbered
from ..layers.call import Call
from ..layers.function import Function
from ..layers.keras_tensor import KerasTensor
from ..layers.layer import Layer
from .model import Model


class Functional(Model):
    """What `Model(inputs, outputs)` returns.

    Args:
        inputs: a KerasTensor, or a list, tuple or dict of them.
        outputs: KerasTensors computed from the inputs.
        name: default "functional", numbered.
        trainable: whether the weights are trained; default True.

    Source: keras.src.models.Functional.
    """

    _public_name = ("keras.src.models.functional", "Functional")

    def __init__(
        self, inputs: Any, outputs: Any, name: str | None = None, trainable: bool = True,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        Layer.__init__(self, name=name or auto_name("functional"), trainable=trainable, **kwargs)
        self._prepare_model()
        self._set_function(Function(inputs, outputs))
        if not trainable:
            self.trainable = False

    def _set_function(self, function: Function) -> None:
        self._function = function
        self._enter_function(function)
        self._members = function.operations
        struct = function.input_struct
        self._input_form = None if isinstance(struct, KerasTensor) else numbered(struct)
        self.output_form = unpacked(numbered(function.output_struct))
        _check_keys(function.input_struct)
        self.built = True

    @property
    def operations(self) -> list[Layer]:
        """Every layer and operation, in the order in which a summary shows them."""
        return self._function.operations

    @property
    def calls(self) -> list[Call]:
        """The calls of layers that make up the model, in the order in which they run."""
        return self._function.calls

    def maker(self, tensor: KerasTensor) -> Call:
        """Return the call that makes a tensor in this model: an Input's where it begins."""
        history = self._function.source(tensor).history
        assert history is not None  # the model could not have been made
        return history[0]

    @property
    def layers(self) -> list[Layer]:
        """The layers of the model, inputs among them."""
        return list(self._function.layers)

    @property
    def inputs(self) -> list[KerasTensor]:
        """The input tensors, flat."""
        return list(self._function.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The output tensors, flat."""
        return list(self._function.outputs)

    @property
    def input(self) -> Any:
        """The input tensors, in their structure."""
        return self._function.input_struct

    @property
    def output(self) -> Any:
        """The output tensors, in their structure."""
        return self._function.output_struct

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs."""
        return [x.name for x in self._function.inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the layers that make the outputs."""
        return [y.history[0].layer.name for y in self._function.outputs if y.history]

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Compute the outputs."""
        if self._front is not None:
            return unpacked(self._front.run(inputs, training, mask))
        values = self.arranged(inputs)
        fitted = [fit_rank(x, t) for x, t in zip(values, self._function.inputs, strict=True)]
        return unpacked(self._function.run(fitted, training=training, mask=mask))

    def arranged(self, inputs: Any) -> list[Any]:
        """Return the inputs flat, in the model's order, from a dict by name or a structure.

        Raises:
            DataError: if there are too few or too many, or a name is unknown.
        """
        tensors, form = self._function.inputs, self._function.input_struct
        if isinstance(inputs, dict) and not isinstance(form, dict):
            names = [t.name for t in tensors]
            missing = [name for name in names if name not in inputs]
            if missing:
                raise DataError(
                    f"Model '{self.name}': got inputs named {list(inputs)}, but '{missing[0]}' is "
                    f"missing. {nearest(missing[0], inputs)}"
                )
            return [inputs[name] for name in names]
        if isinstance(inputs, dict) and set(inputs) != set(form):
            inputs = {key: inputs[key] for key in form if key in inputs}
        values = flatten(inputs)
        if len(values) != len(tensors):
            raise DataError(
                f"Model '{self.name}': got {len(values)} inputs, expected {len(tensors)}: "
                f"{[t.name for t in tensors]}."
            )
        return values

    def build(self, input_shape: Any = None) -> None:
        """Do nothing: a functional model is built as it is made."""
        self.built = True

    def get_config(self) -> dict[str, Any]:
        """Return layers, their connections, inputs and outputs, as plain data."""
        from .network_config import network_config

        return network_config(self)


def unpacked(outputs: Any) -> Any:
    """Return the only output of a list or tuple; `Model(x, [y])` gives arrays, as in Keras."""
    return outputs[0] if isinstance(outputs, (list, tuple)) and len(outputs) == 1 else outputs


def fit_rank(x: Any, tensor: KerasTensor) -> Any:
    """Return x in the dtype and with the number of axes that the input has."""
    rank, wanted = len(x.shape), len(tensor.shape)
    if rank == wanted + 1 and x.shape[-1] == 1:
        x = ops.squeeze(x, axis=-1)
    elif rank == wanted - 1 and tensor.shape[-1] == 1:
        x = ops.expand_dims(x, axis=-1)
    if isinstance(x, KerasTensor) or str(x.dtype) == tensor.dtype:
        return x
    return cast(x, tensor.dtype) if isinstance(x, Node) else ops.cast(x, tensor.dtype)


def _check_keys(inputs: Any) -> None:
    if isinstance(inputs, dict):
        for key, tensor in inputs.items():
            if isinstance(tensor, KerasTensor) and key != tensor.name:
                warn(
                    f"Model, `inputs`: the key {key!r} names an Input called '{tensor.name}'. Give "
                    f"both one name: Input(..., name={key!r}).",
                    UserWarning,
                )
