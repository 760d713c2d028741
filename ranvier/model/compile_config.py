"""What `compile` was given, as plain data and back."""

from __future__ import annotations

from typing import Any

from ..save.config import deserialize, serialize
from .compiled import Compiled


def compile_config(compiled: Compiled) -> dict[str, Any]:
    """Return the arguments of `compile` in the form that Keras writes."""
    given = dict(compiled.config, optimizer=compiled.optimizer)
    return {name: serialize(value) for name, value in given.items()}


def compile_arguments(config: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments for `compile` from such data; what is unknown to it is left out."""
    known = (
        "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "run_eagerly",
        "steps_per_execution", "jit_compile",
    )  # fmt: skip
    return {name: deserialize(config[name]) for name in known if name in config}
