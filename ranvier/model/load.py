"""Models and weights to files and back."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..graph import budget
from ..graph.errors import ArgumentError, ModelFileError, ModelFileMissingError, NotBuiltError
from ..save import atomic
from ..save.config import deserialize, own_names, serialize
from ..save.hdf5 import memory_bound
from ..save.keras import WEIGHTS, pack_keras, unpack_keras
from ..save.weights import Part, WeightsFile, pack_weights
from .parts import Owner, owners
from .restore import read_into

_ZIP, _HDF5 = b"PK", b"\x89HDF"


def save_model(model: Any, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
    """Write a model to a `.keras` file: layers, weights, and what `compile` was given.

    The file appears whole or not at all, and opens in Keras 3 too.

    Args:
        model: a model; its weights are written as far as they are made.
        filepath: a path that ends in ".keras", or a binary file to write to.
        overwrite: whether a file of that name is replaced; default True.

    Raises:
        ArgumentError: for a path with another ending, or a model with parts that have no config.
        OSError: if the file cannot be written; it names the file, and the old one stays as it was.

    Source: keras.saving.save_model.
    """
    if kwargs.get("zipped") is False or kwargs.get("save_format") not in (None, "keras"):
        raise ArgumentError(f"save: got {kwargs!r}. Models are written as '.keras' files only.")
    if not hasattr(filepath, "write"):
        _check_ending(filepath, "save", ".keras")
        _check_overwrite(filepath, overwrite)
    if not model.built:
        warnings.warn(
            f"save: model '{model.name}' was not built yet, so its file holds no weights. Call it "
            "on data, or give it an Input, first.",
            UserWarning,
            stacklevel=3,
        )
    config = serialize(model)
    _warn_of_own_names(config, str(getattr(filepath, "name", filepath)))
    content = pack_keras(config, pack_weights(_parts(model)), _assets(model))
    if hasattr(filepath, "write"):
        filepath.write(content)
    else:
        atomic.write(filepath, content)


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Return the model that a `.keras` file holds, written here or by Keras 3.

    A file is data: names in it are looked up among Ranvier's own and yours, and nothing in it
    is ever run or imported.

    Args:
        filepath: a path, or a binary file to read from.
        custom_objects: your own classes and functions by name, where the model has any.
        compile: whether the model is compiled as it was; default True.
        safe_mode: accepted for Keras; there is no unsafe mode.

    Raises:
        ModelFileError: if the file is missing, damaged, hostile, or holds unknown names.

    Source: keras.saving.load_model.
    """
    data, name = _content(filepath)
    if data[:4] == _HDF5:
        raise ModelFileError(
            f"{name}: an HDF5 file, expected a .keras file. Weights alone are read by "
            "model.load_weights(path); a whole model in the old .h5 format can be opened in Keras "
            "and saved again as .keras."
        )
    contents = unpack_keras(data, name)
    config = dict(contents.config)
    compile_config = config.pop("compile_config", None)
    with budget.limited(memory_bound(len(contents.weights))):
        model = built_model(config, custom_objects, name)
        if compile and compile_config:
            compile_as_saved(model, compile_config, custom_objects, name)
        _read_assets(model, contents.assets, name)
        read_into(model, WeightsFile(contents.weights, f"{name}, {WEIGHTS}"))
    return model


def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """Write the weights of a model, and the state of its optimizer, to a `.weights.h5` file.

    Args:
        model: a model whose weights are made.
        filepath: a path that ends in ".weights.h5".
        overwrite: whether a file of that name is replaced; default True.

    Raises:
        ArgumentError: for a path with another ending.
        NotBuiltError: if the model has no weights yet.
        OSError: if the file cannot be written; it names the file, and the old one stays as it was.

    Source: keras.Model.save_weights.
    """
    _check_ending(filepath, "save_weights", ".weights.h5")
    _check_overwrite(filepath, overwrite)
    _check_built(model, "save_weights")
    atomic.write(filepath, pack_weights(_parts(model)))


def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, **kwargs: Any) -> None:
    """Read weights from a `.weights.h5` or `.keras` file, all of them or none.

    Args:
        model: a model whose weights are made, of the architecture that was saved.
        filepath: a path, or a binary file to read from.
        skip_mismatch: whether layers that do not fit are left as they are, with a warning.

    Raises:
        ModelFileError: if the file is missing, damaged, or holds other weights than the model.
        NotBuiltError: if the model has no weights yet.

    Source: keras.Model.load_weights.
    """
    if kwargs:
        raise ArgumentError(f"load_weights: got the unknown argument `{next(iter(kwargs))}`.")
    _check_built(model, "load_weights")
    data, name = _content(filepath)
    if data[:2] == _ZIP:
        data, name = unpack_keras(data, name).weights, f"{name}, {WEIGHTS}"
    read_into(model, WeightsFile(data, name), skip_mismatch)


def deserialize_keras_object(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True
) -> Any:
    """Return the object that plain data describe: a layer, an optimizer, a model, ...

    Args:
        config: the result of `serialize_keras_object`, or of Keras' function of that name.
        custom_objects: your own classes and functions by name.
        safe_mode: accepted for Keras; there is no unsafe mode.

    Raises:
        ModelFileError: if a name is unknown, or an object cannot be made from its config.

    Source: keras.saving.deserialize_keras_object.
    """
    return deserialize(config, custom_objects, _models())


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


def _read_assets(model: Any, assets: dict[str, bytes], name: str) -> None:
    """Give each layer its files.

    Raises:
        ModelFileError: if there are files for layers that the model lacks, or they are no text.
    """
    takers = {o.path: o.layer for o in owners(model) if hasattr(o.layer, "load_assets")}
    files: dict[str, dict[str, bytes]] = {}
    for path, content in assets.items():
        folder, _, file = path.rpartition("/")
        if folder not in takers:
            raise ModelFileError(
                f"{name}: it holds 'assets/{path}', but the model has no layer for it. The file "
                "was saved from another model."
            )
        files.setdefault(folder, {})[file] = content
    for folder, found in files.items():
        try:
            takers[folder].load_assets(found)
        except ValueError as error:
            raise ModelFileError(f"{name}, assets/{folder}: {error}") from None


def _models() -> dict[str, Any]:
    from .functional import Functional  # models are saved by this file, which they import
    from .model import Model
    from .sequential import Sequential

    return {"Sequential": Sequential, "Functional": Functional, "Model": Model}


def built_model(config: dict[str, Any], custom_objects: Any, name: str) -> Any:
    """Return the model that a config describes, built as far as the config says.

    Raises:
        ModelFileError: if it describes something else.
    """
    model = deserialize(config, custom_objects, _models(), name)
    if not isinstance(model, _models()["Model"]):
        raise ModelFileError(f"{name}: it holds a {type(model).__name__}, expected a model.")
    return model


def compile_as_saved(model: Any, config: Any, custom_objects: Any, name: str) -> None:
    """Compile the model as it was; where that is not possible, say so and leave it."""
    arguments = deserialize(config, custom_objects, name=name)
    try:
        model.compile_from_config(arguments)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ModelFileError(
            f"{name}: it cannot be compiled as it was: {error} Load it with compile=False, and "
            "call compile yourself."
        ) from error


def _content(filepath: Any) -> tuple[bytes, str]:
    """Return the bytes of a file and its name; anything but an ordinary file is refused."""
    if hasattr(filepath, "read"):
        data = filepath.read()
        if not isinstance(data, bytes):
            raise ArgumentError(f"load: got {filepath!r:.60}, expected a file opened as binary.")
        return data, str(getattr(filepath, "name", "the file"))
    name = os.fspath(filepath)
    try:
        found = os.stat(name)
    except OSError as error:
        missing = ModelFileMissingError()
        missing.errno, missing.filename = error.errno, name
        missing.strerror = "there is no such file to load"
        raise missing from None
    if not stat.S_ISREG(found.st_mode):
        raise ModelFileError(f"{name}: a folder or a device, expected a file.")
    return Path(name).read_bytes(), name


def _warn_of_own_names(config: Any, name: str) -> None:
    """Say at once, and not when it is too late, that a file alone cannot be loaded again."""
    own = own_names(config, _models())
    if not own:
        return
    listed = ", ".join(repr(one) for one in own)
    has_lambda = any(one.startswith("<lambda") for one in own)
    ways = "write lambdas as functions with `def`, and " if has_lambda else ""
    warnings.warn(
        f"save: {name} can never be loaded by itself, since files hold no code and these names "
        f"are not registered: {listed}. Hand them over when loading, custom_objects="
        f"{{{own[0]!r}: ...}}; or {ways}decorate your classes and functions with "
        "@ranvier.saving.register_keras_serializable().",
        UserWarning,
        stacklevel=4,
    )


def _check_ending(filepath: Any, place: str, ending: str) -> None:
    name = os.fspath(filepath)
    if not str(name).endswith(ending):
        raise ArgumentError(
            f"{place}, `filepath`: got {str(name)!r}, expected a name that ends in '{ending}'."
        )


def _check_overwrite(filepath: Any, overwrite: bool) -> None:
    if not overwrite and os.path.exists(filepath):
        raise FileExistsError(17, "The file exists, and overwrite=False was given", str(filepath))


def _check_built(model: Any, place: str) -> None:
    if not model.built:
        raise NotBuiltError(
            f"{place}: model '{model.name}' has no weights yet. Call it on data, or give it an "
            "Input, first."
        )
