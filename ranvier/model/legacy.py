"""Whole models in the HDF5 form of Keras 2, to files and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.errors import ArgumentError, ModelFileError, warn
from ..save.config import is_operation
from ..save.hdf5 import memory_bound
from ..save.legacy import LegacyFile, LegacyModel, Named, pack_legacy
from ..save.legacy_config import modern_compile, modern_model
from ..save.text import count_values
from .restore import assign, in_order_of, slot_of

_MODELS = ("Sequential", "Functional")
# Keras 3.15 does not find the short names of losses in these files.
_LONG = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error",
}  # fmt: skip


# --- writing ------------------------------------------------------------------------------------
def pack_model(model: Any, config: dict[str, Any], include_optimizer: bool) -> bytes:
    """Return the bytes of a `.h5` file with a model.

    Args:
        model: a Sequential or functional model.
        config: the model's, as `serialize` gives it.
        include_optimizer: whether what `compile` was given, and the optimizer's state, is written.

    Raises:
        ArgumentError: for a model written as a subclass.
    """
    if config["class_name"] not in _MODELS or config["registered_name"] not in (*_MODELS, None):
        raise ArgumentError(
            f"save: got a {type(model).__name__}, but '.h5' files hold Sequential and functional "
            "models only. Save it as '.keras', or its weights by save_weights."
        )
    training, optimizer = None, None
    given = dict(config.get("compile_config") or {})
    if include_optimizer and "optimizer" in given:
        given["loss"] = _spelt_out(given.get("loss"))
        training = {"loss_weights": None, "optimizer_config": given.pop("optimizer"), **given}
        optimizer = _named(model.optimizer.variables)
    return pack_legacy(LegacyModel(
        _stripped(config), training, {x.name: _named(_weights(x)) for x in model.layers},
        _named(_own(model)), optimizer,
    ))  # fmt: skip


def _spelt_out(loss: Any) -> Any:
    if isinstance(loss, (list, tuple)):
        return [_spelt_out(one) for one in loss]
    if isinstance(loss, Mapping):
        return {key: _spelt_out(one) for key, one in loss.items()}
    return _LONG.get(loss, loss) if isinstance(loss, str) else loss


def _stripped(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer's config without the module that Keras 2 did not know."""
    if is_operation(one):
        return dict(one)  # Keras 3 finds operations by their module alone
    inner, is_model = one["config"], one["class_name"] in _MODELS
    if is_model and "layers" in inner:
        inner = {**inner, "layers": [_stripped(layer) for layer in inner["layers"]]}
    word = one["class_name"] if is_model else one["registered_name"] or one["class_name"]
    rest = {key: one[key] for key in ("name", "inbound_nodes") if key in one}
    return {"class_name": word, "config": inner, **rest}


def _named(variables: list[Any]) -> Named:
    used: Counter[str] = Counter()
    found = []
    for variable in variables:
        name = variable.path
        found.append((f"{name}_{used[name]}" if used[name] else name, variable.numpy()))
        used[name] += 1
    return found


# --- reading ------------------------------------------------------------------------------------
def load_legacy(file: LegacyFile, size: int, custom_objects: Any, compile: bool) -> Any:
    """Return the model that a `.h5` file holds.

    Args:
        file: the file.
        size: how many bytes it has, which bounds the weights.
        custom_objects: the caller's classes and functions by name.
        compile: whether the model is compiled as it was.
    """
    from .load import built_model, compile_as_saved

    config, training = file.configs()
    with budget.limited(memory_bound(size), count_values(config), True):
        model = built_model(modern_model(config, file.name), custom_objects, file.name)
        if compile and training:
            given = modern_compile(training, file.name)
            compile_as_saved(model, given, custom_objects, file.name)
        read_by_order(model, file)
        if compile and training:
            _read_optimizer(model, file)
    return model


def read_by_order(model: Any, file: LegacyFile, skip_mismatch: bool = False) -> None:
    """Read the weights of all layers in their order, whatever their names; all or none.

    Raises:
        ModelFileError: if the file is damaged or was saved from another model.
    """
    layers = [layer for layer in model.layers if _weights(layer)]
    names = [name for name in file.layers() if file.names(name)]
    if len(names) != len(layers):
        raise file.failure(
            f"it holds weights of {len(names)} layers, the model has {len(layers)} with weights. "
            "The file was saved from another model; by_name=True reads the layers that both have."
        )
    pairs = [(name, layer, _weights(layer)) for name, layer in zip(names, layers, strict=True)]
    _assign(model, file, pairs, skip_mismatch)


def read_by_name(model: Any, file: LegacyFile, skip_mismatch: bool = False) -> None:
    """Read the weights of layers whose names are in the file; the others stay as they are.

    Raises:
        ModelFileError: if the file is damaged, or a layer of the same name has other weights.
    """
    known = {layer.name: layer for layer in model.layers}
    names = [name for name in file.layers() if name in known]
    pairs = [(name, known[name], _weights(known[name])) for name in names]
    _assign(model, file, pairs, skip_mismatch)


def _assign(model: Any, file: LegacyFile, pairs: list[Any], skip_mismatch: bool) -> None:
    taken: list[tuple[Any, np.ndarray]] = []
    skipped = []
    for name, layer, variables in pairs:
        try:
            arrays = file.read(name, [slot_of(v) for v in variables])
        except ModelFileError as error:
            if not skip_mismatch:
                raise
            skipped.append(f"'{layer.name}': {error}")
            continue
        taken.extend(zip(variables, arrays, strict=True))
    own = _own(model)
    if own and len(file.own_names()) == len(own):
        taken.extend(zip(own, file.read_own([slot_of(v) for v in own]), strict=True))
    assign(taken, skipped)


def _read_optimizer(model: Any, file: LegacyFile) -> None:
    """Read the optimizer's state; where it has another form, say so and let it start anew."""
    names = file.optimizer_names()
    if not names:
        return
    optimizer = model.optimizer
    if len(names) > 2:
        optimizer.build(model.trainable_variables)
    variables = list(optimizer.variables)
    if len(names) == len(variables) - 1:  # Keras 2 wrote no learning rate
        variables = [v for v in variables if v.name != "learning_rate"]
    elif len(names) == len(variables) > 2:
        variables = in_order_of(variables, file.optimizer_shape(2))
    # The optimizers of Keras before 2.11 counted `iter`, and kept their slots in another order.
    is_new = names[0].partition(":")[0].endswith("iteration")
    try:
        if not is_new:
            raise ModelFileError("its state is that of an optimizer before Keras 2.11.")
        arrays = file.read_optimizer([slot_of(v) for v in variables])
    except ModelFileError as error:
        if "checksum" in str(error):
            raise
        warn(f"load: optimizer '{optimizer.name}' starts anew: {error}", UserWarning)
        return
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _weights(layer: Any) -> list[Any]:
    """Return a layer's weights in the order of these files: trained ones first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _own(model: Any) -> list[Any]:
    return [*model._trainable_variables, *model._non_trainable_variables]
