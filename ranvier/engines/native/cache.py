"""Compiled code on disk, found by what it was compiled from.

The key covers the graph, the generator's own source and the processor. A folder or file that
others could have written is never read: machine code from it would run as this user.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

_MAGIC = b"ranvier1"


def folder() -> Path | None:
    """Return the folder of compiled code; None where RANVIER_CACHE is "off" or none is safe."""
    given = os.environ.get("RANVIER_CACHE")
    if given == "off":
        return None
    try:
        place = (Path(given) if given else _usual()) / "code"
        if not place.exists():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place if _private(place) else None
    except (OSError, RuntimeError):  # the latter where the user has no home
        return None


def _usual() -> Path:
    """Return where this system keeps what programs can make again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ranvier"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ranvier"


def _private(path: Path) -> bool:
    """Tell whether only this user can write there."""
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


@functools.cache
def _generator() -> str:
    """Return what tells one state of the generator's source from another, without reading it."""
    room = Path(__file__).parents[2]
    return " ".join([
        f"{entry.name} {status.st_size} {status.st_mtime_ns}"
        for part in ("graph", "ops", "transform", "plan", "engines/native")
        for entry in sorted(os.scandir(room / part), key=lambda e: e.name)
        if entry.name.endswith(".py") and (status := entry.stat())
    ])  # fmt: skip


def key(*parts: object) -> str:
    """Return the name of the code made from `parts` by this generator."""
    text = "\0".join([_generator(), *map(str, parts)])
    return hashlib.sha256(text.encode()).hexdigest()


def load(name: str) -> tuple[str, bytes] | None:
    """Return (notes, code) kept under a key, or None where absent, damaged or not ours."""
    place = folder()
    if place is None:
        return None
    path = place / name
    try:
        if not _private(path):
            return None
        raw = path.read_bytes()
    except OSError:
        return None
    if raw[:8] != _MAGIC or _digest(name, raw[40:]) != raw[8:40]:
        return None
    count = int.from_bytes(raw[40:48], "little")
    return raw[48 : 48 + count].decode(), raw[48 + count :]


def _digest(name: str, body: bytes) -> bytes:
    """Return the digest of a file's content and of the name that it belongs to."""
    return hashlib.sha256(name.encode() + b"\0" + body).digest()


def keep(name: str, notes: str, code: bytes) -> None:
    """Keep code under a key; a disk that refuses costs nothing but the next compilation."""
    place = folder()
    if place is None:
        return
    content = notes.encode()
    body = len(content).to_bytes(8, "little") + content + code
    try:
        handle, temporary = tempfile.mkstemp(dir=place, prefix=".new-")
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_MAGIC + _digest(name, body) + body)
        os.replace(temporary, place / name)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
