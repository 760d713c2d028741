"""A data set of two tiny files, and an environment in which nothing else can be found."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from ranvier.datasets import source as source_module
from ranvier.datasets.source import File, Source


@dataclass
class Shelf:
    """A data set with its true content and the folders of this test."""

    source: Source
    content: bytes
    root: Path

    @property
    def file(self) -> File:
        return self.source.files[0]

    @property
    def packed(self) -> bytes:
        return gzip.compress(self.content, mtime=0)

    @property
    def cache(self) -> Path:
        return self.root / "cache" / "datasets" / self.source.name

    @property
    def keras(self) -> Path:
        return self.root / "keras" / "datasets" / "tiny-keras"

    @property
    def system(self) -> Path:
        return self.root / "system" / self.source.name

    @property
    def named(self) -> Path:
        return self.root / "named folder"

    def put(self, folder: Path, content: bytes, name: str = "") -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (name or self.file.name)
        path.write_bytes(content)
        return path


def tiny_source(content: bytes, url: str = "http://127.0.0.1:9/numbers.gz") -> Source:
    packed = gzip.compress(content, mtime=0)
    return Source(
        name="tiny",
        title="Tiny",
        contents="six numbers",
        licence="none",
        homepage="",
        package="dataset-tiny",
        keras_folder="tiny-keras",
        files=(
            File(
                name="numbers.gz",
                sha256=hashlib.sha256(packed).hexdigest(),
                content_size=len(content),
                content_sha256=hashlib.sha256(content).hexdigest(),
                url=url,
            ),
        ),
    )


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf whose folders are all empty."""
    monkeypatch.setenv("RANVIER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("RANVIER_DATA", str(tmp_path / "named folder"))
    monkeypatch.setattr(source_module, "SYSTEM_FOLDER", tmp_path / "system")
    content = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6])
    return Shelf(tiny_source(content), content, tmp_path)
