"""Where a file is looked for, what is passed over, and what the last error says."""

import gzip
from pathlib import Path

import pytest

from ranvier.datasets import download
from ranvier.datasets.source import locate, read
from ranvier.graph.errors import DatasetError

from .conftest import Shelf


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No download can work; the list holds the addresses that were asked for."""
    asked: list[str] = []

    def refuse(url: str, target: Path, limit: int) -> Path:
        asked.append(url)
        raise DatasetError("no route")

    monkeypatch.setattr(download, "fetch", refuse)
    return asked


@pytest.mark.parametrize("place", ["cache", "keras", "system", "named", "named-sub"])
def test_a_file_is_found_in_every_folder(shelf: Shelf, offline: list[str], place: str) -> None:
    folder = shelf.named / "tiny" if place == "named-sub" else getattr(shelf, place)
    shelf.put(folder, shelf.packed)
    assert locate(shelf.source) == folder
    assert read(shelf.source, shelf.file).tobytes() == shelf.content
    assert not offline


def test_the_content_decides_not_the_packing(shelf: Shelf, offline: list[str]) -> None:
    shelf.put(shelf.system, gzip.compress(shelf.content, compresslevel=1, mtime=7))
    assert read(shelf.source, shelf.file).tobytes() == shelf.content


def test_what_was_unpacked_once_is_kept_and_still_checked(shelf: Shelf, offline: list[str]) -> None:
    packed = shelf.put(shelf.system, shelf.packed)
    read(shelf.source, shelf.file)
    kept = shelf.cache / "numbers"
    assert kept.read_bytes() == shelf.content
    packed.unlink()
    assert read(shelf.source, shelf.file).tobytes() == shelf.content
    kept.write_bytes(shelf.content[:-1] + b"\0")
    with pytest.raises(DatasetError, match="got SHA-256 .* unpacked, expected"):
        read(shelf.source, shelf.file)


def test_the_arrays_are_writable(shelf: Shelf, offline: list[str]) -> None:
    shelf.put(shelf.system, shelf.packed)
    for _ in range(2):
        read(shelf.source, shelf.file)[0] = 1


def test_a_cache_that_cannot_be_written_is_no_error(shelf: Shelf, offline: list[str]) -> None:
    shelf.put(shelf.system, shelf.packed)
    (shelf.root / "cache").write_text("a file where the folder should be")
    assert read(shelf.source, shelf.file).tobytes() == shelf.content


BAD = {
    "truncated": (lambda s: s.packed[:-12], "bytes unpacked, expected 18|damaged gzip data"),
    "corrupt": (lambda s: s.packed[:12] + b"\xff\xff\xff" + s.packed[15:], "damaged gzip data"),
    "page": (lambda s: b"<html>Sign in</html>", "got a page saved in its place"),
    "empty": (lambda s: b"", "got 0 bytes unpacked, expected 18"),
    "longer": (lambda s: gzip.compress(s.content + b"x"), "got more than 18 bytes unpacked"),
    "other": (lambda s: gzip.compress(s.content[::-1]), "got SHA-256 .* unpacked, expected"),
    "huge": (lambda s: b"\x1f\x8b" + bytes(100_000), "got 100002 bytes, expected 18 unpacked"),
    "bomb": (lambda s: gzip.compress(bytes(10**7)), "got more than 18 bytes unpacked"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_is_passed_over_for_a_whole_one(
    shelf: Shelf, offline: list[str], name: str
) -> None:
    make, _ = BAD[name]
    shelf.put(shelf.cache, make(shelf))
    shelf.put(shelf.system, shelf.packed)
    assert read(shelf.source, shelf.file).tobytes() == shelf.content
    assert not offline


@pytest.mark.parametrize("name", BAD)
def test_a_damaged_file_and_no_network_is_an_error_with_the_way_out(
    shelf: Shelf, offline: list[str], name: str
) -> None:
    make, words = BAD[name]
    path = shelf.put(shelf.cache, make(shelf))
    with pytest.raises(DatasetError, match=words) as caught:
        read(shelf.source, shelf.file)
    assert len(offline) == 1
    for part in (
        "Tiny, 'numbers.gz'",
        shelf.file.sha256,
        f"Passed over {path}",
        str(shelf.system),
        f"The download from {shelf.file.url} failed: no route.",
        f"Put the file into {shelf.cache}",
        "apt install dataset-tiny",
        "RANVIER_DATA",
    ):
        assert part in str(caught.value)


def test_a_damaged_cache_is_fetched_again(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put(shelf.cache, b"<html>")
    monkeypatch.setattr(
        download,
        "fetch",
        lambda url, target, limit: shelf.put(target.parent, shelf.packed, target.name),
    )
    assert read(shelf.source, shelf.file).tobytes() == shelf.content
    assert (shelf.cache / "numbers.gz").read_bytes() == shelf.packed


def test_a_bad_download_is_tried_once_more_and_not_kept(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def wrong(url: str, target: Path, limit: int) -> Path:
        asked.append(url)
        return shelf.put(target.parent, b"<html>", target.name)

    monkeypatch.setattr(download, "fetch", wrong)
    with pytest.raises(DatasetError, match="a page saved in its place"):
        read(shelf.source, shelf.file)
    assert len(asked) == 2
    assert not list(shelf.cache.iterdir())
