"""Copies of models: the same layers and connections, with new weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph.errors import ArgumentTypeError
from ..graph.foreign import instead
from ..graph.function import takes
from ..graph.structure import flatten, mapped, packed
from ..layers.input_layer import Input, InputLayer
from ..layers.keras_tensor import KerasTensor
from ..layers.op_layer import OpLayer
from .functional import Functional
from .model import Model
from .sequential import Sequential


def clone_model(
    model: Model,
    input_tensors: Any = None,
    clone_function: Callable[[Any], Any] | None = None,
    call_function: Any = None,
    recursive: bool = False,
) -> Model:
    """Return a new model with new layers like those of `model`, with weights of their own.

    Args:
        model: a model; one written as a class is made anew from its config. It is not changed,
            and its weights are not copied: use `clone.set_weights(model.get_weights())`.
        input_tensors: KerasTensors to build on instead of new inputs.
        clone_function: what makes a new layer from a layer; default one with the same config.
        call_function: accepted as in Keras, for functional models: (layer, *args, **kwargs).
        recursive: whether `clone_function` also gets the layers of inner models.

    Raises:
        ArgumentTypeError: for other arguments with a model written as a class.

    Example:
        >>> from ranvier.layers import Dense, Input
        >>> model = Sequential([Input(shape=(2,)), Dense(1)])
        >>> clone_model(model).count_params()
        3

    Source: keras.models.clone_model.
    """

    def new(layer: Any) -> Any:
        if recursive and isinstance(layer, Model):
            return clone_model(layer, clone_function=clone_function, recursive=True)
        if isinstance(layer, OpLayer):
            return OpLayer(layer.function, name=layer.name)
        if clone_function is not None and not isinstance(layer, InputLayer):
            return takes(clone_function, "clone_model, `clone_function`", "layer")(layer)
        return type(layer).from_config(layer.get_config())

    if isinstance(model, Sequential):
        return _sequential(model, input_tensors, new)
    if isinstance(model, Functional):
        return _functional(model, input_tensors, new, call_function)
    given = {"input_tensors": input_tensors, "clone_function": clone_function,
             "call_function": call_function}  # fmt: skip
    for name, value in given.items():
        if value is not None:
            raise ArgumentTypeError(
                f"clone_model, `{name}`: it is for Sequential and functional models only. A "
                f"{type(model).__name__} calls its layers itself, and is made from its config."
            )
    if not isinstance(model, Model):
        raise ArgumentTypeError(
            f"clone_model, `model`: got {model!r:.60}, expected a model.{instead(model)}"
        )
    return new(model)


def _sequential(model: Sequential, input_tensors: Any, new: Callable[[Any], Any]) -> Sequential:
    clone = type(model)(name=model.name)
    if input_tensors is not None:
        clone._append(flatten(input_tensors)[0])
    for layer in model._stack:
        if not (isinstance(layer, InputLayer) and input_tensors is not None):
            clone._append(new(layer))
    clone._build_if_known()
    return clone


def _functional(
    model: Functional, input_tensors: Any, new: Callable[[Any], Any], call_function: Any
) -> Model:
    tensors = [
        Input(batch_shape=t.shape, dtype=t.dtype, name=t.name) for t in model.inputs
    ] if input_tensors is None else flatten(input_tensors)  # fmt: skip
    known: dict[KerasTensor, Any] = dict(zip(model.inputs, tensors, strict=True))
    clones: dict[int, Any] = {}
    for call in model.calls:
        if any(y in known for y in call.outputs):
            continue
        if id(call.layer) not in clones:
            clones[id(call.layer)] = new(call.layer)
        layer = clones[id(call.layer)]
        args, kwargs = call.filled(known.__getitem__)
        if call_function is None:
            made = layer(*args, **kwargs)
        else:
            names = [f"input_{i + 1}" for i in range(len(args))]
            takes(call_function, "clone_model, `call_function`", "layer", *names, **kwargs)
            made = call_function(layer, *args, **kwargs)
        known.update(zip(call.outputs, flatten(made), strict=True))
    inputs = packed(model.input, tensors)
    outputs = mapped(known.__getitem__, model.output)
    return Functional(inputs, outputs, name=model.name)
