"""Settings: float type, engine, threads."""

from __future__ import annotations

from .engines import current as _current
from .engines import select as set_engine
from .engines import set_threads, threads
from .graph.dtype import floatx, set_floatx
from .graph.errors import ArgumentError

_STATE = {"epsilon": 1e-7, "image_data_format": "channels_last"}


def engine() -> str:
    """Return the name of the engine in use: "native" or "reference"."""
    return _current().name


def epsilon() -> float:
    """Return the small number that keeps logarithms and divisions finite, 1e-7 by default."""
    return float(_STATE["epsilon"])


def set_epsilon(value: float) -> None:
    """Set the small number that keeps logarithms and divisions finite."""
    if not 0 < float(value) < 1:
        raise ArgumentError(f"set_epsilon, `value`: got {value!r}, expected 0 < value < 1.")
    _STATE["epsilon"] = float(value)


def image_data_format() -> str:
    """Return where images have their channels: "channels_last"."""
    return str(_STATE["image_data_format"])


__all__ = [
    "engine", "epsilon", "floatx", "image_data_format", "set_engine", "set_epsilon", "set_floatx",
    "set_threads", "threads",
]  # fmt: skip
