"""IMDB, Reuters, Boston housing and CIFAR on tiny files of the same form, against Keras' rules."""

import hashlib
import io
import json
import pickle
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ranvier.datasets import boston_housing, cifar10, cifar100, imdb, reuters
from ranvier.datasets.unpickle import unpickled
from ranvier.graph.errors import ArgumentError, DatasetError

ROWS = [[1, 5, 2], [7, 1], [3, 3, 9, 4], [2], [8, 6, 1, 1, 2]]


def objects(rows: list) -> np.ndarray:
    out = np.empty(len(rows), object)
    out[:] = rows
    return out


def packed(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def shelve(monkeypatch, shelf, module, content: bytes, attribute: str = "SOURCE") -> Path:
    """Make `content` what a loader expects, and put it into Keras' folder of data sets."""
    found = getattr(module, attribute)
    file = found.files[0] if attribute == "SOURCE" else found
    kind = hashlib.md5 if len(file.sha256) == 32 else hashlib.sha256
    digest = kind(content).hexdigest()
    file = replace(file, sha256=digest, content_sha256=digest, content_size=len(content))
    new = replace(found, files=(file,)) if attribute == "SOURCE" else file
    monkeypatch.setattr(module, attribute, new)
    return shelf.put(shelf.root / "keras" / "datasets", content, file.name)


@pytest.fixture
def words(monkeypatch, shelf):
    x, y = objects(ROWS), np.array([0, 1, 1, 0, 1])
    shelve(monkeypatch, shelf, imdb, packed(x_train=x, y_train=y, x_test=x[::-1], y_test=y[::-1]))
    shelve(monkeypatch, shelf, reuters, packed(x=x, y=y))


OPTIONS = [
    {}, {"num_words": 7}, {"num_words": 8, "skip_top": 5}, {"maxlen": 4}, {"start_char": None},
    {"oov_char": None, "num_words": 6}, {"index_from": 0, "start_char": None}, {"seed": 1},
]  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", ["imdb", "reuters"])
def test_words_of_keras(name, options, words, shelf, monkeypatch):
    import keras

    module = getattr(keras.src.datasets, name)
    path = str(shelf.root / "keras" / "datasets" / f"{name}.npz")
    monkeypatch.setattr(module, "get_file", lambda **_: path)
    expected = module.load_data(**options)
    got = {"imdb": imdb, "reuters": reuters}[name].load_data(**options)
    for (x, y), (x_keras, y_keras) in zip(got, expected, strict=True):
        assert [list(map(int, row)) for row in x] == [list(map(int, row)) for row in x_keras]
        np.testing.assert_array_equal(y, y_keras)
        assert x.dtype == object and x.ndim == 1


def test_nothing_is_short_enough(words):
    with pytest.raises(ArgumentError, match=r"imdb.load_data, `maxlen`: got 1"):
        imdb.load_data(maxlen=1)


@pytest.mark.parametrize("module", [imdb, reuters])
def test_word_index(module, shelf, monkeypatch):
    path = shelve(monkeypatch, shelf, module, json.dumps({"sea": 1}).encode(), "_INDEX")
    assert module.get_word_index() == {"sea": 1}
    path.write_bytes(b"[]" * 7 + b" ")
    with pytest.raises(DatasetError, match="MD5"):
        module.get_word_index()


def test_topics():
    names = reuters.get_label_names()
    assert len(names) == 46 and names[0] == "cocoa" and names[45] == "lead"


@pytest.mark.oracle
def test_boston_housing(shelf, monkeypatch):
    import keras

    x, y = np.arange(26.0).reshape(13, 2), np.arange(13.0)
    path = shelve(monkeypatch, shelf, boston_housing, packed(x=x, y=y))
    module = keras.src.datasets.boston_housing
    monkeypatch.setattr(module, "get_file", lambda *_, **__: str(path))
    for options in ({}, {"test_split": 0.5, "seed": 3}, {"test_split": 0}):
        for got, expected in zip(
            boston_housing.load_data(**options), module.load_data(**options), strict=True
        ):
            for a, b in zip(got, expected, strict=True):
                np.testing.assert_array_equal(a, b)
    for module in (boston_housing, reuters):
        with pytest.raises(ArgumentError, match="`test_split`: got 1"):
            module.load_data(test_split=1)


def archive(members: dict[str, dict]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in members.items():
            data = pickle.dumps(content, protocol=2)
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def pictures(rows: int, start: int) -> np.ndarray:
    return (np.arange(rows * 3072) + start).astype(np.uint8).reshape(rows, 3072)


def test_cifar10(shelf, monkeypatch):
    members = {f"cifar-10-batches-py/data_batch_{i}":
               {b"data": pictures(2, i), b"labels": [i, 0]} for i in range(1, 6)}  # fmt: skip
    members["cifar-10-batches-py/test_batch"] = {b"data": pictures(1, 9), b"labels": [4]}
    path = shelve(monkeypatch, shelf, cifar10, archive(members))
    (x, y), (x_test, y_test) = cifar10.load_data()
    assert x.shape == (10, 32, 32, 3) and x_test.shape == (1, 32, 32, 3) and x.dtype == np.uint8
    assert y.ravel().tolist() == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0] and y_test.tolist() == [[4]]
    np.testing.assert_array_equal(x[2].transpose(2, 0, 1).ravel(), pictures(2, 2)[0])
    path.rename(path.with_name("cifar-10-batches-py-target_archive"))  # as Keras keeps it
    assert cifar10.load_data()[0][0].shape == x.shape


def test_cifar100(shelf, monkeypatch):
    members = {f"cifar-100-python/{part}": {b"data": pictures(2, 0), b"fine_labels": [7, 99],
               b"coarse_labels": [1, 19]} for part in ("train", "test")}  # fmt: skip
    shelve(monkeypatch, shelf, cifar100, archive(members))
    assert cifar100.load_data()[0][1].tolist() == [[7], [99]]
    assert cifar100.load_data("coarse")[1][1].tolist() == [[1], [19]]
    with pytest.raises(ArgumentError, match="`label_mode`: got 'all'"):
        cifar100.load_data("all")


def test_an_archive_without_the_pictures(shelf, monkeypatch):
    shelve(monkeypatch, shelf, cifar10, archive({"other": {}}))
    with pytest.raises(DatasetError, match="does not hold the pictures"):
        cifar10.load_data()


def test_pickles_that_ask_for_more_are_refused():
    import os

    with pytest.raises(DatasetError, match=r"asks for .*system; refused"):
        unpickled(pickle.dumps(os.system))
    with pytest.raises(DatasetError, match="damaged pickle"):
        unpickled(b"\x80\x02]")
    values = {b"a": [np.arange(3), np.float64(2), "x", b"y"]}
    assert str(unpickled(pickle.dumps(values, protocol=2))) == str(values)
