"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # not on Windows, where a file that someone has open cannot be removed anyway
    fcntl = None  # type: ignore[assignment]


def write(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` to `path`, so that the old file or the new one is there at any moment.

    Raises:
        OSError: it names `path`; the old file is as it was, and nothing is left beside it.
    """
    with replacing(path) as handle:
        handle.write(content)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Give a binary file to fill, which takes the place of `path` when the block ends well.

    The file is made beside the target (a rename is only atomic within a file system), flushed to
    disk, then renamed. A process that dies leaves its part behind; the next save of the same
    target removes it. A part of a live process holds a lock and stays.

    Args:
        path: the target; its folder must exist. A symbolic link keeps pointing at its file.

    Raises:
        OSError: it names `path`; the old file is as it was, and nothing is left beside it.
    """
    shown = os.fspath(path)
    target = Path(os.path.realpath(shown))
    part: Path | None = None
    try:
        mode = _mode(target)
        _remove_strays(target)
        part, handle = _open_part(target)
        with handle:
            if mode is not None:
                os.chmod(part, mode)
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
            if fcntl is None:
                handle.close()
            # The lock is held until the name is right, or a second save could take it for a stray.
            os.replace(part, target)
            part = None
    except OSError as error:
        if error.errno is None:
            raise
        words = os.strerror(error.errno)
        if error.errno == errno.ENOENT and not target.parent.is_dir():
            words = f"there is no folder {os.path.dirname(shown)!r} to save into; make it first"
        raise OSError(error.errno, words, shown) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    _flush_folder(target.parent)


def _mode(target: Path) -> int | None:
    """Return the permissions of the file that is to be replaced, None where there is none."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(21, "")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(22, "")  # a device or a pipe: a rename would put a file in its place
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "")
    return stat.S_IMODE(found.st_mode)


def _prefix(target: Path) -> str:
    # A digest, since the target's own name may already be as long as the file system allows.
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()
    return f".ranvier-{digest[:16]}-"


def _open_part(target: Path) -> tuple[Path, IO[bytes]]:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        part = target.parent / f"{_prefix(target)}{secrets.token_hex(6)}.part"
        handle = os.fdopen(os.open(part, flags, 0o666), "wb")  # the umask has its say
        if not _lock(handle) or part.exists():
            return part, handle
        handle.close()  # another save took it for a stray before the lock was ours


def _lock(handle: IO[bytes]) -> bool:
    """Lock a file without waiting; say whether that could be done."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _remove_strays(target: Path) -> None:
    for part in target.parent.glob(f"{_prefix(target)}*.part"):
        with contextlib.suppress(OSError), part.open("rb") as handle:
            if _lock(handle):
                part.unlink()


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last; file systems that cannot do that lose nothing but time."""
    if fcntl is None:
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
