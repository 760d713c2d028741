"""Weights by name, without the optimizer: safetensors and NumPy's `.npz`, both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..graph.errors import ModelFileError
from ..save.archive import list_members
from ..save.npz import NpzFile, pack_npz
from ..save.safetensors import SafetensorsFile, pack_safetensors
from .parts import owners
from .restore import assign, slot_of

#: What packs arrays by name, by the ending of the file.
FORMS: Mapping[str, Callable[[Mapping[str, np.ndarray]], bytes]] = {
    ".safetensors": pack_safetensors, ".npz": pack_npz,
}  # fmt: skip


def named_arrays(model: Any) -> dict[str, np.ndarray]:
    """Return the weights of a model by name, for instance "layers/dense/kernel"."""
    return {name: variable.numpy() for name, variable in _variables(model).items()}


def named_file(data: bytes, name: str) -> SafetensorsFile | NpzFile | None:
    """Return a file of weights by name, None if it is of another form."""
    if data[:2] == b"PK":
        is_npz = all(member.endswith(".npy") for member in list_members(data, name))
        return NpzFile(data, name) if is_npz else None
    if data[8:9] == b"{" or name.endswith(".safetensors"):
        return SafetensorsFile(data, name)
    return None


def read_named(model: Any, file: SafetensorsFile | NpzFile, skip_mismatch: bool) -> None:
    """Read weights by name, then assign them all.

    Names are those that Ranvier writes, else the paths of the variables ("model/dense/kernel"),
    else "arr_0", "arr_1" and so on in the order of `model.weights`, as `numpy.savez` numbers them.

    Raises:
        ModelFileError: if the file is damaged or was saved from another model.
    """
    variables = _fitting(model, set(file.names))
    missing = sorted(set(variables) - set(file.names))
    strange = sorted(set(file.names) - set(variables))
    if (missing or strange) and not skip_mismatch:
        what = f"lacks {missing[:3]!r}" if missing else f"holds {strange[:3]!r} besides"
        raise ModelFileError(
            f"{file.name}: the model has weights named {sorted(variables)[:3]!r} and so on, "
            f"{len(variables)} in all; the file {what}. It was saved from another model."
        )
    slots = {name: slot_of(v) for name, v in variables.items() if name not in missing}
    skipped = [f"'{name}': not in the file" for name in missing]
    if skip_mismatch:
        arrays = {}
        for name, slot in slots.items():
            try:
                arrays.update(file.read({name: slot}))
            except ModelFileError as error:
                skipped.append(f"'{name}': {error}")
    else:
        arrays = file.read(slots)
    assign(((variables[name], array) for name, array in arrays.items()), skipped)


def _variables(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    used: Counter[str] = Counter()
    for owner in owners(model):
        if owner.layer is None:
            continue
        for variable in owner.variables:
            name = f"{owner.path}/{variable.name}" if owner.path else variable.name
            found[f"{name}_{used[name]}" if used[name] else name] = variable
            used[name] += 1
    return found


def _fitting(model: Any, names: set[str]) -> dict[str, Any]:
    """Return the variables under the names that agree best with those of a file."""
    weights = list(model.weights)
    ways = [
        _variables(model),
        {variable.path: variable for variable in weights},
        {f"arr_{place}": variable for place, variable in enumerate(weights)},
    ]
    return max(ways, key=lambda way: len(names & set(way)))
