"""MNIST's loader on stubs: the data themselves cannot be had everywhere."""

import gzip
import hashlib
import io
from dataclasses import replace

import numpy as np
import pytest

from ranvier.datasets import mnist
from ranvier.datasets.source import File
from ranvier.graph.errors import DatasetError

from .conftest import Shelf

ARRAYS = {
    "x_train": np.arange(6 * 784, dtype=np.uint32).astype(np.uint8).reshape(6, 28, 28),
    "y_train": np.array([5, 0, 4, 1, 9, 2], np.uint8),
    "x_test": np.ones((2, 28, 28), np.uint8),
    "y_test": np.array([7, 2], np.uint8),
}


def archive(arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def pin(file: File, content: bytes) -> File:
    digest = hashlib.sha256(content).hexdigest()
    return replace(file, content_size=len(content), content_sha256=digest)


def same(loaded: tuple) -> None:
    (x_train, y_train), (x_test, y_test) = loaded
    for name, array in zip(ARRAYS, (x_train, y_train, x_test, y_test), strict=True):
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_keras_archive(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(ARRAYS)
    shelf.put(shelf.root / "keras" / "datasets", content, "mnist.npz")
    files = (pin(mnist.SOURCE.files[0], content),)
    monkeypatch.setattr(mnist, "SOURCE", replace(mnist.SOURCE, files=files))
    same(mnist.load_data())
    moved = shelf.put(shelf.root, content, "other name.npz")
    same(mnist.load_data(path=str(moved)))


@pytest.mark.parametrize("packed", [True, False])
def test_the_authors_four_files(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    files = []
    for file, array in zip(mnist.IDX_SOURCE.files, ARRAYS.values(), strict=True):
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        content = head + array.tobytes()
        files.append(pin(file, content))
        name = file.name if packed else file.content_name
        shelf.put(shelf.named / "mnist", gzip.compress(content) if packed else content, name)
    monkeypatch.setattr(mnist, "IDX_SOURCE", replace(mnist.IDX_SOURCE, files=tuple(files)))
    same(mnist.load_data())


def test_an_archive_without_the_arrays(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive({"x_train": ARRAYS["x_train"]})
    shelf.put(shelf.named, content, "mnist.npz")
    files = (pin(mnist.SOURCE.files[0], content),)
    monkeypatch.setattr(mnist, "SOURCE", replace(mnist.SOURCE, files=files))
    with pytest.raises(DatasetError, match="does not hold x_train, y_train, x_test, y_test"):
        mnist.load_data()


def test_absent_and_offline_names_the_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    files = (replace(mnist.SOURCE.files[0], url="http://127.0.0.1:9/mnist.npz"),)
    monkeypatch.setattr(mnist, "SOURCE", replace(mnist.SOURCE, files=files))
    with pytest.raises(DatasetError, match=r"MNIST, 'mnist\.npz' \(SHA-256 731c5ac"):
        mnist.load_data()
