"""Settings: float type, engine, threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engines import current as _current
from .engines import select as set_engine
from .engines import set_threads, threads, threads_at_most
from .graph.dtype import epsilon, floatx, set_epsilon, set_floatx
from .graph.errors import absent as _absent


def engine() -> str:
    """Return the name of the engine in use: "native" or "reference"."""
    return _current().name


def version() -> str:
    """Return Ranvier's version, as in `ranvier.__version__`."""
    from . import __version__

    return __version__


def image_data_format() -> str:
    """Return where images have their channels: "channels_last"."""
    return "channels_last"


__all__ = [
    "engine", "epsilon", "floatx", "image_data_format", "set_engine", "set_epsilon", "set_floatx",
    "set_threads", "threads", "threads_at_most", "version",
]  # fmt: skip

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals())
