"""Where a data set comes from: its files, the folders that may hold them, and the check of each."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ranvier.datasets import cache, download
from ranvier.graph.errors import DatasetError

#: Where Keras keeps most of its data sets.
KERAS_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
SYSTEM_FOLDER = Path("/usr/share/datasets")
# A gzip of anything is at most a few bytes per 16 KB longer than the thing itself.
_GZIP_OVERHEAD = 1 << 16


@dataclass(frozen=True)
class File:
    """One file of a data set, as published and unpacked; a plain file has one hash for both.

    A whole archive (`.tar.gz`) counts as a plain file. Where its publisher gives an MD5 alone,
    that stands in place of the SHA-256. `others` are names under which Keras keeps it.
    """

    name: str
    sha256: str
    content_size: int
    url: str
    content_sha256: str = ""
    others: tuple[str, ...] = ()

    @property
    def content_name(self) -> str:
        """The name without `.gz`."""
        return self.name if _is_archive(self.name) else self.name.removesuffix(".gz")

    @property
    def content_hash(self) -> str:
        """The hash of what is unpacked."""
        return self.content_sha256 or self.sha256


@dataclass(frozen=True)
class Source:
    """A data set: what it is called, whose it is, and the files that hold it."""

    name: str
    title: str
    contents: str
    licence: str
    homepage: str
    files: tuple[File, ...] = ()
    package: str = ""
    keras_folder: str = ""


def folders(source: Source) -> list[Path]:
    """List the folders that are searched, in order.

    Ranvier's cache, Keras' own, what the system's package manager installed, then the folders
    that the environment names in `RANVIER_DATA` (each as it is, and its subfolder for this set).
    """
    keras = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    named = [Path(text) for text in os.environ.get("RANVIER_DATA", "").split(os.pathsep) if text]
    return [
        cache.folder(source.name),
        keras / "datasets" / source.keras_folder,
        SYSTEM_FOLDER / source.name,
        *(place for parent in named for place in (parent / source.name, parent)),
    ]


def locate(source: Source) -> Path | None:
    """Return the first folder that holds every file of the set, or None; nothing is read."""
    for folder in folders(source):
        if source.files and all(any(p.is_file() for p in _paths(folder, f)) for f in source.files):
            return folder
    return None


def read(source: Source, file: File) -> np.ndarray:
    """Return the content of a file as checked, writable bytes, fetched where it is not at hand.

    The SHA-256 of the unpacked content decides, so a file packed by somebody else is as good as
    the published one, and a damaged one anywhere is passed over. Fetched again at most once.

    Raises:
        DatasetError: not found and not to be had; it names file, hash, folder and package.
    """
    faults: list[str] = []
    content = read_local(source, file, faults)
    for _ in range(2):
        if content is not None:
            return content
        try:
            path = download.fetch(file.url, cache.folder(source.name) / file.name, _limit(file))
        except (DatasetError, OSError) as error:
            raise missing(source, file, faults, error) from error
        content = _checked(path, source, file, faults)
        if content is None:
            path.unlink(missing_ok=True)
    if content is None:
        raise missing(source, file, faults, None)
    return content


def read_named(source: Source, file: File, path: object) -> bytes:
    """Return the content of a file that may lie under another name; see `read`."""
    return read(source, replace(file, name=str(path))).tobytes()


def read_local(source: Source, file: File, faults: list[str]) -> np.ndarray | None:
    """Return the content from the first folder that holds it whole; say in `faults` what is not."""
    for folder in folders(source):
        for path in _paths(folder, file):
            if path.is_file():
                content = _checked(path, source, file, faults)
                if content is not None:
                    return content
    return None


def missing(
    source: Source, file: File, faults: list[str], error: BaseException | None
) -> DatasetError:
    """Build the error for a file that is nowhere whole and could not be downloaded."""
    searched = ", ".join(str(folder) for folder in folders(source))
    digest = f"{_kind(file.sha256)} {file.sha256}"
    lines = [f"{source.title}, '{file.name}' ({digest}): not found in {searched}."]
    lines += [f"Passed over {fault}." for fault in dict.fromkeys(faults)]
    if error is not None:
        lines.append(f"The download from {file.url} failed: {error}.")
    lines.append(f"Put the file into {cache.folder(source.name)},")
    if source.package:
        lines.append(f"install Debian's package (apt install {source.package}),")
    lines.append("or name its folder in the environment variable RANVIER_DATA.")
    return DatasetError(" ".join(lines))


def _kind(digest: str) -> str:
    return "MD5" if len(digest) == 32 else "SHA-256"


def _limit(file: File) -> int:
    return file.content_size + _GZIP_OVERHEAD


def _paths(folder: Path, file: File) -> Iterator[Path]:
    # The unpacked file first: reading 47 MB takes a tenth of the time of unpacking 26 MB.
    yield folder / file.content_name
    if file.name != file.content_name:
        yield folder / file.name
    for other in file.others:
        yield folder / other


def _packed(path: Path) -> bool:
    return path.suffix == ".gz" and not _is_archive(path.name)


def _is_archive(name: str) -> bool:
    return name.endswith(".tar.gz")


def _checked(path: Path, source: Source, file: File, faults: list[str]) -> np.ndarray | None:
    """Read and unpack one path; None, with the reason in `faults`, where it is not the file."""
    try:
        content = _unpacked(path, file)
    except (DatasetError, OSError) as error:
        faults.append(f"{path}: {error}")
        return None
    if _packed(path):
        cache.keep(cache.folder(source.name) / file.content_name, content)
    return content


def _unpacked(path: Path, file: File) -> np.ndarray:
    packed = _packed(path)
    size = path.stat().st_size
    if size > _limit(file) or (not packed and size != file.content_size):
        raise DatasetError(f"got {size} bytes, expected {file.content_size} unpacked")
    content = np.fromfile(path, np.uint8)
    if packed:
        content = _gunzip(content, file)
    kind = _kind(file.content_hash)
    algorithm = kind.replace("-", "").lower()
    found = hashlib.new(algorithm, content.data, usedforsecurity=False).hexdigest()
    if found != file.content_hash:
        raise DatasetError(f"got {kind} {found} unpacked, expected {file.content_hash}")
    return content


def _gunzip(packed: np.ndarray, file: File) -> np.ndarray:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        # One byte more than expected is enough to tell a file that is too long.
        content = unpacker.decompress(packed.data, file.content_size + 1)
    except zlib.error as error:
        page = packed[:512].tobytes().lstrip().startswith(b"<")
        reason = "a page saved in its place" if page else f"damaged gzip data ({error})"
        raise DatasetError(f"got {reason}, expected {file.name}") from error
    if len(content) != file.content_size:
        more = "more than " if len(content) > file.content_size else ""
        raise DatasetError(
            f"got {more}{min(len(content), file.content_size)} bytes unpacked, "
            f"expected {file.content_size}"
        )
    return np.frombuffer(bytearray(content), np.uint8)
