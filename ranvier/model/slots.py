"""What a model expects as inputs and targets, in the words of the room of data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data import Slot, Table
from ..graph.errors import DataError
from ..graph.structure import flatten, joined, packed, paths
from ..layers.embedding import Embedding
from ..layers.lambda_layer import Lambda
from ..layers.normalization import Normalization
from ..layers.op_layer import OpLayer
from . import output_loss
from .own import is_own, writes_steps

#: Layers after which the scale of the input does not matter.
_SCALING = ("Normalization", "Rescaling", "BatchNormalization", "Embedding", "LayerNormalization",
            "CategoryEncoding", "Discretization", "TextVectorization", "StringLookup",
            "IntegerLookup", "Hashing", "HashedCrossing")  # fmt: skip
#: Layers that leave the scale as it is.
_PASSING = ("InputLayer", "Flatten", "Reshape", "Permute", "RepeatVector", "Identity", "Dropout",
            "Masking", "Resizing", "CenterCrop", "RandomFlip", "RandomCrop", "RandomRotation",
            "RandomTranslation", "RandomZoom", "RandomContrast", "RandomBrightness",
            "Cropping1D", "Cropping2D", "ZeroPadding1D", "ZeroPadding2D")  # fmt: skip


def inputs_for(model: Any, x: Any) -> list[Slot]:
    """Return the model's inputs; before it is built, what the structure of `x` says."""
    known = inputs_of(model)
    if known:
        return known
    if model.takes_several and _is_nested(x):
        return [Slot(joined(path), path=path) for path in paths(x)]
    if isinstance(x, Mapping):
        return [Slot(str(key)) for key in sorted(x)]
    if isinstance(x, (list, tuple)) and len(x) > 1 and all(_is_array(one) for one in x):
        if model.takes_several:
            return [Slot(f"input_{i + 1}") for i in range(len(x))]
    return [Slot("x")]


def _is_nested(x: Any) -> bool:
    parts = x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else ()
    nested = any(isinstance(part, (dict, list, tuple)) for part in parts)
    return nested and all(map(_is_array, flatten(x)))


def _is_array(x: Any) -> bool:
    return hasattr(x, "shape") and len(x.shape) > 0


def inputs_of(model: Any) -> list[Slot]:
    """Return a slot an input; none while they are unknown."""
    tensors = model.known_inputs()
    if not tensors:
        return []
    places = zip(tensors, model.step_input_names, model.input_paths, strict=True)
    return [_input(model, *place) for place in places]


def _input(model: Any, tensor: Any, name: str, path: tuple[Any, ...]) -> Slot:
    """Return an input's slot, with the smallest table that reads it, else its first reader."""
    slot = Slot(name, (None, *tensor.shape[1:]), path=path)
    if not len(tensor.shape):
        return slot
    tables = _tables(model, tensor)
    if tables:
        table = min(tables, key=lambda table: table.input_dim)
        return slot._replace(layer=_called(table), below=table.input_dim)
    readers = _readers(model, tensor)
    return slot._replace(layer=_called(readers[0])) if readers else slot


def outputs_of(model: Any) -> list[Slot]:
    """Return a slot an output, with its loss; none while they are unknown."""
    tensors = model.known_outputs()
    if not tensors:
        return []
    names = model.step_output_names
    losses, there, found = losses_of(model), model.output_paths, []
    for tensor, name, loss, path in zip(tensors, names, losses, there, strict=True):
        needed = loss is not None or len(names) == 1
        found.append(
            Slot(name, (None, *tensor.shape[1:]), _maker(tensor), loss_name(loss), needed,
                 getattr(loss, "ignore_class", None), path=path)
        )  # fmt: skip
    return found


def losses_of(model: Any) -> list[Any]:
    """Return the loss of each output as `compile` got it, None for an output without one."""
    names, compiled = model.step_output_names, model.compiled_step
    if compiled is None or compiled.loss is None:
        return [None] * len(names)
    return output_loss.of_outputs(model.by_output(compiled.loss), names)


def targets_of(model: Any, y: Any) -> list[Slot]:
    """Return a slot a target: one an output, or, for steps of the user's own, what `y` says."""
    outputs = outputs_of(model)
    if y is None or not (is_own(model, "train") or is_own(model, "test")):
        return outputs
    if model.by_output(y) is not y:  # it has the structure of nested outputs
        return outputs
    names = [str(key) for key in sorted(y)] if isinstance(y, Mapping) else ["y"]
    if isinstance(y, (list, tuple)) and len(y) > 1 and all(_is_array(one) for one in y):
        names = [f"y_{i + 1}" for i in range(len(y))]
    if model.target_form is not None:
        model.target_form = None
    if len(names) == len(outputs):
        return outputs
    if names != ["y"] or isinstance(y, Mapping):
        model.target_form = packed(y, list(range(len(names))))
    return [Slot(name, needed=False) for name in names]


def need_targets(model: Any, table: Table, where: str = "") -> None:
    """Refuse data without the targets that a loss needs.

    Raises:
        DataError: with the output and its loss.
    """
    compiled = model.compiled_step
    if compiled is None or compiled.loss is None:
        return
    names = model.step_output_names
    targets = [*table.y, *[None] * (len(names) - len(table.y))]
    if all(y is not None for y in targets) or is_own(model, "train"):
        return
    for y, name, loss in zip(targets, names, losses_of(model), strict=False):
        if y is None and loss is not None:
            called = loss if isinstance(loss, str) else getattr(loss, "name", "the loss")
            of = f" for '{name}'" if len(names) > 1 else ""
            raise DataError(
                f"{where}y{of}: got None, but {called!r:.40} compares the output with targets. "
                f"{_way_to_targets(where)}"
            )


def _way_to_targets(where: str) -> str:
    if "batch" in where:
        return "Let each batch be a pair, (x, y)."
    if where:
        return "Write validation_data=(x, y)."
    return "Give them as the second argument, for instance fit(x, y)."


def loss_name(loss: Any) -> str:
    """Return the name of a known loss, "" for a loss of the user's own."""
    if isinstance(loss, str):
        return loss
    function = getattr(loss, "fn", loss)
    if str(getattr(function, "__module__", "")).startswith("ranvier."):
        return str(getattr(function, "__name__", ""))
    return ""


def _maker(tensor: Any) -> str:
    history = getattr(tensor, "history", None)
    return "" if history is None else _called(history[0].layer)


def _readers(model: Any, tensor: Any) -> list[Any]:
    """Return the layers that read a tensor."""
    return [
        layer for layer in model.layers for call in layer._calls if not call.is_input
        if any(x is tensor for x in call.inputs)
    ]  # fmt: skip


def _tables(model: Any, tensor: Any) -> list[Embedding]:
    """Return the tables that look a tensor up, unless steps of the user's own may change it."""
    if writes_steps(model):
        return []
    return [
        layer for layer in model._flat_layers() if isinstance(layer, Embedding)
        if any(x is tensor for x in layer._lookups)
    ]  # fmt: skip


def _called(layer: Any) -> str:
    return f"{type(layer).__name__} '{layer.name}'"


def is_scaled(model: Any) -> bool:
    """Tell whether the model scales its input itself, so that raw values are no mistake."""
    notes = model._inventory().notes
    if "scaled" in notes:
        return notes["scaled"]
    scaled = bool(_scales(model))
    layers = model._flat_layers()
    if all(layer.adapted for layer in layers if isinstance(layer, Normalization)):
        notes["scaled"] = scaled  # else one may be adapted later
    return scaled


def _scales(layer: Any) -> bool | None:
    """Tell whether a layer, or the layers inside, scale what they get; None: pass it on as it is.

    A function of the user's own may, and a layer of the user's own does if one inside does.
    """
    kind = type(layer).__name__
    if isinstance(layer, Normalization) and not layer.adapted:
        return None
    if kind in _SCALING or isinstance(layer, (OpLayer, Lambda)):
        return True
    if kind in _PASSING:
        return None
    if not hasattr(layer, "layers"):
        return any(_scales(inner) for inner in layer._sublayers())
    found = map(_scales, getattr(layer, "operations", None) or layer.layers)
    return next((one for one in found if one is not None), None)
