"""The families of files that tests/hostile/child.py loads, by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.array_family import idx, npz, safetensors
from tests.hostile.bomb_family import bombs
from tests.hostile.damage_family import flips, splices, truncations
from tests.hostile.operation_family import operations
from tests.hostile.trial import Trial
from tests.hostile.value_family import layer_values, model_values

FAMILIES: dict[str, Callable[[], list[Trial]]] = {
    "idx": idx, "safetensors": safetensors, "npz": npz, "bombs": bombs,
    "truncations": truncations, "flips": flips, "splices": splices,
    "layer_values": layer_values, "model_values": model_values, "operations": operations,
}  # fmt: skip
