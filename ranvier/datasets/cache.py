"""Ranvier's own folder of data sets, written so that no reader ever sees half a file."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# A part that is older than this belongs to a process that died.
_STALE_SECONDS = 6 * 3600


def root() -> Path:
    """Return Ranvier's own folder for what it keeps; it need not exist.

    `RANVIER_CACHE`, else `XDG_CACHE_HOME/ranvier`, else `~/.cache/ranvier`. `RANVIER_CACHE=off`
    is for compiled code, which can be made again; data sets go to the usual place.
    """
    home = os.environ.get("RANVIER_CACHE")
    if home and home != "off":
        return Path(home)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ranvier"


def folder(name: str) -> Path:
    """Return the cache's folder for one data set; it need not exist."""
    return root() / "datasets" / name


@contextlib.contextmanager
def part(target: Path) -> Iterator[Path]:
    """Give a file beside `target` to fill, which takes its place when the block ends well."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_stale(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
        with path.open("rb+") as written:
            os.fsync(written.fileno())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def keep(target: Path, content: np.ndarray) -> None:
    """Store unpacked content for the next time; a cache that cannot be written costs time only."""
    with contextlib.suppress(OSError), part(target) as path:
        content.tofile(path)


def _remove_stale(target: Path) -> None:
    for path in target.parent.glob(f".{target.name}.*.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()
