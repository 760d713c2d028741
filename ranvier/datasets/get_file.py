"""get_file: a file from an address, kept in a folder, checked, and unpacked if need be."""

from __future__ import annotations

import hashlib
import http.client
import lzma
import os
import shutil
import tarfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from pathlib import Path
from typing import Any

from ranvier.datasets import cache
from ranvier.graph.errors import ArgumentError, DatasetError, warn
from ranvier.graph.path import path_of

if not hasattr(tarfile, "data_filter"):  # Python before 3.11.4, as Debian 12 has it
    from backports import tarfile  # type: ignore[no-redef]

_CHUNK = 1 << 16
_SECONDS = 30
#: What archives raise that are cut off, damaged or encrypted.
_DAMAGE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError,
)  # fmt: skip


def get_file(
    fname: Any = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: Any = "auto",
    cache_dir: Any = None,
    force_download: bool = False,
) -> str:
    """Return the path of a file, fetched from its address if it is not in the folder yet.

    Args:
        fname: its name in the folder; default that of the address.
        origin: the address (http, https, ftp or file).
        untar: like extract, for a tar archive.
        md5_hash: an MD5 to check; file_hash is the better choice.
        file_hash: a SHA-256 (or MD5) to check; a file that fails it is fetched again.
        cache_subdir: a folder in cache_dir, default "datasets".
        hash_algorithm: "sha256", "md5" or "auto" (default: by the length of the hash).
        extract: whether to unpack a zip or tar archive; then the path is that of the folder.
        archive_format: "auto" (default), "zip", "tar", a list of these, or None.
        cache_dir: default `KERAS_HOME`, or ~/.keras.
        force_download: fetch it in any case.

    Raises:
        ArgumentError: for a name with folders in it, or no address.
        DatasetError: if it cannot be fetched, fails its hash, or an archive would write outside of
            its folder.

    Source: keras.utils.get_file.
    """
    if not isinstance(origin, str):
        raise ArgumentError(
            f"get_file, `origin`: got {origin!r:.60}, expected the address of the file as text."
        )
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    if file_hash is not None:
        _check_hash(file_hash, hash_algorithm)
    home = path_of("get_file", "cache_dir", cache_dir or os.environ.get("KERAS_HOME") or "~/.keras")
    folder = Path(home).expanduser() / path_of("get_file", "cache_subdir", cache_subdir)
    unpack = extract or untar
    target, unpacked = _places(folder, fname, origin, unpack)
    if force_download or not _is_good(target, file_hash, hash_algorithm):
        _fetch(origin, target)
        if file_hash and not _is_good(target, file_hash, hash_algorithm):
            found = _hash(target, file_hash, hash_algorithm)
            target.unlink()
            raise DatasetError(
                f"get_file: the file from {origin} has the hash {found}, expected {file_hash}. It "
                "was damaged on the way, or is another version."
            )
    if not unpack:
        return str(target)
    _unpack(target, unpacked, "tar" if untar else archive_format)
    return str(unpacked)


def _places(folder: Path, fname: Any, origin: str, unpack: bool) -> tuple[Path, Path]:
    """Return where the file goes, and where its content goes if it is unpacked."""
    given = path_of("get_file", "fname", fname) if fname else None
    name = given or os.path.basename(urllib.parse.urlsplit(origin).path)
    if not name or name in (".", "..") or "/" in name or os.sep in name:
        raise ArgumentError(
            f"get_file, `fname`: got {name!r}, expected the name of a file. Name its folder with "
            "cache_dir and cache_subdir."
        )
    if not unpack:
        return folder / name, folder / name
    if given and "." in given:
        return folder / name, folder / f"{name.partition('.')[0]}_extracted"
    return folder / f"{name}_archive", folder / name


def _check_hash(file_hash: Any, algorithm: Any) -> None:
    if not isinstance(file_hash, str):
        raise ArgumentError(
            f"get_file, `file_hash`: got {file_hash!r:.60}, expected its digits as text."
        )
    if algorithm not in ("auto", "sha256", "md5"):
        raise ArgumentError(
            f"get_file, `hash_algorithm`: got {algorithm!r}, expected 'sha256', 'md5' or 'auto'."
        )


def _hash(path: Path, expected: str, algorithm: str) -> str:
    kind = algorithm
    if algorithm == "auto":
        kind = "sha256" if len(expected) == 64 else "md5"
    total = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            total.update(part)
    return total.hexdigest()


def _is_good(path: Path, expected: str | None, algorithm: str) -> bool:
    if not path.is_file():
        return False
    return expected is None or _hash(path, expected, algorithm) == expected


def _fetch(origin: str, target: Path) -> None:
    try:
        with (
            urllib.request.urlopen(origin, timeout=_SECONDS) as answer,
            cache.part(target) as path,
            path.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file, _CHUNK)
            left = getattr(answer, "length", None)  # of HTTP; reading in chunks does not tell it
            if left:
                raise OSError(f"the connection ended {left} bytes before the end of the file")
    except (urllib.error.URLError, http.client.HTTPException, ValueError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise DatasetError(
            f"get_file: {origin} could not be fetched ({reason}). Without a connection, put the "
            f"file at {target} yourself."
        ) from error


def _unpack(path: Path, folder: Path, archive_format: Any) -> None:
    """Unpack an archive, all of it or nothing."""
    kinds = ["tar", "zip"] if archive_format == "auto" else archive_format
    kinds = list(kinds) if isinstance(kinds, (list, tuple)) else [kinds] if kinds else []
    unknown = [kind for kind in kinds if kind not in ("tar", "zip")]
    if unknown:
        raise ArgumentError(
            f"get_file, `archive_format`: got {unknown[0]!r}, expected 'auto', 'tar' or 'zip'."
        )
    place = f"get_file: the archive {path}"
    try:
        if "tar" in kinds and tarfile.is_tarfile(path):
            with tarfile.open(path) as tar:
                _check([member.name for member in tar.getmembers()], place)
                tar.extractall(folder, filter="data")
        elif "zip" in kinds and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _check(archive.namelist(), place)
                archive.extractall(folder)
        elif kinds:
            warn(f"{path} is no archive that can be unpacked.", UserWarning)
    except _DAMAGE as error:
        raise DatasetError(
            f"{place} is refused: {error}. With force_download=True it is fetched anew."
        ) from error


def _check(names: list[str], place: str) -> None:
    """Refuse an archive with a member that would land outside of its folder."""
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]:
            raise DatasetError(
                f"{place} holds {name!r}, which lies outside of its folder; refused."
            )
