"""Models and weights to files."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, NotBuiltError, warn
from ..graph.path import path_of
from ..save import atomic
from ..save.config import own_names, serialize
from ..save.keras import pack_keras
from ..save.weights import Part, pack_weights
from .legacy import pack_model
from .named import FORMS, named_arrays
from .parts import Owner, owners

_LEGACY = (".h5", ".hdf5")


def save_model(model: Any, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
    """Write a model to a `.keras` file: layers, weights, and what `compile` was given.

    The file appears whole or not at all, and opens in Keras 3 too.

    Args:
        model: a model; its weights are written as far as they are made.
        filepath: a path that ends in ".keras" (or ".h5", the form of Keras 2, with a warning), or
            a binary file to write to.
        overwrite: whether a file of that name is replaced; default True.
        **kwargs: for ".h5" alone `include_optimizer`, default True; `save_format` "keras" or "h5"
            and `zipped` True say what the path says.

    Raises:
        ArgumentError: for a path with another ending, or a model with parts that have no config.
        OSError: if the file cannot be written; it names the file, and the old one stays as it was.

    Source: keras.saving.save_model.
    """
    if isinstance(filepath, io.TextIOBase):
        raise ArgumentError(
            "save, `filepath`: got a file opened as text, expected one opened as binary: "
            "open(name, 'wb'). Or give its name, and the file appears whole or not at all."
        )
    if not hasattr(filepath, "write"):
        filepath = path_of("save", "filepath", filepath)
        check_overwrite(filepath, overwrite)
    is_legacy = _is_legacy(filepath, kwargs)
    if not model.built:
        warn(
            f"save: model '{model.name}' was not built yet, so its file holds no weights. Call it "
            "on data, or give it an Input, first.",
            UserWarning,
        )
    config = serialize(model)
    _warn_of_own_names(config, str(getattr(filepath, "name", filepath)))
    if is_legacy:
        _warn_of_form()
        content = pack_model(model, config, kwargs.get("include_optimizer", True))
    else:
        content = pack_keras(config, pack_weights(_parts(model)), _assets(model))
    if hasattr(filepath, "write"):
        filepath.write(content)
    else:
        atomic.write(filepath, content)


def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Write the weights of a model, and the state of its optimizer, to a `.weights.h5` file.

    Args:
        model: a model whose weights are made.
        filepath: a path that ends in ".weights.h5"; or in ".safetensors" or ".npz", which hold
            the weights alone, by names such as "layers/dense/kernel".
        overwrite: whether a file of that name is replaced; default True.

    Raises:
        ArgumentError: for a path with another ending.
        NotBuiltError: if the model has no weights yet.
        OSError: if the file cannot be written; it names the file, and the old one stays as it was.

    Source: keras.Model.save_weights.
    """
    filepath = path_of("save_weights", "filepath", filepath)
    _check_ending(filepath, "save_weights", (".weights.h5", *FORMS))
    check_overwrite(filepath, overwrite)
    check_built(model, "save_weights")
    ending = os.path.splitext(filepath)[1]
    if ending in FORMS:
        content = FORMS[ending](named_arrays(model))
    else:
        content = pack_weights(_parts(model))
    atomic.write(filepath, content)


def _parts(model: Any) -> list[Part]:
    return [
        Part(o.path, o.name, [v.numpy() for v in o.variables], _own_arrays(o))
        for o in owners(model)
    ]


def _own_arrays(owner: Owner) -> dict[str, np.ndarray]:
    """Return what a layer keeps beside its variables, for instance weights of words."""
    arrays = getattr(owner.layer, "save_own_arrays", None)
    return {} if arrays is None else arrays()


def _assets(model: Any) -> dict[str, bytes]:
    """Return the files of the layers that have some, vocabularies, by their path."""
    return {
        f"{owner.path}/{name}": content
        for owner in owners(model)
        if hasattr(owner.layer, "save_assets")
        for name, content in owner.layer.save_assets().items()
    }


def _warn_of_own_names(config: Any, name: str) -> None:
    """Say at once, and not when it is too late, that a file alone cannot be loaded again."""
    own = own_names(config, model_classes())
    if not own:
        return
    listed = ", ".join(repr(one) for one in own)
    has_lambda = any(one.startswith("<lambda") for one in own)
    ways = "write lambdas as functions with `def`, and " if has_lambda else ""
    warn(
        f"save: {name} can never be loaded by itself, since files hold no code and these names "
        f"are not registered: {listed}. Hand them over when loading, custom_objects="
        f"{{{own[0]!r}: ...}}; or {ways}decorate your classes and functions with "
        "@ranvier.saving.register_keras_serializable().",
        UserWarning,
    )


def _warn_of_form() -> None:
    warn(
        "save: the HDF5 form of Keras 2 ('.h5') is old: it holds neither models written as "
        "subclasses nor vocabularies. Unless another program asks for it, save as '.keras'.",
        UserWarning,
    )


def _is_legacy(filepath: Any, kwargs: Mapping[str, Any]) -> bool:
    """Tell whether a model is to be written in the form of Keras 2."""
    unknown = sorted(set(kwargs) - {"zipped", "save_format", "include_optimizer"})
    if unknown:
        raise ArgumentError(f"save: got the unknown argument `{unknown[0]}`.")
    form = kwargs.get("save_format")
    if kwargs.get("zipped") is False or form not in (None, "keras", "h5", "hdf5"):
        raise ArgumentError(
            f"save: got {kwargs!r:.80}. Models are written as '.keras' or '.h5' files only."
        )
    if hasattr(filepath, "write"):
        return form in ("h5", "hdf5")
    is_legacy = filepath.endswith(_LEGACY) and not filepath.endswith(".weights.h5")
    if not is_legacy:
        _check_ending(filepath, "save", (".keras",))
    if form is not None and is_legacy != (form in ("h5", "hdf5")):
        raise ArgumentError(
            f"save: got save_format={form!r} for {filepath!r}; the name says it all."
        )
    return is_legacy


def _check_ending(name: str, place: str, endings: tuple[str, ...]) -> None:
    if not name.endswith(endings):
        listed = ", ".join(f"'{ending}'" for ending in endings)
        stem = name
        for other in (".keras", ".h5", ".hdf5", ".ckpt", ".weights"):
            stem = stem.removesuffix(other)
        raise ArgumentError(
            f"{place}, `filepath`: got {name!r}, expected a name that ends in {listed}. Write "
            f"'{stem}{endings[0]}'."
        )


def check_overwrite(filepath: Any, overwrite: bool) -> None:
    """Refuse to replace a file where that was not wanted."""
    if not overwrite and os.path.exists(filepath):
        raise FileExistsError(17, "The file exists, and overwrite=False was given", str(filepath))


def model_classes() -> dict[str, Any]:
    """Return the classes of models that configs may name."""
    from .feature import Cross, Feature, PlainFloat
    from .feature_space import FeatureSpace
    from .functional import Functional  # models are saved by this file, which they import
    from .model import Model
    from .sequential import Sequential

    return {"Sequential": Sequential, "Functional": Functional, "Model": Model,
            "FeatureSpace": FeatureSpace, "Feature": Feature, "Cross": Cross,
            "TFDIdentity": PlainFloat}  # fmt: skip


def check_built(model: Any, place: str) -> None:
    """Refuse a model without weights."""
    if not model.built:
        raise NotBuiltError(
            f"{place}: model '{model.name}' has no weights yet. Call it on data, or give it an "
            "Input, first."
        )
