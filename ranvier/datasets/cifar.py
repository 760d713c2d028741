"""What CIFAR-10 and CIFAR-100 share: pictures in pickles in one packed archive."""

from __future__ import annotations

import io
import tarfile

import numpy as np

from ranvier.datasets.source import Source, read
from ranvier.datasets.unpickle import unpickled
from ranvier.graph.errors import DatasetError


def batches(source: Source, names: tuple[str, ...], label: bytes) -> list[np.ndarray]:
    """Return pictures and labels of some members of the archive, one after the other.

    Args:
        source: the data set, whose one file is the archive.
        names: paths of its members.
        label: the key of the labels.
    Shape: (pictures, 32, 32, 3) and (pictures, 1), uint8.
    Raises:
        DatasetError: not to be had, or not of the expected form.
    """
    archive = read(source, source.files[0])
    try:
        with tarfile.open(fileobj=io.BytesIO(archive.data), mode="r:gz") as tar:
            parts = [_part(tar, name, label) for name in names]
    except (tarfile.TarError, OSError, KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{source.title}, '{source.files[0].name}': got an archive that does not hold the "
            f"pictures ({error}). Remove the file, so that it is fetched again."
        ) from error
    x = np.concatenate([pictures for pictures, _ in parts])
    y = np.concatenate([labels for _, labels in parts])
    return [np.ascontiguousarray(x.transpose(0, 2, 3, 1)), y[:, None]]


def _part(tar: tarfile.TarFile, name: str, label: bytes) -> tuple[np.ndarray, np.ndarray]:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(f"no file {name}")
    content = unpickled(member.read())
    pictures = np.asarray(content[b"data"], np.uint8).reshape(-1, 3, 32, 32)
    return pictures, np.asarray(content[label], np.uint8)
