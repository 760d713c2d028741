"""Whole models in the HDF5 form of Keras 2 (`.h5`): config as text, weights by layer."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .hdf5 import Dataset, File, Group
from .keras import KERAS_VERSION
from .slot import Slot
from .text import MOST_BYTES, read_config
from .weights import CHECKSUM, digest, read_arrays

_CONFIG, _TRAINING, _WEIGHTS, _OPTIMIZER = (
    "model_config", "training_config", "model_weights", "optimizer_weights",
)  # fmt: skip
_LAYERS, _NAMES, _OWN = "layer_names", "weight_names", "top_level_model_weights"
_CONFIG_CHECKSUM = "ranvier_config_sha256"
# Keras cuts lists of names, since HDF5 stores no attribute beyond 64 KB.
_MOST_ATTRIBUTE = 64_000
# Weights of random layers in Keras 2: the state of a generator that is not ours.
_STATE = "StateVar"

Named = list[tuple[str, np.ndarray]]


@dataclass(frozen=True)
class LegacyModel:
    """What a whole-model file holds: configs, the weights of each layer, the optimizer's."""

    config: Mapping[str, Any]
    training: Mapping[str, Any] | None
    layers: Mapping[str, Named]
    own: Named = field(default_factory=list)
    optimizer: Named | None = None


def pack_legacy(model: LegacyModel) -> bytes:
    """Return the bytes of a whole-model `.h5` file, readable by Keras 3 too."""
    import h5py

    texts = {_CONFIG: json.dumps(model.config)}
    if model.training is not None:
        texts[_TRAINING] = json.dumps(model.training)
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        file.attrs["keras_version"], file.attrs["backend"] = KERAS_VERSION, "ranvier"
        for key, text in texts.items():
            file.attrs[key] = text
        file.attrs[_CONFIG_CHECKSUM] = np.bytes_(_digest_of(texts.values()))
        weights = file.create_group(_WEIGHTS)
        weights.attrs["keras_version"], weights.attrs["backend"] = KERAS_VERSION, "ranvier"
        _write_names(weights, _LAYERS, list(model.layers))
        for name in sorted(model.layers):  # a name may be the beginning of another
            _write_arrays(weights.create_group(name), name, model.layers[name])
        _write_arrays(weights.create_group(_OWN), _OWN, model.own)
        if model.optimizer is not None:
            _write_arrays(file.create_group(_OPTIMIZER), _OPTIMIZER, model.optimizer)
    return out.getvalue()


def _digest_of(texts: Any) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _write_arrays(group: Any, name: str, arrays: Named) -> None:
    _write_names(group, _NAMES, [path for path, _ in arrays])
    for path, array in arrays:
        group[path] = array
    group.attrs[CHECKSUM] = np.bytes_(digest(name, [array for _, array in arrays]))


def _write_names(group: Any, key: str, names: Sequence[str]) -> None:
    data = np.array([name.encode() for name in names]) if names else np.zeros(0)
    pieces = [data]
    if data.nbytes > _MOST_ATTRIBUTE:
        pieces = np.array_split(data, -(-data.nbytes // _MOST_ATTRIBUTE) + 1)
    for place, piece in enumerate(pieces):
        group.attrs[f"{key}{place}" if len(pieces) > 1 else key] = piece


class LegacyFile:
    """The bytes of such a file, or of weights alone in this form; read by layer and shape.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: here and in all methods, if the file is damaged, hostile, or holds
            other arrays than expected.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._file = File(data, name)
        root = self._file.root
        self._weights = root.group(_WEIGHTS) if _WEIGHTS in root else root

    @property
    def has_model(self) -> bool:
        """Whether the file holds a model, not weights alone."""
        return self._file.root.texts(_CONFIG, MOST_BYTES) is not None

    @property
    def has_layers(self) -> bool:
        """Whether the file holds weights by the names of layers."""
        return self._weights.texts(_LAYERS) is not None

    def configs(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Return the config of the model, and what `compile` was given, if anything."""
        root = self._file.root
        found = [root.texts(key, MOST_BYTES) for key in (_CONFIG, _TRAINING)]
        texts = [one[0] for one in found if one]
        stored = root.attributes().get(_CONFIG_CHECKSUM)
        if stored is not None and stored != _digest_of(texts).encode():
            raise self.failure("its config fails its checksum: the file is damaged.")
        configs = [read_config(text.encode(), f"{self.name}, config") for text in texts]
        if not found[0]:
            raise self.failure("it holds no config of a model.")
        return configs[0], configs[1] if len(configs) > 1 else None

    def layers(self) -> list[str]:
        """Return the names of the layers, in their order."""
        return self._weights.texts(_LAYERS) or []

    def names(self, layer: str) -> list[str]:
        """Return the names of a layer's weights, in their order."""
        return self._names(self._weights.group(layer))

    def own_names(self) -> list[str]:
        """Return the names of the weights that the model itself holds."""
        return self.names(_OWN) if _OWN in self._weights else []

    def optimizer_names(self) -> list[str]:
        """Return the names of the optimizer's variables; Keras may leave them out, we do not."""
        root = self._file.root
        names = self._names(root.group(_OPTIMIZER)) if _OPTIMIZER in root else []
        if not names and _CONFIG_CHECKSUM in root.attributes():
            raise self.failure("it lacks its optimizer's state: the file is damaged.")
        return names

    def optimizer_shape(self, place: int) -> tuple[int, ...]:
        """Return the shape of one of the optimizer's variables."""
        group = self._file.root.group(_OPTIMIZER)
        return self._dataset(group, self._names(group)[place]).shape

    def read(self, layer: str, slots: Sequence[Slot]) -> list[np.ndarray]:
        """Return a layer's weights, which must be those that `slots` expect, in their order."""
        return self._read(self._weights.group(layer), layer, slots)

    def read_own(self, slots: Sequence[Slot]) -> list[np.ndarray]:
        """Return the weights that the model itself holds."""
        return self.read(_OWN, slots)

    def read_optimizer(self, slots: Sequence[Slot]) -> list[np.ndarray]:
        """Return the optimizer's variables, which must be those that `slots` expect."""
        return self._read(self._file.root.group(_OPTIMIZER), _OPTIMIZER, slots)

    def failure(self, text: str) -> Exception:
        """Return the error that says `text` of this file."""
        return self._file.source.failure(text)

    def _names(self, group: Group) -> list[str]:
        return [name for name in group.texts(_NAMES) or [] if _STATE not in name]

    def _dataset(self, group: Group, path: str) -> Dataset:
        folder, _, last = path.rpartition("/")
        return group.group(folder).dataset(last)

    def _read(self, group: Group, name: str, slots: Sequence[Slot]) -> list[np.ndarray]:
        names = self._names(group)
        if len(names) != len(slots):
            raise self.failure(
                f"'{name}' has {len(names)} arrays, expected {len(slots)}. The file was saved "
                "from another model."
            )
        found = [self._dataset(group, path) for path in names]
        return read_arrays(self._file.source, group, name, found, slots)
