"""Models and weights from files."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..graph import budget
from ..graph.errors import ArgumentError, ModelFileError, ModelFileMissingError
from ..graph.path import path_of
from ..save.config import BROKEN, deserialize
from ..save.hdf5 import memory_bound
from ..save.keras import WEIGHTS, unpack_keras
from ..save.legacy import LegacyFile
from ..save.legacy_config import modern_compile, modern_model
from ..save.text import count_values
from ..save.weights import WeightsFile
from .legacy import load_legacy, read_by_name, read_by_order
from .named import named_file, read_named
from .parts import owners
from .restore import read_into
from .store import check_built, model_classes

_ZIP, _HDF5 = b"PK", b"\x89HDF"
_ALONE = (
    "weights alone, expected a whole model. Make the model, then call model.load_weights(path)."
)


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Return the model that a `.keras` or `.h5` file holds, written here or by Keras 2.15 or newer.

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
        file = LegacyFile(data, name)
        if not file.has_model:
            raise ModelFileError(f"{name}: {_ALONE}")
        return load_legacy(file, len(data), custom_objects, compile)
    try:
        contents = unpack_keras(data, name)
    except ModelFileError as error:
        if name.endswith((".safetensors", ".npz")):
            raise ModelFileError(f"{name}: {_ALONE}") from error
        raise
    config = dict(contents.config)
    compile_config = config.pop("compile_config", None)
    if contents.version.startswith("2."):
        config = modern_model(config, name)
        compile_config = compile_config and modern_compile(compile_config, name)
    with budget.limited(memory_bound(len(contents.weights)), count_values(contents.config), True):
        model = built_model(config, custom_objects, name)
        if compile and compile_config:
            compile_as_saved(model, compile_config, custom_objects, name)
        _read_assets(model, contents.assets, name)
        read_into(model, WeightsFile(contents.weights, f"{name}, {WEIGHTS}"))
    return model


def load_weights(
    model: Any, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, **kwargs: Any
) -> None:
    """Read weights from a `.weights.h5`, `.keras`, `.h5`, `.safetensors` or `.npz` file.

    All of them are read, or none.

    Args:
        model: a model whose weights are made, of the architecture that was saved.
        filepath: a path, or a binary file to read from.
        skip_mismatch: whether layers that do not fit are left as they are, with a warning.
        by_name: whether layers take the weights saved under their names, and the others stay as
            they are: for files in the form of Keras 2 (`.h5`) only.

    Raises:
        ModelFileError: if the file is missing, damaged, or holds other weights than the model.
        NotBuiltError: if the model has no weights yet.

    Source: keras.Model.load_weights.
    """
    if kwargs:
        raise ArgumentError(f"load_weights: got the unknown argument `{next(iter(kwargs))}`.")
    check_built(model, "load_weights")
    data, name = _content(filepath)
    if data[:4] == _HDF5:
        legacy = LegacyFile(data, name)
        if legacy.has_layers:
            (read_by_name if by_name else read_by_order)(model, legacy, skip_mismatch)
            return
    if by_name:
        raise ArgumentError(
            f"load_weights, `by_name`: {name} has no weights by the names of layers; only files in "
            "the form of Keras 2 ('.h5') have."
        )
    named = named_file(data, name)
    if named is not None:
        read_named(model, named, skip_mismatch)
        return
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
    return deserialize(config, custom_objects, model_classes())


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


def built_model(config: dict[str, Any], custom_objects: Any, name: str) -> Any:
    """Return the model that a config describes, built as far as the config says.

    Raises:
        ModelFileError: if it describes something else.
    """
    classes = model_classes()
    model = deserialize(config, custom_objects, classes, name)
    if not isinstance(model, (classes["Model"], classes["FeatureSpace"])):
        raise ModelFileError(f"{name}: it holds a {type(model).__name__}, expected a model.")
    return model


def compile_as_saved(model: Any, config: Any, custom_objects: Any, name: str) -> None:
    """Compile the model as it was; where that is not possible, say so and leave it."""
    arguments = deserialize(config, custom_objects, name=name)
    try:
        model.compile_from_config(arguments)
    except BROKEN as error:
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
        name = str(getattr(filepath, "name", "the file"))
        if not data:
            raise ModelFileError(
                f"{name}: no bytes left to read. If it was just written or read, call its seek(0) "
                "first."
            )
        return data, name
    name = path_of("load", "filepath", filepath)
    try:
        found = os.stat(name)
    except OSError as error:
        raise ModelFileMissingError(error.errno, "there is no such file to load", name) from None
    if not stat.S_ISREG(found.st_mode):
        raise ModelFileError(f"{name}: a folder or a device, expected a file.")
    return Path(name).read_bytes(), name
