"""Engines: each turns a graph into a program that runs steps on arrays."""

from __future__ import annotations

import os

from ..graph.errors import ArgumentError, nearest, warn
from .api import Engine, Program
from .setting import SETTING, set_threads, threads, threads_at_most

__all__ = ["Engine", "Program", "current", "select", "set_threads", "threads", "threads_at_most"]

_ENGINES: dict[str, Engine] = {}
NAMES = ("native", "reference")


def select(name: str) -> None:
    """Choose the engine for programs made from now on.

    Raises:
        ArgumentError: if there is no engine of that name.
    """
    if name not in NAMES:
        raise ArgumentError(f"engine: got {name!r}. {nearest(name, NAMES)}")
    SETTING.engine = name


def current() -> Engine:
    """Return the engine in use: as selected, as RANVIER_ENGINE says, or native."""
    name = SETTING.engine or os.environ.get("RANVIER_ENGINE") or "native"
    if name not in NAMES:
        raise ArgumentError(f"RANVIER_ENGINE: got {name!r}. {nearest(name, NAMES)}")
    if name not in _ENGINES:
        _ENGINES[name] = _load(name)
    return _ENGINES[name]


def _load(name: str) -> Engine:
    if name == "native":
        try:
            from .native import NativeEngine

            return NativeEngine()
        except ImportError as error:
            warn(
                f"The native engine is not available ({error}), so NumPy runs the models: same "
                "results, slower. Install llvmlite for compiled speed.",
                RuntimeWarning,
            )
    from .reference import ReferenceEngine

    return ReferenceEngine()
